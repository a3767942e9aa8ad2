"""What operators do with the books: adjust, write off, set aside, and reconcile day by day."""
