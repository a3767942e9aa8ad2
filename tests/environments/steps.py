"""Steps that the tests of environments share."""

from typing import Any

from cardwright.tenancy.platforms import Keys
from tests.support.server import Platform

PATH = "/_cardwright/environments"


async def done(platform: Platform, method: str, path: str, **more: Any) -> Any:
    """The body of a call that succeeds."""
    status, body = await platform.call(method, path, **more)
    assert status == 200, body
    return body


async def environment(platform: Platform, **form: Any) -> tuple[Any, Platform]:
    """A new environment: as it is answered, and as a platform to call."""
    given = {name: str(value) for name, value in form.items()}
    made = await done(platform, "POST", PATH, form=given)
    keys = Keys(made["account"], made["secret_key"], made["publishable_key"])
    return made, Platform(platform.live, keys)


async def everything(platform: Platform) -> dict[str, list[str]]:
    """Every row of a platform's accounts, by table, as the database prints it."""
    pool = platform.live.application.database.pool
    tables = await pool.fetch(
        "select table_name from information_schema.columns"
        " where table_schema = 'public' and column_name = 'account_id' order by 1"
    )
    found = {}
    for (name,) in tables:
        # The view shows entries, which are there themselves.
        if name in ("request_log", "listening_sessions", "balance_transactions"):
            continue
        rows = await pool.fetch(
            f"select held::text from {name} held where account_id in"
            " (select account_id from tenants where platform_id = $1) order by 1",
            platform.keys.account_id,
        )
        found[name] = [row[0] for row in rows]
    return {name: rows for name, rows in found.items() if rows}
