"""Who verifies what was given, the cases that wait, and what was found out."""
