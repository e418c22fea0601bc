"""Which price was in force."""
