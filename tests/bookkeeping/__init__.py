"""What operators do with the books."""
