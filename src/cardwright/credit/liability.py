"""What a platform is liable for: accounts whose balance a forced transfer took below zero.

The platform sets the sum aside in its own ``reserved`` book, which its balance shows as
``connect_reserved``. That happens after the transaction which overdrew the account, because no
card transaction locks two accounts; it is undone as the account's balance comes back.
"""

from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.ledger.chart import RESERVED
from cardwright.ledger.rules import Balance
from cardwright.tenancy import deadlines, gates

QUERIES = load(__file__)
RESERVE = "liability.reserve"

_RESERVE = QUERIES.value("get_reserve", int)
_SAVE_RESERVE = QUERIES.run("save_reserve")


async def request(tx: Tx, account_id: str, currency: str) -> None:
    """Have the reserve for an account looked at after this transaction, by its platform."""
    await deadlines.schedule(
        tx,
        kind=RESERVE,
        subject=f"{account_id}:{currency}",
        due_ms=clock.machine_ms(),
        timebase="machine",
        account_id=tx.platform_id,
    )


def _below_zero(balances: list[Balance], currency: str) -> int:
    """By how much the balances of an account that are its owner's are below zero."""
    return -sum(
        one.available_minor
        for one in balances
        if one.currency == currency and one.overdrawn and one.available_minor < 0
        if one.book != "credit"
    )


async def reserve(tx: Tx, subject: str) -> None:
    """The deadline of a platform: set aside what the account lacks now, no more and no less.

    The account's gate is not needed: whoever changes its balance sets this deadline again.
    """
    assert gates.held(tx, tx.platform_id), "a platform reserves under its own gate"
    account_id, _, currency = subject.rpartition(":")
    wanted = _below_zero(await ledger.balances_of(tx.connection, account_id), currency)
    place = {"account_id": tx.platform_id, "liable_for_id": account_id, "currency": currency}
    before = await _RESERVE(tx.connection, **place) or 0
    if wanted == before:
        return
    moved = transfers.within(
        tx.platform_id,
        RESERVED,
        currency,
        before - wanted,
        "payments",
        "reserved",
        description=f"Reserve for the balance of {account_id}",
        forced=True,
    )
    await ledger.post(tx, moved)
    await _SAVE_RESERVE(tx.connection, **place, amount_minor=wanted)
