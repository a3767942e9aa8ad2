"""Rules that act on accounts when time has passed or terms were broken, and who is told."""
