"""What requirements depend on beside the account itself: how much it moved, and what was added."""

from typing import Literal

import msgspec

from cardwright.accounts.record.model import Account
from cardwright.accounts.requirements.catalogue import INDIVIDUAL_PATH, ROLE_PATHS

# What an added requirement holds back once it is missed.
Consequence = Literal["issuing", "payouts"]
ISSUING = "card_creator."
PAYOUTS = {
    "merchant": "merchant.stripe_balance.payouts",
    "recipient": "recipient.stripe_balance.payouts",
}


class Added(msgspec.Struct, frozen=True):
    """A requirement that the operator added to one account.

    ``path`` is that of its entry, ``person`` whose member it is. Before ``effective_ms`` it is a
    future requirement, until ``due_ms`` currently due, then it restricts.
    """

    id: str
    path: str
    person: str | None
    restricts: tuple[Consequence, ...]
    effective_ms: int
    due_ms: int
    created_ms: int

    @property
    def role_path(self) -> str | None:
        """What opens the path of a person's member: ``representative``, ``owners``."""
        head = self.path.partition(".")[0]
        return head if head in ROLE_PATHS.values() else None


def meant_for(entity_type: str | None, path: str) -> bool:
    """Whether an account of this kind can provide what is at a path: an individual has no further
    persons, and no other account an individual."""
    if path.partition(".")[0] in ROLE_PATHS.values():
        return entity_type != "individual"
    of_individual = f"{path}.".startswith(f"{INDIVIDUAL_PATH}.")
    return not of_individual or entity_type in (None, "individual")


class Closure(msgspec.Struct, frozen=True):
    """That issuing was closed for the account, and why: ``inactivity`` until cards are asked for
    again, anything else until the operator lifts it."""

    reason: str
    asked_again: bool


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to an account.

    ``volumes`` is its card spend so far, in minor units by currency; ``crossings`` when a volume
    made a set of needs due, by the name of the set; ``watches`` the volumes at which somebody
    looks again; ``bank_account`` whether there is one to pay out to; ``closure`` whether issuing
    was closed.
    """

    volumes: dict[str, int] = {}
    crossings: dict[str, int] = {}
    watches: dict[str, int] = {}
    added: tuple[Added, ...] = ()
    bank_account: bool = False
    closure: Closure | None = None


UNEVENTFUL = Circumstances()


def held_back(account: Account, asked: list[str], restricts: tuple[Consequence, ...]) -> list[str]:
    """The capability paths that consequences mean for an account that asked for some.

    Payouts can be stopped without being asked for as a capability: v1 has none of that name.
    """
    held = [path for path in asked if "issuing" in restricts and path.startswith(ISSUING)]
    if "payouts" in restricts:
        wanted = [path for path in asked if path in PAYOUTS.values()]
        applied = [PAYOUTS[name] for name in account.applied_configurations if name in PAYOUTS]
        held += wanted or applied[:1]
    return held
