"""Disputes as they are shown: with their balance transactions whole."""

from typing import Any

import msgspec

from cardwright.disputes.model import Dispute, ShownDispute
from cardwright.kernel.database import Connection
from cardwright.ledger.model import BalanceTransaction
from cardwright.wire import rows


async def shown(
    connection: Connection, account_id: str, disputes: list[Dispute]
) -> list[ShownDispute]:
    """The disputes as they are shown, in the same order."""
    wanted = sorted({id_ for one in disputes for id_ in one.balance_transactions})
    moved = await rows.batch(connection, BalanceTransaction, account_id, wanted) if wanted else {}
    return [
        ShownDispute(
            **{
                **msgspec.structs.asdict(one),
                "balance_transactions": [moved[id_] for id_ in one.balance_transactions],
            }
        )
        for one in disputes
    ]


async def load_shown(
    connection: Connection, account_id: str, dispute_ids: list[str]
) -> dict[str, Any]:
    """The loader of expanded disputes."""
    found = await rows.batch(connection, Dispute, account_id, dispute_ids)
    return {one.id: one for one in await shown(connection, account_id, list(found.values()))}
