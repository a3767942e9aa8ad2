"""Two faces of one record: an older API as a table over what the newest declares."""
