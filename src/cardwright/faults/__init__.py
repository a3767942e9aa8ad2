"""Faults: what goes wrong on purpose in the test environment, switched on by a call."""
