"""Access reviews: every so often somebody looks at who holds which role, and keeps or ends each duty."""
