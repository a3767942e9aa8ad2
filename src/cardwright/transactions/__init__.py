"""Transactions: what was captured from a card, and refunded to it."""
