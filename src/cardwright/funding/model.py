"""What an account has, said once (source: Balance and Balance Transactions APIs)."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from cardwright.ledger.chart import REPORTING_CATEGORIES
from cardwright.wire.resource import Currency, Mark, Parameters, Shape, Timestamp


class SourceTypes(Shape):
    """Where the money of an amount came from."""

    card: int = 0


class Amount(Shape):
    """An amount in minor units of its currency."""

    amount: int
    currency: Currency
    source_types: SourceTypes | UnsetType = UNSET


class NetAvailable(Shape):
    """What a bank account could be paid at once."""

    amount: int
    destination: str
    source_types: SourceTypes


class InstantAmount(Shape):
    """What could be paid out at once in a currency."""

    amount: int
    currency: Currency
    net_available: list[NetAvailable] | UnsetType = UNSET
    source_types: SourceTypes


class IssuingBalance(Shape):
    """What cards can spend; holds are already taken off."""

    available: list[Amount]


class PrefundingBalance(Shape):
    """What is set aside for refunds and disputes."""

    available: list[Amount]
    pending: list[Amount]


class Balance(Shape, tag_field="object", tag="balance"):
    """What an account has, by bucket and currency."""

    available: list[Amount]
    connect_reserved: list[Amount] | UnsetType = UNSET
    instant_available: list[InstantAmount]
    issuing: IssuingBalance
    livemode: bool
    pending: list[Amount]
    refund_and_dispute_prefunding: PrefundingBalance


class TransactionFilters(Parameters):
    """Which balance transactions a list shows."""

    created: Timestamp | None = None
    currency: Currency | None = None
    payout: str | None = None
    source: str | None = None
    type: Annotated[str | None, Mark(choices=frozenset(REPORTING_CATEGORIES))] = None
