"""To start."""
