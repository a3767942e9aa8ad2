"""Many deadlines at one instant: how many are met in a second, and what calls feel of it.

Holds of the loads before are moved into hours of their own, so that each has a deadline of its own
that gives its money back: balances, entries, the authorization and an event.
"""

import asyncio
import time
from typing import Any

import asyncpg
import msgspec

from cardwright.kernel import clock

KIND = "authorization.expire"
# The kind of merchant that the loads pay: seven days.
DAYS = 7
POLL_SECONDS = 0.1
PATIENCE_SECONDS = 900.0

SPREAD = """
with numbered as (
    select account_id, id, row_number() over (partition by account_id order by id) as place
      from authorizations where status = 'pending' and held_minor > 0
), chosen as (
    select account_id, id, place from numbered order by place, account_id limit $1
)
update authorizations set created = ($2 - chosen.place) * 3600
  from chosen
 where authorizations.account_id = chosen.account_id and authorizations.id = chosen.id
"""
CLEAR = "delete from deadlines where kind = $1"
PLAN = """
insert into deadlines (account_id, kind, subject, due_ms)
select account_id, $1, $2 || ':' || created / 3600, $3
  from authorizations
 where status = 'pending' and held_minor > 0 and created <= $4 * 3600
"""
LEFT = "select count(*) from deadlines where kind = $1 and due_ms <= $2"


class Drained(msgspec.Struct, frozen=True):
    """How many deadlines were met, and how fast."""

    count: int
    per_second: float


async def plan(connect: dict[str, Any], count: int) -> int:
    """Make every one of so many holds a deadline that is due in an hour; returns how many."""
    connection = await asyncpg.connect(**connect)
    try:
        hour = clock.machine_ms() // clock.HOUR_MS - DAYS * 24 - 1
        await connection.execute(SPREAD, count, hour)
        await connection.execute(CLEAR, KIND)
        later_ms = clock.machine_ms() + clock.HOUR_MS
        status = await connection.execute(PLAN, KIND, str(DAYS), later_ms, hour)
        await connection.execute("vacuum analyze deadlines")
        await connection.execute("vacuum analyze authorizations")
    finally:
        await connection.close()
    return int(status.rpartition(" ")[2])


async def drain(connect: dict[str, Any], count: int) -> Drained:
    """Let all of them be due now, and wait until none is left, or patience is at its end."""
    connection = await asyncpg.connect(**connect)
    try:
        due_ms = clock.machine_ms()
        await connection.execute("update deadlines set due_ms = $2 where kind = $1", KIND, due_ms)
        began = time.perf_counter()
        while left := await connection.fetchval(LEFT, KIND, due_ms):
            if time.perf_counter() - began > PATIENCE_SECONDS:
                break
            await asyncio.sleep(POLL_SECONDS)
        took = time.perf_counter() - began
    finally:
        await connection.close()
    met = count - left
    return Drained(met, round(met / took, 1))
