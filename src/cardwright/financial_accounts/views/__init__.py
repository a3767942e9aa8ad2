"""The faces of financial accounts, and the events that show them."""
