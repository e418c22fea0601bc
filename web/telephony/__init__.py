"""Telephones: the switchboard that admits calls, and the doors by which they come in."""
