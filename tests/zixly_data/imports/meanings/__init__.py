"""What the rows of a file mean."""
