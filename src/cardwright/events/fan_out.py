"""From events to deliveries: a row for each destination that wants an event.

It works from the flags that were written with the events, never from a last-seen id, because ids
become visible out of order. One process at a time does it; whatever it does not finish is found
again by its flags.
"""

import msgspec

from cardwright.events import destinations, listening, rules
from cardwright.kernel import clock
from cardwright.kernel.database import Database
from cardwright.kernel.queries import load

QUERIES = load(__file__)


class Flagged(msgspec.Struct, frozen=True):
    """A flagged event, with what decides who hears of it."""

    account_id: str
    event_id: str
    type: str
    object_id: str
    platform_id: str


class Key(msgspec.Struct, frozen=True, order=True):
    """A destination by its owner and its id."""

    account_id: str
    id: str


class Round(msgspec.Struct, frozen=True):
    """What a round came to: whose turn it was, how many flags, who has deliveries now."""

    mine: bool
    events: int = 0
    touched: frozenset[Key] = frozenset()


_TRY = QUERIES.value("try_fan_out", bool)
_FLAGGED = QUERIES.many("events_to_fan_out", Flagged)
_INSERT = QUERIES.run("insert_deliveries")
_LOWER = QUERIES.run("lower_flags")

LOCK_KEY = 0x66616E6F7574
AT_ONCE = 500


async def fan_out(database: Database) -> Round:
    """One round, in one transaction."""
    async with database.connection() as connection:
        # A look without locks first: mostly there is nothing to do.
        if not await _FLAGGED(connection, limit=1):
            return Round(mine=True)
        async with connection.transaction():
            if not await _TRY(connection, key=LOCK_KEY):
                return Round(mine=False)
            flagged = await _FLAGGED(connection, limit=AT_ONCE)
            owners = {event.account_id for event in flagged}
            owners |= {event.platform_id for event in flagged}
            # Read after the events are visible: a destination that was there before an event
            # was committed is found.
            listeners = await destinations.listeners(connection, sorted(owners))
            wanted = match(flagged, listeners)
            await _INSERT(
                connection,
                account_ids=[key.account_id for _, key in wanted],
                event_ids=[event.event_id for event, _ in wanted],
                destination_ids=[key.id for _, key in wanted],
                event_account_ids=[event.account_id for event, _ in wanted],
                due_ms=clock.machine_ms(),
            )
            await _LOWER(
                connection,
                account_ids=[event.account_id for event in flagged],
                event_ids=[event.event_id for event in flagged],
            )
    # What is pushed is taken by whoever holds the connection.
    touched = frozenset(key for _, key in wanted if not listening.is_session(key.id))
    return Round(mine=True, events=len(flagged), touched=touched)


def match(flagged: list[Flagged], listeners: list[rules.Listener]) -> list[tuple[Flagged, Key]]:
    """Who hears of what."""
    by_owner: dict[str, list[rules.Listener]] = {}
    for listener in listeners:
        by_owner.setdefault(listener.account_id, []).append(listener)
    return [
        (event, Key(listener.account_id, listener.id))
        for event in flagged
        for owner in sorted({event.account_id, event.platform_id})
        for listener in by_owner.get(owner, ())
        if rules.hears(
            listener,
            event.type,
            account_id=event.account_id,
            platform_id=event.platform_id,
            object_id=event.object_id,
        )
    ]
