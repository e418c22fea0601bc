"""Puts published claims to the sum: which of their figures can be true together, and what does not follow from them."""
