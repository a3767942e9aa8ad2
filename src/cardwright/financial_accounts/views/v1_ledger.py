"""What the ledger tells of financial accounts, as v1 shows it (source: Treasury API). Pure."""

from typing import Annotated, Any, NamedTuple

from msgspec import UNSET, UnsetType

from cardwright.financial_accounts.record import transactions as views
from cardwright.wire.faces.face import Computed, Face, Form, Member, Row
from cardwright.wire.resource import Mark, Resource, Shape

FLOW_TYPES = {
    "issuing_transaction": "received_debit",
    "treasury_credit_reversal": "credit_reversal",
    "treasury_debit_reversal": "debit_reversal",
    "adjustment": "other",
}
ENTRY_TYPES = {
    "adjustment": "other",
    "inbound_transfer_failure": "inbound_transfer_return",
    "issuing_transaction": "received_debit",
}
SECONDS = Form(show=lambda at_ms: at_ms // 1000)


class EntrySeen(NamedTuple):
    """An entry of an account of the mode."""

    entry: views.Entry
    livemode: bool


class TransactionSeen(NamedTuple):
    """A transaction of an account of the mode."""

    transaction: views.Transaction
    livemode: bool


class FlowDetails(Shape):
    """What moved the money: the one object that there is of these."""

    credit_reversal: Annotated[str | UnsetType, Mark("", expand="treasury.credit_reversal")] = UNSET
    debit_reversal: Annotated[str | UnsetType, Mark("", expand="treasury.debit_reversal")] = UNSET
    inbound_transfer: Annotated[str | UnsetType, Mark("", expand="treasury.inbound_transfer")] = (
        UNSET
    )
    issuing_authorization: Annotated[str | UnsetType, Mark("", expand="issuing.authorization")] = (
        UNSET
    )
    outbound_payment: Annotated[str | UnsetType, Mark("", expand="treasury.outbound_payment")] = (
        UNSET
    )
    outbound_transfer: Annotated[str | UnsetType, Mark("", expand="treasury.outbound_transfer")] = (
        UNSET
    )
    received_credit: Annotated[str | UnsetType, Mark("", expand="treasury.received_credit")] = UNSET
    received_debit: Annotated[str | UnsetType, Mark("", expand="treasury.received_debit")] = UNSET
    type: str


def _flow_type(one: views.Impact) -> str:
    kind, _ = views.flow_of(one)
    if kind == "issuing_transaction" and one.available > 0:
        return "received_credit"
    return FLOW_TYPES.get(kind, kind)


def _entry_type(one: views.Entry) -> str:
    if one.reason == "issuing_transaction" and one.available > 0:
        return "received_credit"
    return ENTRY_TYPES.get(one.reason, one.reason)


def _ended(one: views.Transaction, status: str) -> int | None:
    return one.changed // 1000 if one.status == status else None


# What transactions and entries have in common, before and after what is the flow's.
IMPACT: tuple[Row[Any], ...] = (
    Member("balance_impact.cash", "available"),
    Member("balance_impact.inbound_pending", "inbound_pending"),
    Member("balance_impact.outbound_pending", "outbound_pending"),
    Member("created", "created", SECONDS),
    Member("currency", "currency"),
)
FLOW: tuple[Row[Any], ...] = (
    Member("financial_account", "financial_account"),
    Member("flow", "source"),
    Computed(
        "flow_details",
        lambda _: UNSET,
        type=Annotated[
            FlowDetails | UnsetType | None,
            Mark("", expand="treasury.flow_details", named_by="flow"),
        ],
    ),
)
ENTRY: "Face[EntrySeen, TreasuryEntry]" = Face(
    views.Entry,
    Member("id", "id"),
    *IMPACT,
    Computed("effective_at", lambda seen: seen.entry.created // 1000),
    *FLOW,
    Computed("flow_type", lambda seen: _flow_type(seen.entry)),
    Computed("livemode", lambda seen: seen.livemode),
    Computed(
        "transaction",
        lambda seen: seen.entry.transaction,
        type=Annotated[str, Mark("", expand="treasury.transaction")],
    ),
    Computed("type", lambda seen: _entry_type(seen.entry)),
)


@ENTRY.shows
class TreasuryEntry(Resource, tag="treasury.transaction_entry"):
    """One movement of a transaction."""


class EntryList(Shape, tag_field="object", tag="list"):
    """The entries of a transaction."""

    data: list[TreasuryEntry]
    has_more: bool = False
    url: str


TRANSACTION: "Face[TransactionSeen, TreasuryTransaction]" = Face(
    views.Transaction,
    Member("id", "id"),
    Computed("amount", lambda seen: seen.transaction.amount),
    *IMPACT,
    Member("description", "description", Form(show=lambda text: text or "")),
    Computed(
        "entries",
        lambda _: UNSET,
        type=Annotated[
            EntryList | UnsetType, Mark("", expand="treasury.transaction.entries", named_by="id")
        ],
    ),
    *FLOW,
    Computed("flow_type", lambda seen: _flow_type(seen.transaction)),
    Computed("livemode", lambda seen: seen.livemode),
    Member("status", "status", Form(show=lambda status: "open" if status == "pending" else status)),
    Computed("status_transitions.posted_at", lambda seen: _ended(seen.transaction, "posted")),
    Computed("status_transitions.void_at", lambda seen: _ended(seen.transaction, "void")),
)


@TRANSACTION.shows
class TreasuryTransaction(Resource, tag="treasury.transaction"):
    """Everything that moved for one cause."""


def entry(one: views.Entry, *, livemode: bool) -> TreasuryEntry:
    """One movement of a transaction."""
    return ENTRY.view(one, EntrySeen(one, livemode))


def transaction(one: views.Transaction, *, livemode: bool) -> TreasuryTransaction:
    """A transaction; what it was made by and its entries are there once they are expanded."""
    return TRANSACTION.view(one, TransactionSeen(one, livemode))
