"""Asking the platform in real time: the question, its answer, and what overtakes it."""
