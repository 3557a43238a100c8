"""What becomes of a batch between its plan and its tables, as files in staging."""
