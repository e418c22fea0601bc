"""What Dime does for a customer: tools, the forms and the confirmation before them, and the audit after."""
