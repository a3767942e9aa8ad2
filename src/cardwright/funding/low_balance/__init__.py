"""Alerts when an account's Issuing balance is too low for what its cards may spend."""
