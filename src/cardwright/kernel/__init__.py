"""What every other part stands on; it imports nothing of ours."""
