"""What moved in financial accounts, as the ledger tells it: transactions and their entries are
views of its entries, adjustments those that an operator made."""

from typing import Annotated, Any, ClassVar, Literal

import msgspec

from cardwright.financial_accounts.record.model import FlowType
from cardwright.financial_accounts.record.sources import transaction_id
from cardwright.kernel.clock import rfc3339
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.wire import rows
from cardwright.wire.given import Given, merge
from cardwright.wire.resource import Mark, Metadata, Resource
from cardwright.wire.versions import Body

QUERIES = load(__file__)
Status = Literal["pending", "posted", "void"]

# What a source is, by the prefix of its id: the flow, and the category of its transaction.
FLOWS: dict[str, tuple[FlowType, str]] = {
    "credrev_": ("treasury_credit_reversal", "received_credit_reversal"),
    "debrev_": ("treasury_debit_reversal", "received_debit_reversal"),
    "iauth_": ("issuing_authorization", "issuing_authorization"),
    "ibt_": ("inbound_transfer", "inbound_transfer"),
    "ipi_": ("issuing_transaction", "issuing_transaction"),
    "obp_": ("outbound_payment", "outbound_payment"),
    "obt_": ("outbound_transfer", "outbound_transfer"),
    "rc_": ("received_credit", "received_credit"),
    "rd_": ("received_debit", "received_debit"),
}


class Impact(Resource):
    """What the ledger says of a transaction or of one of its entries; instants in milliseconds."""

    created: Annotated[int, Mark(column=True)]
    currency: Annotated[str, Mark(column=True)]
    description: Annotated[str | None, Mark(column=True)]
    financial_account: Annotated[str, Mark(column=True)]
    source: Annotated[str | None, Mark(column=True)]
    reason: Annotated[str, Mark(column=True)]
    available: Annotated[int, Mark(column=True)]
    inbound_pending: Annotated[int, Mark(column=True)]
    outbound_pending: Annotated[int, Mark(column=True)]


class Transaction(Impact, tag="v2.money_management.transaction"):
    """Everything that moved for one source; ``opened`` is what it began with."""

    prefix: ClassVar[str] = "trxn_"
    table: ClassVar[str] = "financial_account_transactions"

    changed: Annotated[int, Mark(column=True)]
    opened: Annotated[int, Mark(column=True)]
    status: Annotated[Status, Mark(column=True)]

    @property
    def amount(self) -> int:
        """What was moved, or was to be moved."""
        return self.opened if self.status == "void" else self.available + self.inbound_pending


class Entry(Impact, tag="v2.money_management.transaction_entry"):
    """One movement of a transaction."""

    prefix: ClassVar[str] = "trxne_"
    table: ClassVar[str] = "financial_account_entries"

    transaction: Annotated[str, Mark(column=True)]


class Adjustment(Resource, tag="v2.money_management.adjustment"):
    """A correction by the operator: money put in, or (amount < 0) taken out."""

    prefix: ClassVar[str] = "adj_"
    table: ClassVar[str] = "financial_account_adjustments"

    amount: Annotated[int, Mark(column=True)]
    created: Annotated[int, Mark(column=True)]
    currency: Annotated[str, Mark(column=True)]
    description: Annotated[str | None, Mark(column=True)]
    financial_account: Annotated[str, Mark(column=True)]


class Note(Resource, tag="financial_account_note"):
    """What an account writes on a transaction; it has the transaction's id."""

    table: ClassVar[str] = "financial_account_notes"

    description: Annotated[str | None, Mark("u")] = None
    metadata: Annotated[Metadata, Mark("u")] = msgspec.field(default_factory=dict)


_PUT_NOTE = QUERIES.run("put_note")


def flow_of(impact: Impact) -> tuple[FlowType, str]:
    """What caused it, and the category that v2 reports it under."""
    # What the ledger knows and the API has no name for is an adjustment.
    source = impact.source or ""
    kind, category = FLOWS.get(source[: source.find("_") + 1], ("adjustment", "adjustment"))
    if impact.reason.endswith("_return"):
        category = f"{category}_reversal"
    return kind, category


def _flow(impact: Impact) -> Body:
    kind, _ = flow_of(impact)
    source = impact.source or f"adj_{impact.id[-26:]}"
    return {"type": kind, kind: source}


def _money(amount_minor: int, currency: str) -> Body:
    return {"currency": currency, "value": amount_minor}


def _balance_impact(impact: Impact) -> Body:
    return {
        "available": _money(impact.available, impact.currency),
        "inbound_pending": _money(impact.inbound_pending, impact.currency),
        "outbound_pending": _money(impact.outbound_pending, impact.currency),
    }


def transaction_body(one: Transaction, note: Note | None, *, livemode: bool) -> Body:
    """A transaction as v2 shows it."""
    _, category = flow_of(one)
    ended = rfc3339(one.changed)
    return {
        "id": one.id,
        "object": "v2.money_management.transaction",
        "amount": _money(one.amount, one.currency),
        "balance_impact": _balance_impact(one),
        "category": category,
        "counterparty": None,
        "created": rfc3339(one.created),
        "description": (note.description if note is not None else None) or one.description,
        "financial_account": one.financial_account,
        "flow": _flow(one),
        "livemode": livemode,
        "metadata": note.metadata if note is not None else {},
        "regulatory_receipt": {"status": "not_applicable", "url": None, "url_expires_at": None},
        "status": one.status,
        "status_transitions": {
            "posted_at": ended if one.status == "posted" else None,
            "void_at": ended if one.status == "void" else None,
        },
        "treasury_transaction": one.id,
    }


def entry_body(one: Entry, *, livemode: bool) -> Body:
    """An entry as v2 shows it."""
    _, category = flow_of(one)
    return {
        "id": one.id,
        "object": "v2.money_management.transaction_entry",
        "balance_impact": _balance_impact(one),
        "created": rfc3339(one.created),
        "effective_at": rfc3339(one.created),
        "livemode": livemode,
        "transaction": one.transaction,
        "transaction_details": {
            "category": category,
            "financial_account": one.financial_account,
            "flow": _flow(one),
        },
        "treasury_transaction_entry": one.id,
    }


def adjustment_body(one: Adjustment, *, livemode: bool) -> Body:
    """An adjustment as v2 shows it."""
    return {
        "id": one.id,
        "object": "v2.money_management.adjustment",
        "adjusted_flow": None,
        "amount": _money(one.amount, one.currency),
        "created": rfc3339(one.created),
        "description": one.description,
        "financial_account": one.financial_account,
        "livemode": livemode,
        "receipt_url": None,
    }


async def notes_of(connection: Connection, account_id: str, ids: list[str]) -> dict[str, Note]:
    """What is written on transactions, by their ids."""
    return await rows.batch(connection, Note, account_id, ids)


async def find(tx: Tx, one_id: str) -> Transaction:
    """A transaction of the acting account."""
    return await rows.get(tx, Transaction, one_id)


async def write_note(tx: Tx, one_id: str, given: Given[Any]) -> tuple[Transaction, Note]:
    """A transaction with its description or metadata changed."""
    one = await find(tx, one_id)
    before = (await notes_of(tx.connection, tx.account_id, [one_id])).get(one_id, Note(id=one_id))
    after = merge(before, given)
    if after != before:
        _, body = rows.encode(after)
        await _PUT_NOTE(tx.connection, account_id=tx.account_id, id=one_id, body=body)
        tx.emit("v2.money_management.transaction.updated", {"id": transaction_id(one_id)})
    return one, after
