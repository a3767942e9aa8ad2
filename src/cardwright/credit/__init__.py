"""Spend that a platform funds: credit policies of its connected accounts, the money that is
allotted to them ahead of time, what they owe for it, and what a platform is liable for."""
