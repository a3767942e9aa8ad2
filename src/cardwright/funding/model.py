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


# Types of the public API that nothing here makes: to ask for one is no mistake, and finds none.
FOREIGN_TYPES = frozenset(
    (
        "advance advance_funding anticipation_repayment application_fee application_fee_refund "
        "charge climate_order_purchase climate_order_refund connect_collection_transfer "
        "contribution fee_credit_funding inbound_transfer inbound_transfer_reversal "
        "issuing_dispute_provisional_credit issuing_dispute_provisional_credit_reversal "
        "obligation_outbound obligation_reversal_inbound payment_failure_refund "
        "payment_network_reserve_hold payment_network_reserve_release payment_reversal "
        "payment_unreconciled payout_minimum_balance_hold payout_minimum_balance_release refund "
        "refund_failure reserve_hold reserve_release reserve_transaction reserved_funds "
        "stripe_balance_payment_debit stripe_balance_payment_debit_reversal stripe_fx_fee tax_fee "
        "tax_fund transfer_cancel transfer_failure"
    ).split()
)
TYPES = FOREIGN_TYPES | frozenset(REPORTING_CATEGORIES)


class TransactionFilters(Parameters):
    """Which balance transactions a list shows."""

    created: Timestamp | None = None
    currency: Currency | None = None
    payout: str | None = None
    source: str | None = None
    type: Annotated[str | None, Mark(choices=TYPES)] = None
