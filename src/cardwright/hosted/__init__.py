"""Pages that the account holder sees, and the single-use links that open them."""
