"""The four ratios, how sure they are, and what is said of the claim."""
