"""What treasury (v1) shows, found by id for expansion."""

from collections.abc import Callable
from typing import Any

from cardwright.financial_accounts.operations.v1_common import PATH
from cardwright.financial_accounts.record import transactions
from cardwright.financial_accounts.record.model import (
    FinancialAccount,
    ReceivedCredit,
    ReceivedDebit,
)
from cardwright.financial_accounts.record.movements import (
    CreditReversal,
    DebitReversal,
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
)
from cardwright.financial_accounts.views import v1_ledger, v1_render
from cardwright.financial_accounts.views.v1_ledger import (
    EntryList,
    FlowDetails,
    TreasuryTransaction,
)
from cardwright.kernel.database import Connection
from cardwright.wire import expand, pages, rows
from cardwright.wire.resource import Resource

# What moves money, by the beginning of its id. A card transaction shows as what it took or gave.
FLOWS = {
    CreditReversal.prefix: "credit_reversal",
    DebitReversal.prefix: "debit_reversal",
    "iauth_": "issuing_authorization",
    InboundTransfer.prefix: "inbound_transfer",
    OutboundPayment.prefix: "outbound_payment",
    OutboundTransfer.prefix: "outbound_transfer",
    ReceivedCredit.prefix: "received_credit",
    ReceivedDebit.prefix: "received_debit",
}
CARD_TRANSACTION = "ipi_"


def _shown(
    shape: type[Resource], shown: type[Resource], show: Callable[[Any], Resource]
) -> expand.Loader:
    """The loader of what is a view of a record."""

    async def load(connection: Connection, account_id: str, ids: list[str]) -> dict[str, Any]:
        found = await rows.batch(connection, shape, account_id, ids)
        return {one.id: show(one) for one in found.values()}

    return expand.Loader(shown, load)


async def _modes(connection: Connection, account_id: str, owned: set[str]) -> dict[str, bool]:
    """Which of the financial accounts are in the live mode."""
    found = await rows.batch(connection, FinancialAccount, account_id, sorted(owned))
    return {one.id: one.livemode for one in found.values()}


async def load_transactions(
    connection: Connection, account_id: str, ids: list[str]
) -> dict[str, Any]:
    """Transactions."""
    found = await rows.batch(connection, transactions.Transaction, account_id, ids)
    modes = await _modes(connection, account_id, {one.financial_account for one in found.values()})
    return {
        one.id: v1_ledger.transaction(one, livemode=modes[one.financial_account])
        for one in found.values()
    }


async def load_entries(connection: Connection, account_id: str, ids: list[str]) -> dict[str, Any]:
    """The entries of transactions, by the ids of these."""
    lists = {}
    for transaction_id in ids:
        page = await pages.list_page(
            connection,
            transactions.Entry,
            account_id,
            None,
            pages.PageRequest(limit=pages.LIMIT_MAX),
            fixed={"transaction": transaction_id},
        )
        modes = await _modes(connection, account_id, {one.financial_account for one in page.data})
        lists[transaction_id] = EntryList(
            data=[v1_ledger.entry(one, livemode=modes[one.financial_account]) for one in page.data],
            has_more=page.has_more,
            url=f"{PATH}/transaction_entries",
        )
    return lists


async def load_flows(connection: Connection, account_id: str, ids: list[str]) -> dict[str, Any]:
    """What moved money, by its kind; the object itself is always expanded."""
    moved_by = {flow_id: flow_id for flow_id in ids}
    of_cards = [flow_id for flow_id in ids if flow_id.startswith(CARD_TRANSACTION)]
    if of_cards:
        loader = expand.LOADERS["issuing.transaction"]
        for one in (await loader.load(connection, account_id, of_cards)).values():
            if one.treasury is not None:
                made = one.treasury.received_credit or one.treasury.received_debit
                moved_by[one.id] = made or one.id
    details = {}
    for flow_id, made in moved_by.items():
        kind = FLOWS.get(made[: made.index("_") + 1], "other")
        named = {kind: made} if kind != "other" else {}
        details[flow_id] = FlowDetails(type=kind, **named)
    return details


LOADERS = {
    "treasury.credit_reversal": _shown(
        CreditReversal, v1_render.TreasuryCreditReversal, v1_render.credit_reversal
    ),
    "treasury.debit_reversal": _shown(
        DebitReversal, v1_render.TreasuryDebitReversal, v1_render.debit_reversal
    ),
    "treasury.flow_details": expand.Loader(
        FlowDetails, load_flows, always={kind: {} for kind in FLOWS.values()}
    ),
    "treasury.inbound_transfer": _shown(
        InboundTransfer, v1_render.TreasuryInboundTransfer, v1_render.inbound
    ),
    "treasury.outbound_payment": _shown(
        OutboundPayment, v1_render.TreasuryOutboundPayment, v1_render.outbound
    ),
    "treasury.outbound_transfer": _shown(
        OutboundTransfer, v1_render.TreasuryOutboundTransfer, v1_render.outbound
    ),
    "treasury.received_credit": _shown(ReceivedCredit, v1_render.TreasuryCredit, v1_render.credit),
    "treasury.received_debit": _shown(ReceivedDebit, v1_render.TreasuryDebit, v1_render.debit),
    "treasury.transaction": expand.Loader(TreasuryTransaction, load_transactions),
    "treasury.transaction.entries": expand.Loader(EntryList, load_entries),
}
