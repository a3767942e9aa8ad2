"""One jump of thirteen months leaves the same rows as 395 single days."""

import asyncio
import json
import re
from collections import Counter
from typing import Any

from cardwright.accounts.flows import record_verification
from cardwright.kernel import clock as kernel_clock
from cardwright.tenancy import clocks, registry
from tests.simulator.clocks import DAY, START, new_clock, pool_of
from tests.support.server import Platform
from tests.support.spending import Spender, spender

DAYS = 395
# What is written of an account, in the order in which it is compared; columns that are drawn by
# lot (numbers, hashes) are left out.
ROWS = {
    "accounts": "id, created, body",
    "account_capabilities": "path, status, status_details, requested_ms",
    "cardholders": "id, created, status, body",
    "authorizations": "id, created, status, held_minor, body",
    "issuing_transactions": "id, created, body",
    "balances": "book, currency, available_minor, held_minor",
    "entries": "transfer_id, line, book, part, amount_minor, reason, source_id, created_ms",
    "spending_totals": "owner, category, month, day, amount_minor, days",
    "events": "id, type, created_ms, object_id, object_version, snapshot, previous, thin",
    "deadlines": "kind, subject, due_ms, timebase, attempts",
}
_ID = re.compile(r"\b[a-z]+_[0-9A-HJKMNP-TV-Z]{26}\b")
_DRAWN = re.compile(
    r'"(authorization_code|last4|fingerprint|sealed|system_trace_audit_number|transaction_id)": ?'
    r'"[^"]*"'
)


async def story(platform: Platform) -> tuple[Spender, str]:
    """Payments with different lives, and a requirement that will restrict the account."""
    clock = await new_clock(platform)
    one = await spender(
        platform,
        funds=100_000,
        test_clock=clock,
        card={
            "spending_controls[spending_limits][0][amount]": "5000",
            "spending_controls[spending_limits][0][interval]": "daily",
        },
    )
    paid = await one.authorize(700)
    await one.authorize(900, **{"merchant_data[category]": "hotels_motels_and_resorts"})
    await one.authorize(9_999)
    await one.done("POST", f"/v1/test_helpers/issuing/authorizations/{paid['id']}/capture", {})
    await one.authorize(300)
    _, body = await platform.call(
        "GET",
        f"/v2/core/accounts/{one.account}?include[0]=identity",
        version="2026-10-14.preview",
    )
    person = body["identity"]["individual"]["id"]
    store = platform.live.application.database
    async with registry.transaction(store, one.account) as tx:
        await record_verification(
            tx,
            person,
            "identity",
            "verification_failed_keyed_identity",
            due_ms=(START + 90 * DAY + 5000) * 1000,
        )
    await nothing_due(platform, one.account)
    return one, clock


async def nothing_due(platform: Platform, account: str) -> None:
    """Wait until nothing is due any more: what the worker does at once, it has done."""
    due = "select exists (select from deadlines where account_id = $1 and due_ms <= $2)"
    async with asyncio.timeout(30):
        while await pool_of(platform).fetchval(due, account, START * 1000):
            await asyncio.sleep(0.02)


async def rows_of(platform: Platform, account: str) -> dict[str, list[str]]:
    """Everything that is written of an account, with ids by their order of creation."""
    found: dict[str, list[str]] = {}
    for table, columns in ROWS.items():
        records = await pool_of(platform).fetch(
            f"select {columns} from {table} where account_id = $1",
            account,
        )
        found[table] = [_DRAWN.sub("", json.dumps([*map(_plain, record)])) for record in records]
    known: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for one in sorted(
        {id_ for texts in found.values() for text in texts for id_ in _ID.findall(text)},
        key=lambda id_: id_.rpartition("_")[2],
    ):
        kind = one.rpartition("_")[0]
        counts[kind] += 1
        known[one] = f"{kind}#{counts[kind]}"
    return {
        table: sorted(_ID.sub(lambda match: known[match.group()], text) for text in texts)
        for table, texts in found.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "{[":
        return json.loads(value)
    return value


async def test_a_jump_is_the_sum_of_its_days(platform: Platform) -> None:
    store = platform.live.application.database
    (jumper, far), (walker, near) = await story(platform), await story(platform)
    assert await rows_of(platform, jumper.account) == await rows_of(platform, walker.account)
    began = kernel_clock.monotonic()
    name = clocks.ClockName(platform.keys.account_id, far)
    await clocks.advance(store, name, (START + DAYS * DAY) * 1000)
    took = kernel_clock.monotonic() - began
    for day in range(1, DAYS + 1):
        name = clocks.ClockName(platform.keys.account_id, near)
        await clocks.advance(store, name, (START + day * DAY) * 1000)
    jumped = await rows_of(platform, jumper.account)
    walked = await rows_of(platform, walker.account)
    for table in ROWS:
        assert jumped[table] == walked[table], table
    # It is a story in which something happens, each at its own instant.
    events = " ".join(jumped["events"])
    for days in (7, 31):
        assert str((START + days * DAY) * 1000) in events
    assert str((START + 90 * DAY + 5000) * 1000) in events
    assert '"restricted"' in " ".join(jumped["account_capabilities"])
    assert await jumper.available() == await walker.available() == 100_000 - 700
    assert took < 5
