"""Deadlines on the machine's clock and on a virtual one."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from cardwright.kernel import clock
from cardwright.kernel.database import Database, Tx
from cardwright.kernel.refusal import Failure
from cardwright.tenancy import clocks, deadlines, gates, registry
from tests.support.server import Platform

KIND = "test.note"
NOTED = "issuing_card.updated"
T0 = 1_750_000_000_000
DAY = clock.DAY_MS


class ProcessEndsError(BaseException):
    """Nothing in the product catches it: the process would end."""


@dataclass
class Notebook:
    """What a handler saw, and what it shall do."""

    seen: list[tuple[str, int]] = field(default_factory=list)
    raising: set[str] = field(default_factory=set)
    again_ms: dict[str, int] = field(default_factory=dict)
    crash: set[str] = field(default_factory=set)

    async def handle(self, tx: Tx, subject: str) -> None:
        self.seen.append((subject, tx.now_ms))
        tx.emit(NOTED, {"id": subject, "object": "issuing.card"})
        if subject in self.crash:
            raise ProcessEndsError
        if subject in self.raising:
            raise RuntimeError(subject)
        if subject in self.again_ms:
            due_ms = tx.now_ms + self.again_ms.pop(subject)
            await deadlines.schedule(tx, kind=KIND, subject=subject, due_ms=due_ms)


@pytest.fixture
async def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    made = Notebook()
    monkeypatch.setattr(deadlines, "HANDLERS", {**deadlines.HANDLERS, KIND: made.handle})
    return made


@pytest.fixture
def store(platform: Platform) -> Database:
    return platform.live.application.database


@pytest.fixture
async def virtual(platform: Platform, store: Database) -> clocks.ClockName:
    """The platform's own account on a clock that stands at T0."""
    account_id = platform.keys.account_id
    async with store.connection() as connection:
        clock_id = await clocks.create(connection, platform_id=account_id, now_ms=T0)
        await clocks.follow(connection, account_id, clock_id)
    return clocks.ClockName(account_id, clock_id)


async def plan(store: Database, account_id: str, **due_ms: int) -> None:
    async with registry.transaction(store, account_id) as tx:
        for subject, instant in due_ms.items():
            await deadlines.schedule(tx, kind=KIND, subject=subject, due_ms=instant)


async def left(store: Database, account_id: str) -> list[dict[str, Any]]:
    rows = await store.pool.fetch(
        "select * from deadlines where account_id = $1 and kind = $2 order by subject",
        account_id,
        KIND,
    )
    return [dict(row) for row in rows]


async def until(condition: Any) -> None:
    for _ in range(250):
        if await condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen within five seconds")


@pytest.mark.calendar
async def test_a_due_deadline_is_met_by_the_running_server(
    platform: Platform, store: Database, notebook: Notebook
) -> None:
    account_id = platform.keys.account_id
    before_ms = clock.machine_ms()
    await plan(store, account_id, now=before_ms, tomorrow=before_ms + DAY)

    async def met() -> bool:
        return [row["subject"] for row in await left(store, account_id)] == ["tomorrow"]

    await until(met)
    ((subject, instant),) = notebook.seen
    assert subject == "now"
    assert before_ms <= instant <= clock.machine_ms()


@pytest.mark.calendar
async def test_scheduling_again_moves_and_cancelling_removes(
    platform: Platform, store: Database, notebook: Notebook
) -> None:
    account_id = platform.keys.account_id
    later_ms = clock.machine_ms() + DAY
    await plan(store, account_id, one=later_ms, two=later_ms)
    await plan(store, account_id, one=later_ms + 5)
    async with registry.transaction(store, account_id) as tx:
        await deadlines.cancel(tx, kind=KIND, subject="two")
        await deadlines.cancel(tx, kind=KIND, subject="never")
    assert [(row["subject"], row["due_ms"]) for row in await left(store, account_id)] == [
        ("one", later_ms + 5)
    ]


async def test_a_clock_meets_each_deadline_at_its_instant(
    store: Database, virtual: clocks.ClockName, notebook: Notebook
) -> None:
    """In order, ``now`` being the due instant, the renewed one included, none after the target."""
    notebook.again_ms["renewed"] = 2 * DAY
    await plan(
        store,
        virtual.account_id,
        late=T0 + 29 * DAY,
        renewed=T0 + DAY,
        never=T0 + 31 * DAY,
    )
    await clocks.advance(store, virtual, T0 + 30 * DAY)
    assert notebook.seen == [
        ("renewed", T0 + DAY),
        ("renewed", T0 + 3 * DAY),
        ("late", T0 + 29 * DAY),
    ]
    assert [row["subject"] for row in await left(store, virtual.account_id)] == ["never"]
    events = await store.pool.fetch(
        "select created_ms from events where account_id = $1 and type = $2 order by id",
        virtual.account_id,
        NOTED,
    )
    assert [row[0] for row in events] == [instant for _, instant in notebook.seen]
    async with registry.transaction(store, virtual.account_id) as tx:
        assert tx.now_ms == T0 + 30 * DAY


async def test_limit_intervals_turn_with_the_clock(
    store: Database, virtual: clocks.ClockName
) -> None:
    """The day and month that spending is counted in are those of the account's clock."""
    seen = []
    for days in (0, 1, 31):
        if days:
            await clocks.advance(store, virtual, T0 + days * DAY)
        async with registry.transaction(store, virtual.account_id) as tx:
            seen.append((clock.day_number(tx.now_ms), clock.month_number(tx.now_ms)))
    assert [day - seen[0][0] for day, _ in seen] == [0, 1, 31]
    assert [month - seen[0][1] for _, month in seen] == [0, 0, 1]


async def test_a_clock_goes_forward_only_and_refuses_while_it_moves(
    store: Database, virtual: clocks.ClockName, notebook: Notebook
) -> None:
    with pytest.raises(Failure, match="after the one it shows"):
        await clocks.advance(store, virtual, T0 - 1)
    # A flow holds the clock, so that it stays where it is.
    async with registry.transaction(store, virtual.account_id):
        moving = asyncio.create_task(clocks.advance(store, virtual, T0 + DAY))
        await asyncio.sleep(0.1)
        assert not moving.done()
    await moving
    async with store.connection() as connection:
        await clocks.send(connection, virtual, T0 + 2 * DAY)
    # The running server takes a clock that was left on its way to its target.

    async def ready() -> bool:
        return bool(
            await store.pool.fetchval(
                "select status = 'ready' and now_ms = $2 from clocks where account_id = $1",
                virtual.account_id,
                T0 + 2 * DAY,
            )
        )

    await until(ready)


async def test_writes_are_refused_while_the_clock_moves(
    platform: Platform, store: Database, virtual: clocks.ClockName
) -> None:
    await store.pool.execute(
        "update clocks set status = 'advancing' where account_id = $1", virtual.account_id
    )

    async def write() -> None:
        async with registry.transaction(store, virtual.account_id):
            pass

    with pytest.raises(Failure) as caught:
        await write()
    assert caught.value.refusal.status == 429


@pytest.mark.calendar
async def test_a_failing_handler_keeps_its_row_and_blocks_nobody(
    store: Database, virtual: clocks.ClockName, notebook: Notebook
) -> None:
    notebook.raising.add("bad")
    await plan(store, virtual.account_id, bad=T0 + 1, good=T0 + 2)
    await clocks.advance(store, virtual, T0 + DAY)
    assert notebook.seen[:2] == [("bad", T0 + 1), ("good", T0 + 2)]
    (row,) = await left(store, virtual.account_id)
    assert row["subject"] == "bad"
    assert row["attempts"] >= 1
    assert row["not_before_ms"] > clock.machine_ms() - 1000
    # Only the handler that succeeded left an event.
    events = await store.pool.fetch(
        "select object_id from events where account_id = $1 and type = $2",
        virtual.account_id,
        NOTED,
    )
    assert [event[0] for event in events] == ["good"]
    # Mended, it is met when its wait is over, still at its own instant.
    notebook.raising.clear()
    notebook.seen.clear()

    async def met() -> bool:
        return await left(store, virtual.account_id) == []

    await until(met)
    assert notebook.seen == [("bad", T0 + 1)]


async def test_a_crash_is_a_rollback(
    store: Database, virtual: clocks.ClockName, notebook: Notebook
) -> None:
    # Under the gate, so that nobody else meets it while this test crashes on it.
    async with store.connection() as connection, connection.transaction():
        tx = Tx(
            connection=connection,
            account_id=virtual.account_id,
            platform_id=virtual.account_id,
            livemode=False,
            now_ms=T0,
            vault=store.vault,
            clock_id=virtual.id,
        )
        await gates.lock(tx, virtual.account_id)
        await plan(store, virtual.account_id, fatal=T0 - 1)
        notebook.crash.add("fatal")
        savepoint = connection.transaction()
        await savepoint.start()
        with pytest.raises(ProcessEndsError):
            await deadlines.meet(tx, store.finish)
        await savepoint.rollback()
        assert [row["subject"] for row in await left(store, virtual.account_id)] == ["fatal"]
        notebook.crash.clear()

    async def met() -> bool:
        return await left(store, virtual.account_id) == []

    await until(met)
    assert notebook.seen == [("fatal", T0 - 1), ("fatal", T0 - 1)]


@pytest.mark.calendar
async def test_a_deadline_waits_for_a_flow_that_holds_the_gate(
    platform: Platform, store: Database, notebook: Notebook
) -> None:
    """The flow cancels the deadline that is already due: it is not met."""
    account_id = platform.keys.account_id
    async with registry.transaction(store, account_id) as tx:
        await gates.lock(tx, account_id)
        await plan(store, account_id, contested=clock.machine_ms() - 1)
        assert await clocks.meet_due(store, account_id) == 0
        await deadlines.cancel(tx, kind=KIND, subject="contested")
    await asyncio.sleep(0.3)
    assert notebook.seen == []
    assert await left(store, account_id) == []
