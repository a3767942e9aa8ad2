"""Tokens: what digital wallets hold in the place of card numbers."""
