"""Bank statements: what arrived at and left the bank, matched with what it was for."""
