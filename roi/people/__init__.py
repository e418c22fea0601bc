"""What the same work costs with people, how many it takes, and who has left."""
