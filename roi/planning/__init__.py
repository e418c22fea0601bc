"""What if: plans from the company's own month; floats, nothing here is booked. Imports no tables."""
