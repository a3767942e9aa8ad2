"""Tests that read the clock, on other days and in other places: ``python -m tests.dates``."""
