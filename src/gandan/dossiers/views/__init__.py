"""Pages of dossiers for staff: intake, the dossier itself, its acts, its papers."""
