"""`dime bench`: callers of our own telephone a server of our own in real time, and listen for how long it is silent."""
