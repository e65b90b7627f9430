"""Forms of dossiers: intake, and the acts of the desk."""
