"""Payouts: money that leaves to an account's own bank."""
