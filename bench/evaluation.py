"""How long the evaluation of an account takes: pure, in this process, without a database.

``python -m bench.evaluation`` prints it alone.
"""

import sys
from timeit import repeat
from typing import Any

from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import Account, Capability
from cardwright.accounts.requirements.evaluation import evaluate
from cardwright.wire.given import Given, build
from cardwright.wire.resource import Moment

NOW_MS = 1_750_207_696_000
CREATED = Moment("2025-06-18T00:48:16.000Z")
TRANSFERS = "recipient.stripe_balance.stripe_transfers"
ROUNDS, CALLS = 500, 10
# What each call may take, in microseconds.
AIM = 200.0


def account(country: str, entity_type: str) -> Account:
    """An account with nothing but its country and kind: every need is missing."""
    tree = {"identity": {"country": country, "entity_type": entity_type}}
    given = Given(Account, tree, "v2")
    return build(Account, given, id="acct_1", created=CREATED, livemode=False)


def person(number: int, **relationship: Any) -> Person:
    """A person of whom nothing but a role is known."""
    given = Given(Person, {"relationship": relationship}, "v2")
    return build(Person, given, id=f"person_{number}", created=CREATED, livemode=False)


def microseconds(of: Account, persons: list[Person], capability: str) -> float:
    """What one evaluation takes at best: whatever else the machine does only adds to it."""
    asked = [Capability(path, True, "", [], 0) for path in (capability, TRANSFERS)]

    def once() -> None:
        evaluate(of, persons, [], asked, NOW_MS)

    return min(repeat(once, number=CALLS, repeat=ROUNDS)) / CALLS * 1e6


def measured() -> dict[str, float]:
    """Microseconds of each case: blank accounts, which have the most entries."""
    card = "card_creator.commercial.{}"
    stripe, celtic = card.format("stripe.charge_card"), card.format("celtic.spend_card")
    four = [
        person(1, representative=True),
        person(2, owner=True, percent_ownership="40"),
        person(3, director=True),
        person(4, executive=True),
    ]
    return {
        "GB individual": microseconds(account("GB", "individual"), [], stripe),
        "GB company": microseconds(account("GB", "company"), [], stripe),
        "GB company with four people": microseconds(account("GB", "company"), four, stripe),
        "US company": microseconds(account("US", "company"), [], celtic),
    }


def main() -> int:
    """Print each case; the exit code says whether all are below the aim."""
    found = measured()
    for name, took in found.items():
        sys.stdout.write(f"{name}: {took:.0f} us\n")
    return 0 if max(found.values()) < AIM else 1


if __name__ == "__main__":
    sys.exit(main())
