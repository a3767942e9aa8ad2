"""What was paid with an account's cards: captures, counted and named for whoever watches them."""

from typing import NamedTuple

from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load

QUERIES = load(__file__)


class Spend(NamedTuple):
    """Card payments of one merchant category and one currency, at home or abroad."""

    category_code: str
    abroad: bool
    currency: str
    payments: int
    amount: int


_SPEND = QUERIES.many("spend_by_category", Spend)
_NEWEST = QUERIES.many("newest_payments", str)
_PAID = QUERIES.value("paid_since", bool)
_LAST_FORCE_CAPTURE = QUERIES.value("last_force_capture", int)
_COUNT = QUERIES.many("count_force_captures", int)


async def spend_by_category(tx: Tx, since: int, country: str) -> list[Spend]:
    """Card payments of the acting account since an instant (seconds) by merchant category, at home
    in ``country`` or abroad, and currency."""
    return await _SPEND(tx.connection, account_id=tx.account_id, since=since, country=country)


async def newest(
    tx: Tx, since: int, country: str, *, codes: list[str], abroad: bool, count: int
) -> list[str]:
    """The newest of them with some merchant categories, or abroad."""
    return await _NEWEST(
        tx.connection,
        account_id=tx.account_id,
        since=since,
        country=country,
        codes=codes,
        abroad=abroad,
        count=count,
    )


async def paid_since(tx: Tx, since: int) -> bool:
    """Whether a card of the acting account paid since an instant (seconds)."""
    return bool(await _PAID(tx.connection, account_id=tx.account_id, since=since))


async def last_force_capture(tx: Tx, since: int) -> int:
    """When the acting account's newest capture without an authorization was made, in seconds; 0:
    never after ``since``."""
    return await _LAST_FORCE_CAPTURE(tx.connection, account_id=tx.account_id, since=since) or 0


async def count_force_captures(connection: Connection, places: list[tuple[str, str]]) -> list[int]:
    """How many captures without an authorization there are of cards (account and card), in
    order."""
    return await _COUNT(
        connection,
        account_ids=[account for account, _ in places],
        cards=[card for _, card in places],
    )
