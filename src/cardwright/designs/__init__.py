"""Designs of physical cards: what is printed on them, and the bundles of material they fit."""
