"""Arithmetic of the house: clock, indices, hashes. Pure Python: no Django, no database, no current time."""
