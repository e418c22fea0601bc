"""Finds the entry that answers a question, and says how sure it is. Imports nothing of ours."""
