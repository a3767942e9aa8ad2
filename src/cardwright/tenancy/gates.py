"""One gate row an account: whoever changes its money, holds, spend counters or the state of an
authorization locks the gate first, in a statement of its own, and reads only afterwards."""

from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load

QUERIES = load(__file__)
_LOCK = QUERIES.value("lock_gate", str)
_TRY = QUERIES.value("try_gate", str)
_LOCK_EACH = QUERIES.each("lock_gate", str)
_TRY_EACH = QUERIES.each("try_gate", str)


async def lock(tx: Tx, *account_ids: str) -> None:
    """Lock the gates of the accounts, ascending; a gate the transaction holds is not asked again.

    Lock order everywhere: clock, gates ascending, deadline, resource rows by table then id,
    balances, counters sorted.
    """
    wanted = sorted(set(account_ids) - tx.gates)
    assert not tx.gates or not wanted or wanted[0] > max(tx.gates), "gates are locked ascending"
    for account_id in wanted:
        found = await _LOCK(tx.connection, account_id=account_id)
        assert found is not None, f"account {account_id} has no gate"
        tx.gates.add(account_id)


async def try_lock(tx: Tx, account_id: str) -> bool:
    """Lock the account's gate if nobody else holds it."""
    if await _TRY(tx.connection, account_id=account_id) is None:
        return False
    tx.gates.add(account_id)
    return True


async def try_each(acting: list[Tx]) -> list[Tx]:
    """Lock the gates of several accounts that nobody else holds, on one connection, ascending; the
    answer is the transactions of those."""
    acting = sorted(acting, key=lambda tx: tx.account_id)
    if not acting:
        return []
    found = await _TRY_EACH(acting[0].connection, [{"account_id": tx.account_id} for tx in acting])
    obtained = [tx for tx in acting if tx.account_id in found]
    for tx in obtained:
        tx.gates.add(tx.account_id)
    return obtained


async def obtain(connection: Connection, account_ids: list[str], *, waiting: bool) -> set[str]:
    """Lock the gates of some accounts, ascending, without a ``Tx`` of theirs: those that nobody
    else holds, or (``waiting``) all of them; the answer is those that were locked."""
    lock_each = _LOCK_EACH if waiting else _TRY_EACH
    return set(await lock_each(connection, [{"account_id": one} for one in sorted(account_ids)]))


def held(tx: Tx, account_id: str) -> bool:
    """Whether the transaction holds the account's gate."""
    return account_id in tx.gates
