"""What `./gandan demo` shows: invented people, and months of dossiers done through the real acts."""
