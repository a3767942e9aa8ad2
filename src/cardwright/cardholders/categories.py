"""Merchant categories: the slugs that controls and merchants use, with their four-digit codes."""

import csv
from functools import cache
from pathlib import Path

# Valid in spending controls, but no merchant has it.
CONTROLS_ONLY = "miscellaneous"


@cache
def codes() -> dict[str, str]:
    """Merchant category code (MCC) by slug, from ``merchant_categories.csv``."""
    with Path(__file__).with_name("merchant_categories.csv").open(newline="") as file:
        return {row["slug"]: row["mcc"] for row in csv.DictReader(file)}


CATEGORIES = frozenset(codes())
MERCHANT_CATEGORIES = CATEGORIES - {CONTROLS_ONLY}
