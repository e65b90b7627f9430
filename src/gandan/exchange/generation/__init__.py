"""Load for tests: wards full of invented dossiers, as the acts themselves would have left them."""
