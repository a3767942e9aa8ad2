"""Card programs: what a platform may issue, and which connected accounts issue it.

A platform starts with one program for each region it may issue in. Attaching one to a connected
account requests the capability the program needs; cards are then issued under it.
"""
