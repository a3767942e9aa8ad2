"""Authorizations as they are shown: with card, balance transactions and transactions whole."""

from typing import Any

import msgspec

from cardwright.authorizations.model import Authorization, ShownAuthorization
from cardwright.cards import flows as cards
from cardwright.kernel.database import Connection
from cardwright.ledger.model import BalanceTransaction
from cardwright.wire import expand, rows

# The transactions feature stands above this one; its loader is registered by this tag.
TRANSACTION = "issuing.transaction"


async def shown(
    connection: Connection, account_id: str, authorizations: list[Authorization]
) -> list[ShownAuthorization]:
    """The authorizations as they are shown, in the same order."""
    wanted = sorted({one.card for one in authorizations})
    holds = sorted({id_ for one in authorizations for id_ in one.balance_transactions})
    spent = sorted({id_ for one in authorizations for id_ in one.transactions})
    issued = await cards.load_shown(connection, account_id, wanted)
    moved = await rows.batch(connection, BalanceTransaction, account_id, holds) if holds else {}
    made: dict[str, Any] = {}
    if spent:
        made = await expand.LOADERS[TRANSACTION].load(connection, account_id, spent)
    return [
        ShownAuthorization(
            **{
                **msgspec.structs.asdict(one),
                "card": issued[one.card],
                "balance_transactions": [moved[id_] for id_ in one.balance_transactions],
                "transactions": [made[id_] for id_ in one.transactions],
            }
        )
        for one in authorizations
    ]


async def shown_after(
    connection: Connection, account_id: str, now: Authorization, before: ShownAuthorization
) -> ShownAuthorization:
    """A changed authorization as it is shown, with the card and the balance transactions that it
    was shown with before the change."""
    known = {one.id: one for one in before.balance_transactions}
    new = [id_ for id_ in now.balance_transactions if id_ not in known]
    if new:
        known |= await rows.batch(connection, BalanceTransaction, account_id, new)
    made: dict[str, Any] = {}
    if now.transactions:
        made = await expand.LOADERS[TRANSACTION].load(connection, account_id, now.transactions)
    return ShownAuthorization(
        **{
            **msgspec.structs.asdict(now),
            "card": before.card,
            "balance_transactions": [known[id_] for id_ in now.balance_transactions],
            "transactions": [made[id_] for id_ in now.transactions],
        }
    )


async def load_shown(
    connection: Connection, account_id: str, authorization_ids: list[str]
) -> dict[str, Any]:
    """The loader of expanded authorizations."""
    found = await rows.batch(connection, Authorization, account_id, authorization_ids)
    return {one.id: one for one in await shown(connection, account_id, list(found.values()))}
