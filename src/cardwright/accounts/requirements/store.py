"""What requirements depend on beside the account: how it is read, and what of it is written."""

import msgspec

from cardwright.accounts.record.model import AccountState
from cardwright.accounts.requirements.circumstances import Added, Circumstances, Closure
from cardwright.accounts.requirements.evaluation import Evaluation
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.ledger import watches
from cardwright.ledger.flows import CARD_SPEND

QUERIES = load(__file__)
# The deadline that is set when card spend reaches what a requirement waits for.
VOLUME = "account_volume"


class Crossing(msgspec.Struct, frozen=True):
    """A set of needs that card spend made due."""

    rule: str
    crossed_ms: int


_LIST_ADDED = QUERIES.many("list_added", Added)
_ADD = QUERIES.run("add_requirement")
_WITHDRAW = QUERIES.run("withdraw_requirement")
_CLOSURE = QUERIES.one("standing_closure", Closure)
_LIST_CROSSINGS = QUERIES.many("list_crossings", Crossing)
_PUT_CROSSING = QUERIES.run("put_crossing")


async def circumstances_of(tx: Tx, state: AccountState) -> Circumstances:
    """What happened to the acting account so far."""
    books = await watches.watched(tx.connection, tx.account_id, CARD_SPEND, VOLUME)
    crossings = await _LIST_CROSSINGS(tx.connection, account_id=tx.account_id)
    return Circumstances(
        volumes={row.currency: row.amount_minor for row in books},
        crossings={row.rule: row.crossed_ms for row in crossings},
        watches={
            row.currency: row.threshold_minor for row in books if row.threshold_minor is not None
        },
        added=tuple(await added_of(tx.connection, tx.account_id)),
        bank_account=bool(state.external_accounts),
        closure=await _CLOSURE(tx.connection, account_id=tx.account_id),
    )


async def keep(tx: Tx, before: Circumstances, evaluation: Evaluation) -> None:
    """Write when a volume was reached, and which one is waited for now."""
    for rule, crossed_ms in evaluation.crossings.items():
        await _PUT_CROSSING(
            tx.connection, account_id=tx.account_id, rule=rule, crossed_ms=crossed_ms
        )
    # Without an active capability nothing is spent.
    active = any(standing.status == "active" for standing in evaluation.standings.values())
    wanted = evaluation.watches if active else {}
    if wanted != before.watches:
        await watches.watch(tx, CARD_SPEND, VOLUME, wanted)


async def added_of(connection: Connection, account_id: str) -> list[Added]:
    """What was added to the requirements of an account, oldest first."""
    return await _LIST_ADDED(connection, account_id=account_id)


async def add(tx: Tx, added: Added) -> bool:
    """Keep an added requirement of the acting account; False if that is asked for already."""
    written = await _ADD(
        tx.connection,
        account_id=tx.account_id,
        id=added.id,
        path=added.path,
        person=added.person,
        restricts=list(added.restricts),
        effective_ms=added.effective_ms,
        due_ms=added.due_ms,
        created_ms=added.created_ms,
    )
    return bool(written)


async def withdraw(tx: Tx, added_id: str) -> None:
    """Forget an added requirement of the acting account."""
    await _WITHDRAW(tx.connection, account_id=tx.account_id, id=added_id)
