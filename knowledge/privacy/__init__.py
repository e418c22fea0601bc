"""Takes who somebody is, and what opens a door, out of words before they are kept or sent on; imports nothing."""
