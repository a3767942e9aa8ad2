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


async def load_shown(
    connection: Connection, account_id: str, authorization_ids: list[str]
) -> dict[str, Any]:
    """The loader of expanded authorizations."""
    found = await rows.batch(connection, Authorization, account_id, authorization_ids)
    return {one.id: one for one in await shown(connection, account_id, list(found.values()))}
