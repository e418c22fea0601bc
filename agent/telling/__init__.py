"""What an entry says to this customer now, for the eye or the ear."""
