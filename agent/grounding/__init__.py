"""What may leave: a clause is released when the passages carry its claims."""
