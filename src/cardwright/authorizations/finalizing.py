"""The amount that a merchant had only estimated, once it is known."""

from cardwright.authorizations import flows, lifetime
from cardwright.authorizations.decision import rules
from cardwright.authorizations.model import Fleet, Fuel, ShownAuthorization
from cardwright.authorizations.real_time import overtaking
from cardwright.kernel.database import Tx


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
