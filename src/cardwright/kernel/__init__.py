"""What every other part stands on; it imports nothing of ours, and of tables it has those of the
installation alone."""
