"""Asking for more on an open authorization: the same rules, on the additional amount."""

from cardwright.authorizations import flows, life, rules, settling, spending
from cardwright.authorizations.answers import seconds
from cardwright.authorizations.facts import facts_of
from cardwright.authorizations.model import RequestRecord, ShownAuthorization
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.authorizations.spending import Limit, Tally
from cardwright.currencies import flows as currencies
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import flows as ledger

QUERIES = load(__file__)
_TOTAL = QUERIES.value("total_of", int)


async def increment(tx: Tx, authorization_id: str, amount_minor: int) -> ShownAuthorization:
    """Decide on ``amount_minor`` more; a refusal is kept in the history and changes nothing."""
    work = await flows.opened(tx, authorization_id)
    life.check(work.now, "increment")
    one = work.now
    standing = await settling.standing_of(tx, one.card)
    card, holder = facts_of(work.before.card, standing.spend_root)
    request = AuthorizationRequest(
        card=one.card,
        amount_minor=amount_minor,
        method=one.authorization_method,
        merchant_data=one.merchant_data,
    )
    category, currency = one.merchant_data.category, one.currency
    quote = None
    if spending.needs_rate(holder.controls, currency):
        quote = await currencies.quote_at(
            tx.connection,
            tx.platform_id,
            str(holder.controls.spending_limits_currency),
            currency,
            tx.now_ms,
        )
    # It counts with its authorization, so it is compared with the intervals of that one.
    counts_ms = one.created * clock.SECOND_MS
    limits = spending.limits(
        card.controls, card.spend_root, currency, category, counts_ms
    ) + spending.limits(holder.controls, holder.id, currency, category, counts_ms, quote)
    spent = {limit.tally: await _total(tx, limit.tally) for limit in limits if limit.tally}
    # What looks at one authorization looks at the whole of it.
    met = [
        limit if limit.tally else Limit(limit.amount_minor - one.amount, None)
        for limit in (*limits, Limit(rules.AUTHORIZATION_MINOR_MAX, None))
    ]
    balance = await ledger.balance_of(tx.connection, tx.account_id, work.book, currency)
    decision = rules.decide(
        request,
        card,
        holder,
        account_enabled=standing.may_pay,
        available_minor=balance.available_minor if standing.spendable else 0,
        limits=met,
        spent=spent,
        now_ms=tx.now_ms,
    )
    merchant_minor = rules.merchant_minor(one.request_history[0], amount_minor)
    if decision.approved:
        await flows.hold(tx, work, amount_minor)
        await flows.count(tx, work, work.counted_minor + amount_minor)
        one.amount += amount_minor
        one.merchant_amount += merchant_minor
    one.request_history.append(
        RequestRecord(
            amount=amount_minor,
            approved=decision.approved,
            authorization_code=one.id[-6:] if decision.approved else None,
            created=seconds(tx.now_ms),
            currency=currency,
            merchant_amount=merchant_minor,
            merchant_currency=one.merchant_currency,
            reason=decision.reason,
            requested_at=seconds(tx.now_ms),
        )
    )
    return await flows.save(tx, work, "issuing_authorization.updated")


async def _total(tx: Tx, tally: Tally) -> int:
    total = await _TOTAL(
        tx.connection,
        account_id=tx.account_id,
        owner=tally.owner,
        kind=tally.kind,
        since=tally.since,
        currency=tally.currency,
        categories=list(tally.categories) or None,
    )
    return total or 0
