"""Who exists: the registry of accounts, platforms and their keys, clocks and settings."""
