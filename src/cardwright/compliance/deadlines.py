"""The deadlines of compliance, and what it does when an account has changed."""

from cardwright.accounts.record.model import AccountEvaluated
from cardwright.compliance import applications, closures, inactivity, records, rules, watch
from cardwright.kernel.database import Tx
from cardwright.tenancy.deadlines import Handler


async def account_changed(tx: Tx, evaluated: AccountEvaluated) -> None:
    """Follow an account on its way to cards and with them."""
    state = evaluated.state
    if not rules.issuing_of(state) or state.account.platform_id is None:
        return
    before = await records.record_of(tx)
    after = await applications.follow(tx, state, before)
    after = await inactivity.follow(tx, state, after)
    await records.keep(tx, before, after)
    if after.active_since_ms is not None and before.active_since_ms is None:
        await closures.lift_answered(tx)
        await watch.wait_for_spend(tx)


HANDLERS: dict[str, Handler] = {
    applications.UNVERIFIED: applications.reject_unverified,
    inactivity.IDLE: inactivity.look,
    watch.SPENT: watch.look,
}
