"""Authorizations as JSON in the words of a version, for doors that show the object."""

from functools import lru_cache

import msgspec

from cardwright.authorizations.decision.facts import Pair
from cardwright.authorizations.model import Authorization, ShownAuthorization, StableAuthorization
from cardwright.ledger.model import BalanceTransaction
from cardwright.wire.render import needs_reshaping, render, reshaper
from cardwright.wire.versions import LATEST, Version

# What an answer is made of, besides the card.
PLAIN_SHAPES = (StableAuthorization, BalanceTransaction)
_STABLE = StableAuthorization.__struct_fields__


class Made(msgspec.Struct, frozen=True):
    """A new authorization with what its object shows whole: the card and the holds."""

    authorization: Authorization
    known: Pair
    holds: list[BalanceTransaction]

    def in_version(self, version: Version) -> bytes:
        """As JSON."""
        parts = {"card": _card(self.known, version), "balance_transactions": self.holds}
        if _differs(version.date, version.preview):
            body = render(self.authorization, version)
            parts["balance_transactions"] = [render(hold, version) for hold in self.holds]
            return msgspec.json.encode(body | parts)
        if version.preview:
            return msgspec.json.encode(msgspec.structs.replace(self.authorization, **parts))
        stable = {name: getattr(self.authorization, name) for name in _STABLE}
        return msgspec.json.encode(StableAuthorization(**stable | parts))


class Snapshot(msgspec.Struct, frozen=True):
    """The object of an event, in the newest words."""

    body: bytes

    def in_version(self, version: Version) -> bytes:
        """As JSON."""
        if not needs_reshaping(ShownAuthorization, version):
            return self.body
        return msgspec.json.encode(
            reshaper(ShownAuthorization, version)(msgspec.json.decode(self.body))
        )


class StoredAnswer(msgspec.Struct, frozen=True):
    """What was stored under a key, in the version of the request that it answered."""

    body: bytes

    def in_version(self, _version: Version) -> bytes:
        """As it was stored."""
        return self.body


# What there is to show of a decision.
Shown = Made | ShownAuthorization | Snapshot | StoredAnswer


def in_version(shown: Shown, version: Version) -> bytes | ShownAuthorization:
    """What an operation returns: JSON in the version's words, or the object itself."""
    return shown if isinstance(shown, ShownAuthorization) else shown.in_version(version)


def encoded(shown: ShownAuthorization, version: Version) -> bytes:
    """As JSON in the version's words, to be kept under a key."""
    return msgspec.json.encode(render(shown, version))


def newest(made: Made) -> bytes:
    """A new authorization as events show it."""
    return made.in_version(LATEST)


def _card(known: Pair, version: Version) -> msgspec.Raw:
    """The card as JSON, made once a version."""
    key = (version.date, version.preview)
    found = known.shown.get(key)
    if found is None:
        found = known.shown[key] = msgspec.Raw(msgspec.json.encode(render(known.issued, version)))
    return found


@lru_cache(maxsize=256)
def _differs(date: str, preview: bool) -> bool:
    """Whether the version shows anything but the card otherwise than it is kept."""
    version = Version("", date, preview)
    return any(needs_reshaping(shape, version) for shape in PLAIN_SHAPES)
