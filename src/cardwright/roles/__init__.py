"""The loops: what a process does from its start to its end."""
