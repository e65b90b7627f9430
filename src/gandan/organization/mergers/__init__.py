"""Mergers of communes and of units: the plan, the act, and which dossiers still have to move (see dossiers)."""
