"""Transfers from a platform to its connected accounts, and their reversals."""
