"""Test helpers: what a card network would do, done by a call in test mode."""
