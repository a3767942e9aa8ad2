"""What v1 calls the capabilities of the record, and how far they are."""

from collections.abc import Iterable

from cardwright.accounts.record.capabilities import (
    CARD_ISSUING_ELSEWHERE,
    card_issuing_path,
    known,
)
from cardwright.accounts.record.model import Capability

STATUSES = {
    "active": "active",
    "pending": "pending",
    "rejected": "inactive",
    "restricted": "inactive",
    "unsupported": "inactive",
}
# A capability that stands for several is as far as the best of them.
_FURTHEST = ("active", "pending", "inactive")

# A capability of v1 and the paths of the record it stands for, the first of which a request asks
# for; the one of card_issuing depends on who sponsors cards in the account's country.
TREASURY_PATHS = (
    "money_manager.business_storage.inbound.usd",
    "money_manager.business_storage.outbound.usd",
    "money_manager.received_credits.bank_accounts",
    "money_manager.received_debits.bank_accounts",
)
CAPABILITY_PATHS: dict[str, tuple[str, ...]] = {
    "transfers": ("recipient.stripe_balance.stripe_transfers",),
    "card_payments": ("merchant.card_payments",),
    "treasury": TREASURY_PATHS,
}
CARD_ISSUING_CHARGE_CARD_US = "card_creator.commercial.celtic.charge_card"
CARD_ISSUING_PREFIX = "card_creator.commercial."

# Payments of the record that v1 has another name for.
MERCHANT_NAMES = {"ach_debit_payments": "us_bank_account_ach_payments"}


def v1_names(path: str) -> list[str]:
    """The v1 capabilities that a capability of the record belongs to."""
    names = [name for name, stands_for in CAPABILITY_PATHS.items() if path in stands_for]
    configuration, _, name = path.partition(".")
    if path.startswith(CARD_ISSUING_PREFIX):
        names.append("card_issuing")
        if path.endswith(".charge_card"):
            names.append("card_issuing_charge_card")
    elif configuration == "card_creator":
        names.append(_consumer_name(name))
    elif configuration == "merchant" and "." not in name and not names:
        names.append(MERCHANT_NAMES.get(name, name))
    return names


def _consumer_name(name: str) -> str:
    """``consumer.celtic.revolving_credit_card`` as v1 calls it, the bank last."""
    kind, bank, product = name.split(".")
    return f"card_issuing_{kind}_{product}_{bank}"


def _by_name() -> dict[str, tuple[str, ...]]:
    """The paths that a v1 capability stands for; those of cards depend on the country."""
    found = {"card_issuing": (), "card_issuing_charge_card": (), **CAPABILITY_PATHS}
    for path in known():
        if path.partition(".")[0] in ("merchant", "card_creator"):
            for name in v1_names(path):
                found.setdefault(name, (path,))
    return dict(sorted(found.items()))


PATHS_BY_NAME = _by_name()
# The capabilities that a v1 request may name; others are shown when the record has them.
V1_CAPABILITIES = tuple(PATHS_BY_NAME)


def requested_paths(name: str, country: str | None) -> tuple[str, ...]:
    """The paths that a request of a v1 capability asks for."""
    if name == "card_issuing":
        return (card_issuing_path(country),)
    if name == "card_issuing_charge_card":
        american = country in (None, "US")
        return (CARD_ISSUING_CHARGE_CARD_US if american else CARD_ISSUING_ELSEWHERE,)
    return PATHS_BY_NAME[name]


def grouped(capabilities: dict[str, Capability]) -> dict[str, list[Capability]]:
    """The requested capabilities by their v1 names, sorted by name."""
    groups: dict[str, list[Capability]] = {}
    for path, capability in capabilities.items():
        if capability.requested:
            for name in v1_names(path):
                groups.setdefault(name, []).append(capability)
    return dict(sorted(groups.items()))


def status(capabilities: Iterable[Capability]) -> str:
    """The v1 status of capabilities that v1 has one name for."""
    found = {STATUSES[capability.status] for capability in capabilities}
    return next(name for name in _FURTHEST if name in found)
