"""Tests of tokens in digital wallets."""
