"""What becomes of a hold before it is captured: given up by the merchant, left until it expires, or
corrected once the amount is known that was only estimated."""

from cardwright.authorizations import flows, lifetime, refusals
from cardwright.authorizations.decision import rules
from cardwright.authorizations.model import Fleet, Fuel, ShownAuthorization
from cardwright.authorizations.real_time import answering, overtaking
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail


async def reverse(tx: Tx, authorization_id: str, amount_minor: int | None) -> ShownAuthorization:
    """Give back part or (None) the rest of what is held; a full reversal ends it. A request that
    the platform has not answered yet is over with its reversal."""
    work = await overtaking.opened(tx, authorization_id)
    asked = work.now.pending_request
    if asked is not None and amount_minor in (None, asked.amount):
        answered = await answering.answer(tx, authorization_id, overtaking.OVERTAKEN)
        return answered.authorization
    lifetime.check(work.now, "reverse")
    amount = work.held_minor if amount_minor is None else amount_minor
    if amount > work.held_minor:
        fail(refusals.REVERSE_AMOUNT_TOO_LARGE, param="reverse_amount", held=work.held_minor)
    await flows.release(tx, work, amount)
    await flows.count(tx, work, max(0, work.counted_minor - amount))
    work.now.amount = max(0, work.now.amount - amount)
    work.now.merchant_amount = rules.merchant_minor(work.now.request_history[0], work.now.amount)
    lifetime.end_if_empty(work.now, work.held_minor)
    return await flows.save(tx, work, "issuing_authorization.updated")


async def expire(tx: Tx, authorization_id: str) -> ShownAuthorization:
    """Give back what is held, because nobody captured it in time. The amount stays: what comes
    late is captured all the same."""
    work = await overtaking.opened(tx, authorization_id)
    lifetime.check(work.now, "expire")
    held = work.held_minor
    await flows.release(tx, work, held)
    await flows.count(tx, work, max(0, work.counted_minor - held))
    lifetime.become(work.now, "expired")
    return await flows.save(tx, work, "issuing_authorization.updated")


async def finalize(
    tx: Tx,
    authorization_id: str,
    amount_minor: int,
    *,
    fleet: Fleet | None = None,
    fuel: Fuel | None = None,
) -> ShownAuthorization:
    """Hold ``amount_minor``, less what was captured already, in place of what was estimated. The
    fuel is in the tank: neither controls nor funds can refuse what is more."""
    work = await overtaking.opened(tx, authorization_id)
    lifetime.check(work.now, "finalize")
    one = work.now
    captured = max(0, work.counted_minor - work.held_minor)
    difference = max(0, amount_minor - captured) - work.held_minor
    if difference > 0:
        await flows.hold(tx, work, difference, forced=True)
    else:
        await flows.release(tx, work, -difference)
    await flows.count(tx, work, max(0, work.counted_minor + difference))
    one.amount = amount_minor
    one.merchant_amount = rules.merchant_minor(one.request_history[0], amount_minor)
    one.fleet, one.fuel = fleet or one.fleet, fuel or one.fuel
    lifetime.end_if_empty(one, work.held_minor)
    return await flows.save(tx, work, "issuing_authorization.updated")
