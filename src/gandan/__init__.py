"""Gần Dân: a ward's public service centre, the people's voice, and the measure of how well they are served."""

__version__ = "0.1.0"
