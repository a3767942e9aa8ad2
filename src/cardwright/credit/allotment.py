"""The platform's money in the books of its connected accounts, ahead of time.

A decision locks the card's account alone, so credit is spendable only once it was allotted: moved
from the platform's Issuing balance into the account's ``credit`` book. A policy is allotted whole
as long as the platform can afford it. When it cannot, what is missing is noted, and follows as
soon as the platform has more.
"""

from typing import NamedTuple

from cardwright.accounts.record.model import AccountClosing
from cardwright.credit import rules
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.ledger.chart import CREDIT_FUNDING
from cardwright.ledger.rules import Balance
from cardwright.tenancy import deadlines, gates, registry

QUERIES = load(__file__)
ALLOT = "credit.allot"
# How long an account that is busy is left alone.
PATIENCE_MS = 200


class StoredTerms(NamedTuple):
    """What counts of a policy, with its id."""

    id: str
    active: bool
    limit_minor: int


_TERMS = QUERIES.one("get_terms", StoredTerms)
_SAVE_SHORTAGE = QUERIES.run("save_shortage")
_FORGET_SHORTAGE = QUERIES.run("forget_shortage")
_SHORTAGES = QUERIES.many("list_shortages", str)
_CURRENCIES = QUERIES.many("policy_currencies", str)


async def lock(tx: Tx) -> None:
    """Lock the gates that money of credit moves under: the platform's and the account's."""
    await gates.lock(tx, tx.platform_id, tx.account_id)
    await registry.lock_open(tx)


async def find_terms(tx: Tx, currency: str) -> StoredTerms | None:
    """The terms of the acting account's policy in a currency, if it has one."""
    return await _TERMS(tx.connection, account_id=tx.account_id, currency=currency)


async def allot(tx: Tx, account_id: str, currency: str) -> None:
    """Move what the account's policy asks for, one way or the other, and note what is missing.

    The transaction holds both gates.
    """
    assert gates.held(tx, tx.platform_id), "credit moves under the platform's gate"
    terms = await _TERMS(tx.connection, account_id=account_id, currency=currency)
    if terms is None:
        return
    tenant = await registry.find_tenant(tx.connection, account_id)
    assert tenant is not None, f"account {account_id} is not registered"
    credit = await ledger.balance_of(tx.connection, account_id, "credit", currency)
    owed = await ledger.balance_of(tx.connection, account_id, "owed", currency)
    platform = await ledger.balance_of(tx.connection, tx.platform_id, "issuing", currency)
    allotted = rules.allotment(
        rules.Terms(terms.active and tenant.closed_ms is None, terms.limit_minor),
        credit,
        owed.available_minor,
        platform.available_minor,
    )
    if allotted.amount_minor:
        await _move(tx, account_id, terms.id, currency, allotted.amount_minor)
    place = {"account_id": tx.platform_id, "grantee_id": account_id, "currency": currency}
    if allotted.short_minor:
        await _SAVE_SHORTAGE(tx.connection, **place, short_minor=allotted.short_minor)
    else:
        await _FORGET_SHORTAGE(tx.connection, **place)


async def _move(tx: Tx, account_id: str, policy_id: str, currency: str, amount_minor: int) -> None:
    """``amount_minor`` from the platform to the account, or (negative) back."""
    given = transfers.departure(
        tx.platform_id, CREDIT_FUNDING, "issuing", currency, amount_minor, policy_id
    )
    taken = transfers.arrival(
        account_id, CREDIT_FUNDING, "credit", currency, amount_minor, policy_id
    )
    way = "allotted to" if amount_minor > 0 else "given back by"
    # The policy belongs to the account, so the platform's side is told by words alone.
    await ledger.move(
        tx, given._replace(source_id=None, description=f"Credit {way} {account_id}"), taken
    )


async def request(tx: Tx, account_id: str, currency: str) -> None:
    """Have an account's credit allotted after this transaction, by its platform."""
    await deadlines.schedule(
        tx,
        kind=ALLOT,
        subject=f"{account_id}:{currency}",
        due_ms=clock.machine_ms(),
        timebase="machine",
        account_id=tx.platform_id,
    )


async def request_shortages(tx: Tx, currency: str) -> None:
    """Have the credit of all accounts allotted that got too little so far."""
    for account_id in await _SHORTAGES(tx.connection, account_id=tx.platform_id, currency=currency):
        await request(tx, account_id, currency)


async def take_back(tx: Tx, _closing: AccountClosing) -> None:
    """The acting account closes: what it has on credit goes back to the platform."""
    for currency in await _CURRENCIES(tx.connection, account_id=tx.account_id):
        await request(tx, tx.account_id, currency)


async def is_allotted(tx: Tx, balance: Balance) -> bool:
    """Whether an account's credit is what its policy asks for, as far as it can be told under the
    account's own gate."""
    terms = await _TERMS(tx.connection, account_id=tx.account_id, currency=balance.currency)
    if terms is None or balance.available_minor < 0:
        return terms is None
    owed = await ledger.balance_of(tx.connection, tx.account_id, "owed", balance.currency)
    allotted = rules.allotment(
        rules.Terms(terms.active, terms.limit_minor), balance, owed.available_minor, 0
    )
    return allotted.amount_minor == 0


async def allot_due(tx: Tx, subject: str) -> None:
    """The deadline of a platform to allot the credit of one account.

    Nobody is waited for: whoever holds the account's gate may be waiting to set this deadline.
    """
    account_id, _, currency = subject.rpartition(":")
    if await gates.try_lock(tx, account_id):
        await allot(tx, account_id, currency)
        return
    due_ms = clock.machine_ms() + PATIENCE_MS
    await deadlines.schedule(tx, kind=ALLOT, subject=subject, due_ms=due_ms, timebase="machine")
