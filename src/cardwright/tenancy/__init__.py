"""Who exists, and what everybody has: the registry of accounts, platforms and their keys, settings
and clocks; the gate, the deadlines and the sealed values of each account."""
