"""What only v1 does with financial accounts: features, restrictions, and sending money back.

A treasury account is a financial account of v2 with a face of its own. It goes by its features
where other accounts go by the capabilities of their owner.
"""

from typing import Any, NamedTuple, TypeVar

import msgspec

from cardwright.financial_accounts import flows, refusals
from cardwright.financial_accounts.flows import now, schedule_step, status_of
from cardwright.financial_accounts.record import money, rules
from cardwright.financial_accounts.record.features import check_active
from cardwright.financial_accounts.record.model import (
    FinancialAccount,
    FinancialAddress,
    ReceivedCredit,
    ReceivedDebit,
    Restrictions,
    TreasuryFace,
)
from cardwright.financial_accounts.record.movements import CreditReversal, DebitReversal
from cardwright.financial_accounts.record.reversals import check_reversible
from cardwright.financial_accounts.views import announce
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import gates, registry
from cardwright.wire import rows
from cardwright.wire.faces.trees import Tree
from cardwright.wire.given import Given, build, merge
from cardwright.wire.resource import Metadata

QUERIES = load(__file__)
REVERSAL_MS = 2 * clock.SECOND_MS
ReversalT = TypeVar("ReversalT", CreditReversal, DebitReversal)

_ADDRESSES = QUERIES.many("addresses_of_financial_accounts", flows.Id)


async def standing_of(tx: Tx) -> str:
    """How the acting account stands with the capability ``treasury``."""
    return await status_of(tx, *rules.storage_capabilities("usd"))


async def get(tx: Tx, account_id: str, param: str = "id") -> FinancialAccount:
    """A treasury account; others are not known to v1."""
    account = await rows.get(tx, FinancialAccount, account_id, param=param)
    return account if account.is_treasury else rows.missing(FinancialAccount, account_id, param)


async def addresses_of(
    connection: Connection, account_id: str, accounts: list[str]
) -> list[FinancialAddress]:
    """The active addresses of financial accounts."""
    found = await _ADDRESSES(connection, account_id=account_id, accounts=accounts)
    wanted = [row.id for row in found]
    batch = await rows.batch(connection, FinancialAddress, account_id, wanted)
    return [batch[one] for one in wanted]


class TreasuryFacts(NamedTuple):
    """What v1 shows of a financial account: it with its balance, its addresses, and how its owner
    stands with the capability."""

    account: FinancialAccount
    addresses: list[FinancialAddress]
    standing: str


async def facts_of(tx: Tx, accounts: list[FinancialAccount]) -> list[TreasuryFacts]:
    """What there is to show of accounts, in the same order."""
    filled = await money.all_shown(tx, accounts)
    addresses = await addresses_of(tx.connection, tx.account_id, [one.id for one in filled])
    standing = await standing_of(tx)
    return [
        TreasuryFacts(
            one, [each for each in addresses if each.financial_account == one.id], standing
        )
        for one in filled
    ]


async def _announce_account(tx: Tx, account: FinancialAccount, verb: str) -> None:
    [facts] = await facts_of(tx, [account])
    announce.account(tx, *facts, verb)


# Accounts.


async def create(
    tx: Tx, given: Tree, *, features: dict[str, bool], restrictions: dict[str, str] | None
) -> FinancialAccount:
    """A new treasury account with its features; ``given`` is in the words of the record."""
    face = build(
        TreasuryFace,
        Given(TreasuryFace, given.get("treasury") or {}),
        features=sorted(name for name, asked in features.items() if asked),
        restrictions=Restrictions(**_limits(restrictions)),
    )
    account = await flows.create_financial_account(
        tx, Given(FinancialAccount, given), treasury=face
    )
    account = await _apply_features(tx, account, account)
    await _announce_account(tx, account, "created")
    return account


async def change(
    tx: Tx,
    account_id: str,
    given: Tree,
    *,
    features: dict[str, bool],
    restrictions: dict[str, str] | None = None,
) -> FinancialAccount:
    """The account with what was given, in the words of the record, and with features requested or
    not, or restrictions changed."""
    await registry.lock_open(tx)
    before = await get(tx, account_id)
    if features and before.status == "closed":
        fail(refusals.FINANCIAL_ACCOUNT_NOT_OPEN, account=before.id, status=before.status)
    after = merge(before, Given(FinancialAccount, given))
    face = after.treasury
    assert face is not None, "it was just looked for"
    wanted = set(face.features) | {name for name, asked in features.items() if asked}
    wanted -= {name for name, asked in features.items() if not asked}
    face = msgspec.structs.replace(
        face,
        features=sorted(wanted),
        restrictions=msgspec.structs.replace(face.restrictions, **_limits(restrictions)),
    )
    return await _apply_features(tx, before, msgspec.structs.replace(after, treasury=face))


def _limits(given: dict[str, str] | None) -> dict[str, Any]:
    """The restrictions that are given; an empty one changes nothing."""
    return {name: value for name, value in (given or {}).items() if value}


async def _apply_features(
    tx: Tx, before: FinancialAccount, after: FinancialAccount
) -> FinancialAccount:
    """Let features have their effect: who may spend, and where money is sent."""
    face = after.treasury
    assert face is not None, "a treasury account"
    spendable = after.status == "open" and flows.cards_may_spend(face)
    after = msgspec.structs.replace(after, spendable=spendable)
    await flows.save_account(tx, before, after)
    await flows.give_address(tx, after)
    was = before.treasury
    effects = was is None or (was.features, was.restrictions) != (face.features, face.restrictions)
    if effects:
        await _announce_account(tx, after, "features_status_updated")
    return after


async def close(tx: Tx, account_id: str) -> FinancialAccount:
    """Close a treasury account that has nothing."""
    await registry.lock_open(tx)
    await get(tx, account_id)
    closed = await flows.close_financial_account(tx, account_id, None)
    await _announce_account(tx, closed, "closed")
    return closed


async def usable(tx: Tx, account_id: str, *features: str) -> FinancialAccount:
    """A treasury account whose features are active, for money that is about to move."""
    await registry.lock_open(tx)
    account = await get(tx, account_id, "financial_account")
    rules.check_open(account)
    standing = await standing_of(tx)
    for name in features:
        check_active(account, name, standing)
    return account


# Sending back and taking back.


async def _reverse(
    tx: Tx,
    received: type[Any],
    link: str,
    shape: type[ReversalT],
    record_id: str,
    metadata: Metadata,
) -> ReversalT:
    """Begin to reverse what was received; the reversal names it in ``link``."""
    await registry.lock_open(tx)
    before = await rows.lock(tx, received, record_id, param=link)
    account = await get(tx, before.financial_account, link)
    rules.check_open(account)
    check_reversible(before, tx.now_ms)
    made = shape(
        id=ids.new_id(shape.prefix),
        amount=before.amount,
        created=now(tx),
        financial_account=account.id,
        livemode=tx.livemode,
        metadata=metadata,
        network="ach",
        status="processing",
        **{link: before.id},
    )
    # What goes out is set aside, what comes back is announced.
    outgoing = isinstance(made, CreditReversal)
    await (money.set_aside if outgoing else money.announce)(
        tx,
        account.id,
        before.amount.currency,
        before.amount.value,
        reason="credit_reversal" if outgoing else "debit_reversal",
        source_id=made.id,
    )
    await rows.insert(tx, made)
    await rows.save(tx, msgspec.structs.replace(before, reversal=made.id))
    _announce(tx, made, "created")
    await schedule_step(tx, made.id, REVERSAL_MS)
    return made


def _announce(tx: Tx, made: CreditReversal | DebitReversal, verb: str) -> None:
    if isinstance(made, CreditReversal):
        announce.credit_reversal(tx, made, verb)
    else:
        announce.debit_reversal(tx, made, verb)


async def _end(
    tx: Tx, shape: type[ReversalT], reversal_id: str, *, verb: str, status: str, reason: str
) -> ReversalT:
    """The money has left, or is back."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, shape, reversal_id)
    if before.status != "processing":
        kind = reason.removesuffix("_posting").replace("_", " ")
        fail(refusals.MONEY_STEP, verb=verb, object=kind, id=before.id, status=before.status)
    await (money.leave if isinstance(before, CreditReversal) else money.arrive)(
        tx,
        before.financial_account,
        before.amount.currency,
        before.amount.value,
        reason=reason,
        source_id=before.id,
    )
    reached = {f"{status}_at": now(tx)}
    after = msgspec.structs.replace(
        before,
        status=status,
        status_transitions=msgspec.structs.replace(before.status_transitions, **reached),
    )
    await rows.save(tx, after)
    _announce(tx, after, verb)
    return after


async def reverse_credit(tx: Tx, credit_id: str, metadata: Metadata) -> CreditReversal:
    """Send a received credit back to where it came from."""
    return await _reverse(
        tx, ReceivedCredit, "received_credit", CreditReversal, credit_id, metadata
    )


async def reverse_debit(tx: Tx, debit_id: str, metadata: Metadata) -> DebitReversal:
    """Ask for money back that another bank has taken."""
    return await _reverse(tx, ReceivedDebit, "received_debit", DebitReversal, debit_id, metadata)


async def post_credit_reversal(tx: Tx, reversal_id: str) -> CreditReversal:
    """The other bank has the money back."""
    after = await _end(
        tx,
        CreditReversal,
        reversal_id,
        verb="posted",
        status="posted",
        reason="credit_reversal_posting",
    )
    credit = await rows.lock(tx, ReceivedCredit, after.received_credit)
    returned = msgspec.structs.replace(credit, status="returned")
    returned.status_transitions.returned_at = now(tx)
    await rows.save(tx, returned)
    account = await rows.get(tx, FinancialAccount, after.financial_account)
    announce.credit(tx, account, returned, "returned")
    return after


async def complete_debit_reversal(tx: Tx, reversal_id: str) -> DebitReversal:
    """The money is back."""
    return await _end(
        tx,
        DebitReversal,
        reversal_id,
        verb="completed",
        status="succeeded",
        reason="debit_reversal",
    )


async def step(tx: Tx, reversal_id: str) -> None:
    """What the test environment does next with money that is sent back."""
    if reversal_id.startswith(CreditReversal.prefix):
        credit = await rows.find(tx.connection, CreditReversal, tx.account_id, reversal_id)
        if credit is not None and credit.status == "processing":
            await post_credit_reversal(tx, reversal_id)
        return
    debit = await rows.find(tx.connection, DebitReversal, tx.account_id, reversal_id)
    if debit is not None and debit.status == "processing":
        await complete_debit_reversal(tx, reversal_id)
