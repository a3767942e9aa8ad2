"""Deciding whether a card may pay: facts, rules, limits, and why. Pure but for its loading."""
