"""Funding instructions: where an account sends money for its cards."""
