"""A process that delivers stays present when its connection to the database is lost."""

import asyncio

from cardwright.events.presence import LOCK_CLASS, Presence
from cardwright.kernel.database import is_lost
from cardwright.roles.application import Application

HELD = "select count(*) from pg_locks where classid = $1::oid and objid = $2::oid and granted"


async def test_a_lost_connection_is_replaced(application: Application) -> None:
    pool = application.database.pool
    presence = Presence(application.database)
    for _ in range(2):
        await presence.hold()
        lost = presence._connection
        await pool.execute("select pg_terminate_backend($1)", lost.get_server_pid())
        for _ in range(200):
            if is_lost(lost):
                break
            await asyncio.sleep(0.01)
        assert is_lost(lost)
    await presence.hold()
    assert await pool.fetchval(HELD, LOCK_CLASS, presence.number) == 1
    await presence.let_go()
    assert await pool.fetchval(HELD, LOCK_CLASS, presence.number) == 0
