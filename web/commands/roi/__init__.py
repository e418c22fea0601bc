"""dime roi: the report, what it rests on, and what can be planned with it."""
