"""Which of the cards that share a number is meant: pure.

A card that replaces a damaged or expired one has its number, and until it is activated both may
be in use. What is presented with the number tells them apart.
"""

from collections.abc import Sequence

import msgspec

from cardwright.cards.model import Card


class Presented(msgspec.Struct, frozen=True, kw_only=True):
    """What came with a number, as far as it did: the expiry as (month, year), the sequence number
    of the card, the code on its back."""

    expiry: tuple[int, int] | None = None
    sequence: int | None = None
    cvc: str | None = None


class Candidate(msgspec.Struct, frozen=True):
    """A card that has the number: which one it is of those that had it (0 is the first), and the
    code on its back."""

    card: Card
    sequence: int
    cvc: str

    @property
    def expiry(self) -> tuple[int, int]:
        """Month and year."""
        return self.card.exp_month, self.card.exp_year


def choose(candidates: Sequence[Candidate], presented: Presented) -> Candidate:
    """The card that is meant, of those with the number, the oldest first.

    The expiry decides, else the sequence number, else the code; what fits no card decides nothing
    and is left to whoever checks it. Of several cards it is the newest active one, else the
    original.
    """
    assert candidates, "a number belongs to some card"
    left = list(candidates)
    for name in ("expiry", "sequence", "cvc"):
        wanted = getattr(presented, name)
        left = [one for one in left if getattr(one, name) == wanted] or left
    active = [one for one in left if one.card.status == "active"]
    return active[-1] if active else left[0]
