"""Conflicts of interest of officers: what they declare, what is reported, what the head decides."""
