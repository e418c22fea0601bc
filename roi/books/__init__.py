"""What was spent: lines that are never changed, chained, spread over their days, and summed."""
