"""What happens to credit policies: given, changed, shown; and which cards spend on them."""

from collections.abc import Sequence

import msgspec

from cardwright.credit import allotment, refusals, rules
from cardwright.credit.model import CreditBalance, CreditPolicy
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.ledger import flows as ledger
from cardwright.ledger.chart import Book
from cardwright.notices import flows as notices
from cardwright.programs.model import Program
from cardwright.programs.offerings import CREDIT_OFFERINGS
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)
# What v1 calls the capability of cards on credit.
CAPABILITY = "card_issuing_charge_card"
_SPENDS_ON_CREDIT = QUERIES.value("spends_on_credit", bool)


async def create_policy(tx: Tx, given: Given[CreditPolicy]) -> CreditPolicy:
    """Give the acting account credit; an active policy is allotted at once, as far as the
    platform's Issuing balance goes."""
    if tx.account_id == tx.platform_id:
        fail(refusals.CREDIT_ON_PLATFORM)
    policy = build(
        CreditPolicy,
        given,
        id=ids.new_id(CreditPolicy.prefix),
        created=Timestamp(tx.now),
        livemode=tx.livemode,
    )
    rules.check_currency(policy.credit_limit_currency)
    await allotment.lock(tx)
    known = await allotment.find_terms(tx, policy.credit_limit_currency)
    if known is not None:
        fail(
            refusals.CREDIT_POLICY_EXISTS,
            param="credit_limit_currency",
            currency=policy.credit_limit_currency,
            policy=known.id,
        )
    await _check_programs(tx, policy.programs)
    await rows.insert(tx, policy)
    await allotment.allot(tx, tx.account_id, policy.credit_limit_currency)
    [shown] = await with_balances(tx, [policy])
    tx.emit("issuing_credit_policy.created", shown)
    return shown


async def update_policy(tx: Tx, policy_id: str, given: Given[CreditPolicy]) -> CreditPolicy:
    """Change a policy. A lower limit, and the end of it, take back what is not spent or held; what
    is owed stays owed. The account is given notice of both."""
    await allotment.lock(tx)
    before = await rows.lock(tx, CreditPolicy, policy_id)
    [shown_before] = await with_balances(tx, [before])
    after = merge(before, given)
    if after == before:
        return shown_before
    await _check_programs(tx, after.programs)
    await rows.save(tx, after)
    await allotment.allot(tx, tx.account_id, after.credit_limit_currency)
    [shown] = await with_balances(tx, [after])
    tx.emit("issuing_credit_policy.updated", shown, previous=changed(shown_before, shown))
    reason = rules.notice_of(before, after)
    if reason is not None:
        await notices.give_notice(tx, reason, capability=CAPABILITY)
    return shown


async def with_balances(tx: Tx, policies: Sequence[CreditPolicy]) -> list[CreditPolicy]:
    """The policies with what there is and what is owed on each now."""
    shown = []
    for policy in policies:
        currency = policy.credit_limit_currency
        credit = await ledger.balance_of(tx.connection, tx.account_id, "credit", currency)
        owed = await ledger.balance_of(tx.connection, tx.account_id, "owed", currency)
        balance = CreditBalance(
            available=credit.available_minor, held=credit.held_minor, owed=owed.available_minor
        )
        shown.append(msgspec.structs.replace(policy, balance=balance))
    return shown


async def book_of(tx: Tx, financial_account: str | None, program: str, currency: str) -> Book:
    """The book that a card of the acting account spends: its financial account, the platform's
    credit, or the Issuing balance. (A decision finds the same in its one query.)"""
    if financial_account is not None:
        return financial_account
    on_credit = await _SPENDS_ON_CREDIT(
        tx.connection,
        account_id=tx.account_id,
        currency=currency,
        program=program,
        offerings=list(CREDIT_OFFERINGS),
    )
    return "credit" if on_credit else "issuing"


async def _check_programs(tx: Tx, programs: list[str]) -> None:
    known = await rows.batch(tx.connection, Program, tx.account_id, programs)
    unknown = sorted(set(programs) - set(known))
    if unknown:
        rows.missing(Program, unknown[0], "programs")
