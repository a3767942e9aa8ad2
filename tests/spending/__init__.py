"""Spending limits and their totals, against somebody who counts again."""
