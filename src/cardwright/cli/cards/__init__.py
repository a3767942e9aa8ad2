"""Cards and payments."""
