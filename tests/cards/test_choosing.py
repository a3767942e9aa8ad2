"""Which card of a number is meant, as a table."""

from typing import Any

import pytest

from cardwright.cards.choosing import Candidate, Presented, choose
from tests.cards.test_rules import card

# The original, and the card that replaced it, by status.
BOTH_LIVE = ("active", "active")
FIRST, SECOND = "ic_1", "ic_2"


def candidates(*statuses: str, same_month: bool = False) -> list[Candidate]:
    return [
        Candidate(
            card(id=f"ic_{at + 1}", status=status, exp_month=5 if same_month else 5 + at),
            at,
            f"10{at}",
        )
        for at, status in enumerate(statuses)
    ]


@pytest.mark.parametrize(
    ("statuses", "presented", "meant"),
    [
        # The expiry decides, whatever else is presented.
        (BOTH_LIVE, {"expiry": (5, 2026)}, FIRST),
        (BOTH_LIVE, {"expiry": (6, 2026)}, SECOND),
        (BOTH_LIVE, {"expiry": (5, 2026), "sequence": 1, "cvc": "101"}, FIRST),
        (("canceled", "active"), {"expiry": (5, 2026)}, FIRST),
        # An expiry of no card decides nothing.
        (BOTH_LIVE, {"expiry": (1, 2030)}, SECOND),
        (BOTH_LIVE, {"expiry": (1, 2030), "sequence": 0}, FIRST),
        # Without it the sequence number, then the code.
        (BOTH_LIVE, {"sequence": 0}, FIRST),
        (BOTH_LIVE, {"sequence": 1}, SECOND),
        (BOTH_LIVE, {"sequence": 7, "cvc": "100"}, FIRST),
        (BOTH_LIVE, {"cvc": "100"}, FIRST),
        (BOTH_LIVE, {"cvc": "101"}, SECOND),
        (BOTH_LIVE, {"cvc": "999"}, SECOND),
        # Nothing presented: the newest active card, else the original.
        (BOTH_LIVE, {}, SECOND),
        (("active", "inactive"), {}, FIRST),
        (("canceled", "active"), {}, SECOND),
        (("canceled", "canceled"), {}, FIRST),
        (("inactive", "inactive"), {}, FIRST),
        (("active",), {"expiry": (1, 2030), "sequence": 3, "cvc": "999"}, FIRST),
    ],
)
def test_choosing(statuses: tuple[str, ...], presented: dict[str, Any], meant: str) -> None:
    assert choose(candidates(*statuses), Presented(**presented)).card.id == meant


def test_cards_of_one_month_are_told_apart_by_what_is_left() -> None:
    both = candidates(*BOTH_LIVE, same_month=True)
    assert choose(both, Presented(expiry=(5, 2026), cvc="100")).card.id == FIRST
    assert choose(both, Presented(expiry=(5, 2026), sequence=0)).card.id == FIRST
    assert choose(both, Presented(expiry=(5, 2026))).card.id == SECOND


def test_a_number_belongs_to_some_card() -> None:
    with pytest.raises(AssertionError):
        choose([], Presented())
