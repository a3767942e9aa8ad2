"""A platform's call about one of its accounts: the rest of the work is done as that account."""

from dataclasses import replace

from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals, registry


async def acting(tx: Tx, account_id: str, *, closed: bool = False) -> Tx | None:
    """The transaction acting as one of the platform's accounts, at that account's instant.

    None when the platform has no such account in this mode; a closed one only if ``closed``.
    Events and held gates are shared with ``tx``.
    """
    if account_id == tx.account_id:
        return tx
    tenant = await registry.find_tenant(tx.connection, account_id)
    if tenant is None or tenant.platform_id != tx.account_id or tenant.livemode != tx.livemode:
        return None
    if tenant.closed_ms is not None and not closed:
        return None
    if tenant.clock_id == tx.clock_id:
        # One clock, one instant; a deadline's own instant is not the one that the clock shows.
        now_ms = tx.now_ms
    else:
        now_ms = await registry.instant(tx.connection, tenant, holding=not closed)
    return replace(tx, account_id=account_id, now_ms=now_ms, clock_id=tenant.clock_id)


async def named_account(tx: Tx, account_id: str, *, closed: bool = False) -> Tx:
    """The same for an account that a call names; refuses with ``resource_missing``."""
    found = await acting(tx, account_id, closed=closed)
    if found is None:
        fail(refusals.RESOURCE_MISSING, param="account", object="account", id=account_id[:200])
    return found
