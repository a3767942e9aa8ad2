"""Applications for cards: complete, then verified in time or rejected.

An account applies by giving all that is asked for and accepting the terms. What could not be
verified 29 days later (an hour in the test environment) is rejected: the account is told, and the
acceptance of the terms is cleared, so that applying again takes a new one.
"""

import msgspec

from cardwright.accounts import agreements
from cardwright.accounts.record.model import AccountState
from cardwright.accounts.record.store import lock_state
from cardwright.compliance import records, rules
from cardwright.compliance.model import Record
from cardwright.kernel.database import Tx
from cardwright.notices import flows as notices
from cardwright.notices.rules import day
from cardwright.tenancy import clocks, deadlines

# The deadline at which an application is rejected, and what its rejection clears.
UNVERIFIED = "application_unverified"
CARD_TERMS = "terms_of_service.card_creator"
REASON = "The application was rejected: the identity could not be verified in time."


async def follow(tx: Tx, state: AccountState, record: Record) -> Record:
    """The record of an account that may have applied, or been verified, just now."""
    if rules.is_active(state):
        if record.application == "open":
            await deadlines.cancel(tx, kind=UNVERIFIED, subject=tx.account_id)
        return msgspec.structs.replace(
            record, application="verified", completed_ms=None, due_ms=None
        )
    complete = rules.is_complete(state)
    if complete and record.application in (None, "rejected"):
        due_ms = tx.now_ms + rules.VERIFY_MS[await clocks.live_timers(tx)]
        await deadlines.schedule(tx, kind=UNVERIFIED, subject=tx.account_id, due_ms=due_ms)
        return msgspec.structs.replace(
            record, application="open", completed_ms=tx.now_ms, due_ms=due_ms
        )
    if not complete and record.application == "open":
        return await withdrawn(tx, record)
    return record


async def withdrawn(tx: Tx, record: Record) -> Record:
    """The record of an account that does not apply any more."""
    await deadlines.cancel(tx, kind=UNVERIFIED, subject=tx.account_id)
    return msgspec.structs.replace(record, application=None, completed_ms=None, due_ms=None)


async def reject_unverified(tx: Tx, _account_id: str) -> None:
    """An application for cards whose identity was not verified is rejected: the account is told
    and has to accept the terms anew."""
    state = await lock_state(tx, closed=True)
    record = await records.record_of(tx)
    if state.account.closed or record.application != "open" or record.completed_ms is None:
        return
    applied_ms = record.completed_ms
    rejected = msgspec.structs.replace(
        record, application="rejected", completed_ms=None, due_ms=None
    )
    await records.keep(tx, record, rejected)
    await agreements.clear(tx, CARD_TERMS, REASON)
    await notices.give_notice(
        tx,
        "issuing.application_rejected_for_failure_to_verify",
        capability=rules.v1_name(state),
        details={"applied_on": day(applied_ms)},
    )
