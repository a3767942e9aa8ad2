"""Accounts and cardholders."""
