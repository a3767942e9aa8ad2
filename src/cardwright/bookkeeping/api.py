"""``/_cardwright/accounts/:account/...``: an operator's hand in the books of an account.

The public API has nothing of this, so the paths stand outside of it; form, answers and errors are
those of v1. They are for the platform's own key, about itself or one of its accounts.
"""

from datetime import date
from typing import Any

from cardwright.accounts.record.acting import named_account
from cardwright.bookkeeping import flows, reconciliation
from cardwright.bookkeeping.model import (
    Adjustment,
    GivingBack,
    NewAdjustment,
    NewPendingTransfer,
    NewWriteOff,
    ReconciliationOf,
    Taking,
)
from cardwright.bookkeeping.reconciliation import Reconciliation
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.ledger.pending import PendingTransfer
from cardwright.wire import pages, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation
from cardwright.wire.versions import Body

ACCOUNT = "/_cardwright/accounts/{account}"
ADJUSTMENTS = f"{ACCOUNT}/adjustments"
WRITE_OFFS = f"{ACCOUNT}/write_offs"
PENDING = f"{ACCOUNT}/pending_transfers"


async def adjust(tx: Tx, call: Call[NewAdjustment]) -> Adjustment:
    """Adjust a balance by hand."""
    wanted = call.given.value()
    account = await named_account(tx, call.path["account"], closed=True)
    return await flows.adjust(account, wanted, requested_by=call.request_id)


async def list_adjustments(tx: Tx, call: Call[Adjustment]) -> pages.Page[Adjustment]:
    """List adjustments, newest first."""
    account = await named_account(tx, call.path["account"], closed=True)
    return await pages.list_page(
        tx.connection, Adjustment, account.account_id, call.given, call.page
    )


async def write_off(tx: Tx, call: Call[NewWriteOff]) -> Adjustment:
    """Write off what a balance lacks."""
    wanted = call.given.value()
    account = await named_account(tx, call.path["account"], closed=True)
    return await flows.write_off(account, wanted, requested_by=call.request_id)


async def set_aside(tx: Tx, call: Call[NewPendingTransfer]) -> PendingTransfer:
    """Set money aside."""
    return await flows.set_aside(await named_account(tx, call.path["account"]), call.given.value())


async def list_pending(tx: Tx, call: Call[PendingTransfer]) -> pages.Page[PendingTransfer]:
    """List pending transfers, newest first."""
    account = await named_account(tx, call.path["account"])
    return await pages.list_page(
        tx.connection, PendingTransfer, account.account_id, call.given, call.page
    )


async def retrieve_pending(tx: Tx, call: Call[Any]) -> PendingTransfer:
    """Retrieve a pending transfer."""
    return await rows.get(
        await named_account(tx, call.path["account"]), PendingTransfer, call.path["id"]
    )


async def capture(tx: Tx, call: Call[Taking]) -> PendingTransfer:
    """Take part or all of what is set aside."""
    taking = call.given.value()
    return await flows.take(
        await named_account(tx, call.path["account"]),
        call.path["id"],
        taking.amount,
        final=taking.final,
        forced=taking.force,
    )


async def release(tx: Tx, call: Call[GivingBack]) -> PendingTransfer:
    """Give back part or the rest of what is set aside."""
    account = await named_account(tx, call.path["account"])
    return await flows.give_back(account, call.path["id"], call.given.value().amount)


async def reconcile(tx: Tx, call: Call[ReconciliationOf]) -> Reconciliation | Body:
    """Reconcile a day."""
    wanted = call.given.value()
    try:
        day = date.fromisoformat(wanted.date)
    except ValueError:
        fail(wire_refusals.PARAMETER_PATTERN, param="date", value=wanted.date)
    report = await reconciliation.reconcile(tx.connection, tx.account_id, day, livemode=tx.livemode)
    if wanted.format == "json":
        return report
    return {
        "object": "reconciliation_content",
        "content": reconciliation.as_csv(report),
        "date": report.date,
        "differences": report.differences,
        "livemode": tx.livemode,
    }


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


OPERATIONS = (
    _operation(
        "GET",
        "/_cardwright/reconciliation",
        reconcile,
        takes=ReconciliationOf,
        returns=Reconciliation,
    ),
    _operation("POST", ADJUSTMENTS, adjust, takes=NewAdjustment, returns=Adjustment),
    _operation(
        "GET",
        ADJUSTMENTS,
        list_adjustments,
        takes=Adjustment,
        letter="l",
        returns=Adjustment,
        is_list=True,
    ),
    _operation("POST", WRITE_OFFS, write_off, takes=NewWriteOff, returns=Adjustment),
    _operation("POST", PENDING, set_aside, takes=NewPendingTransfer, returns=PendingTransfer),
    _operation(
        "GET",
        PENDING,
        list_pending,
        takes=PendingTransfer,
        letter="l",
        returns=PendingTransfer,
        is_list=True,
    ),
    _operation("GET", f"{PENDING}/{{id}}", retrieve_pending, returns=PendingTransfer),
    _operation("POST", f"{PENDING}/{{id}}/capture", capture, takes=Taking, returns=PendingTransfer),
    _operation(
        "POST", f"{PENDING}/{{id}}/release", release, takes=GivingBack, returns=PendingTransfer
    ),
)
