"""Pages for those who administer a ward or a province, and for those who watch over it; the acts are in their own rooms."""
