"""Tests of the card bureau."""
