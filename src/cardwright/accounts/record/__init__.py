"""The account as it is stored: its shapes, its values and their rules, and its storage."""
