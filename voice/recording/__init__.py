"""Keeps a call's sound, both sides, where that is wanted and the caller agrees."""
