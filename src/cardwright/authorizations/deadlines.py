"""The deadlines of authorizations: holds that expire, and questions nobody answered."""

from cardwright.authorizations import challenges, flows, fraud, holds
from cardwright.authorizations.lane import payment_counts
from cardwright.authorizations.lane.answers import ANSWER, BUCKET_MS, EXPIRY
from cardwright.authorizations.lifetime import hold_days
from cardwright.authorizations.model import Authorization
from cardwright.authorizations.real_time import answering
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.tenancy import deadlines
from cardwright.wire import rows

# How many holds one deadline ends at once; the rest follow in the next transaction.
AT_ONCE = 50


async def expire_holds(tx: Tx, subject: str) -> None:
    """End the holds of one hour that are due, and move the deadline on to the next of them."""
    days, hour = map(int, subject.split(":"))
    life_seconds = days * clock.DAY_MS // clock.SECOND_MS
    start = hour * BUCKET_MS // clock.SECOND_MS
    open_ids = await flows.open_holds(tx, start, start + BUCKET_MS // clock.SECOND_MS)
    found = await rows.batch(tx.connection, Authorization, tx.account_id, open_ids)
    mine = [
        one for id_ in open_ids if hold_days((one := found[id_]).merchant_data.category) == days
    ]
    due = [one for one in mine if one.approved and one.created + life_seconds <= tx.now]
    for one in due[:AT_ONCE]:
        await holds.expire(tx, one.id)
    left = due[AT_ONCE:] or [one for one in mine if one.created + life_seconds > tx.now]
    if left:
        due_ms = (left[0].created + life_seconds) * clock.SECOND_MS
        await deadlines.schedule(tx, kind=EXPIRY, subject=subject, due_ms=max(due_ms, tx.now_ms))


async def time_out(tx: Tx, authorization_id: str) -> None:
    """Close a question whose answer was lost with the process that asked it."""
    await answering.answer(
        tx, authorization_id, answering.Verdict(source="deadline", verdict="timeout")
    )


HANDLERS: dict[str, deadlines.Handler] = {
    EXPIRY: expire_holds,
    ANSWER: time_out,
    **payment_counts.HANDLERS,
    fraud.EXPIRY: challenges.expire,
}
