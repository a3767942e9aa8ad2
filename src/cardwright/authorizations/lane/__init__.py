"""The lanes: decisions made durable in batches."""
