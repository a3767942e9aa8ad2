"""The lanes: a queue and a worker each, which make decisions durable in batches.

An account always goes to the same lane of a process; between processes its gate decides who is
next. A lane never dies of what it carries: an item that fails fails alone, and a worker that ends
is started again while those who waited are told to retry.
"""

import asyncio
import logging
import zlib
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import asyncpg

from cardwright.authorizations.lane.batch import Batch, Result
from cardwright.authorizations.lane.columns import as_column
from cardwright.authorizations.lane.work import Attempt, LaneOutcome
from cardwright.kernel import clock
from cardwright.kernel.database import RETRYABLE, Connection, Database, is_lost
from cardwright.kernel.loop import Part
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import Failure
from cardwright.wire import refusals as wire_refusals

LOG = logging.getLogger("cardwright")
QUERIES = load(__file__)

BATCH_MAX = 128
LANES = 2
# How many items are worth a batch of their own, and how long fewer wait for more to come.
ENOUGH = 40
GATHER_SECONDS = 0.005
RESTART_SECONDS = 0.05
RECONNECT_SECONDS = 0.1
LOCK_NOT_AVAILABLE = "55P03"
# The statements look rows up by their keys; no size of a table makes another plan a better one.
_PREPARE = QUERIES.run("lane_planning")
_GATE_PATIENCE = QUERIES.run("lane_patience")
_RESET = QUERIES.run("reset_session")
_COMMITTED = QUERIES.many("committed_authorizations", str)

LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
)


class Lane:
    """One queue and its worker."""

    def __init__(self, database: Database, committed: Callable[[], None]) -> None:
        self._database = database
        self._committed = committed
        self._queue: deque[Attempt] = deque()
        self._again: deque[Attempt] = deque()
        self._current: list[Attempt] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._connection: Any = None
        self._stopping = False
        self._gathering = False
        self._neighbours: list[Lane] = []
        self.alive = False

    def meet(self, neighbours: "list[Lane]") -> None:
        """Get to know the other lanes of the process."""
        self._neighbours = neighbours

    # What doors do.

    def put(self, item: Attempt) -> None:
        """Let an item wait for the next batch."""
        self._queue.append(item)
        if not self._gathering or len(self._queue) >= ENOUGH:
            self._wake.set()

    @property
    def busy(self) -> bool:
        """Whether a batch is being worked on."""
        return bool(self._current)

    # The worker and its supervisor.

    def start(self) -> None:
        """Start the supervised worker."""
        self._task = asyncio.create_task(self._supervise())

    async def stop(self) -> None:
        """Finish the batch that is running, refuse what waits, and end."""
        self._stopping = True
        self._wake.set()
        task, self._task = self._task, None
        if task is not None:
            await task
        self._refuse_all("the server is stopping")

    async def _supervise(self) -> None:
        while not self._stopping:
            try:
                self.alive = True
                await self._work()
            except Exception:
                LOG.exception("an authorization lane ended and is started again")
                self._refuse_all("the authorization lane is starting again")
                await asyncio.sleep(RESTART_SECONDS)
            finally:
                self.alive = False
                await self._disconnect()

    def _refuse_all(self, reason: str) -> None:
        waiting = [*self._current, *self._again, *self._queue]
        self._current, self._queue, self._again = [], deque(), deque()
        for item in waiting:
            _tell(item, Failure(wire_refusals.UNAVAILABLE, reason=reason))

    async def _work(self) -> None:
        waiting = False
        while not self._stopping:
            if not self._queue and not self._again:
                self._wake.clear()
                await self._wake.wait()
            await self._gather()
            # Turn and turn about, so that a busy account does not keep the others waiting.
            waiting = bool(self._again) and not (waiting and self._queue)
            self._current = self._take(self._again if waiting else self._queue)
            if self._current:
                await self._carry_out(self._current, waiting=waiting)
            self._current = []
            for neighbour in self._neighbours:
                neighbour.hurry()
            # Whoever was answered may have something new: let them come before the next batch.
            await asyncio.sleep(0)

    async def _gather(self) -> None:
        """A batch costs much the same whatever its size: while a neighbour is at work anyway, let
        a few more items come, for a few milliseconds at most."""
        if len(self._queue) >= ENOUGH or not any(lane.busy for lane in self._neighbours):
            return
        self._gathering = True
        self._wake.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), GATHER_SECONDS)
        self._gathering = False

    def hurry(self) -> None:
        """A neighbour is done: what was gathered is enough."""
        if self._gathering:
            self._wake.set()

    @staticmethod
    def _take(queue: deque[Attempt]) -> list[Attempt]:
        """Up to a batch of items that somebody still waits for and that are not late."""
        taken: list[Attempt] = []
        now = clock.monotonic()
        while queue and len(taken) < BATCH_MAX:
            item = queue.popleft()
            if not item.wanted:
                continue
            if item.deadline <= now:
                _tell(item, Failure(wire_refusals.LOCK_TIMEOUT))
            else:
                taken.append(item)
        return taken

    async def _carry_out(self, items: list[Attempt], *, waiting: bool) -> None:
        """One batch, again and again while that may help; in the end each item alone."""
        left = items
        attempt = 0
        while left:
            try:
                await self._transact(left, waiting=waiting)
            except LOST:
                await self._disconnect()
                left = await self._after_loss(left)
            except asyncpg.PostgresError as error:
                if error.sqlstate not in RETRYABLE:
                    await self._one_by_one(left, error)
                    return
                if error.sqlstate == LOCK_NOT_AVAILABLE:
                    self._again.extend(_in_time(left))
                    return
                attempt += 1
                await asyncio.sleep(0.002 * attempt)
                left = _in_time(left)
            except Exception as error:
                await self._one_by_one(left, error)
                return
            else:
                return

    async def _one_by_one(self, items: list[Attempt], error: Exception) -> None:
        """Find the item that breaks a batch: only the one that breaks again alone is failed."""
        if len(items) == 1:
            LOG.error("an authorization failed", exc_info=error)
            _tell(items[0], error)
            return
        for item in items:
            await self._carry_out([item], waiting=True)

    async def _after_loss(self, items: list[Attempt]) -> list[Attempt]:
        """The connection is gone, perhaps during COMMIT: answer what was committed after all;
        what is left is done again under the same ids."""
        while left := _in_time(items):
            try:
                connection = await self._connect()
                done = await _committed(connection, left)
            except (*LOST, asyncpg.PostgresError, TimeoutError):
                await self._disconnect()
                await asyncio.sleep(RECONNECT_SECONDS)
                continue
            for result in done:
                _tell(result.item, result.outcome)
            answered = {id(result.item) for result in done}
            return [item for item in left if id(item) not in answered]
        return []

    async def _transact(self, items: list[Attempt], *, waiting: bool) -> None:
        connection = await self._connect()
        batch = Batch(self._database.vault, items, waiting)
        await connection.execute("BEGIN")
        try:
            if waiting:
                await _GATE_PATIENCE(connection)
            await batch.run(connection)
            await connection.execute("COMMIT")
        except BaseException:
            if not is_lost(connection):
                await connection.execute("ROLLBACK")
            raise
        for result in batch.results:
            _tell(result.item, result.outcome)
        self._committed()
        self._again.extend(batch.again)

    async def _connect(self) -> Connection:
        if self._connection is None or is_lost(self._connection):
            await self._disconnect()
            self._connection = await self._database.pool.acquire(timeout=5)
            await _PREPARE(self._connection)
        connection: Connection = self._connection
        return connection

    async def _disconnect(self) -> None:
        """Give the connection back as it came."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if not is_lost(connection):
                await _RESET(connection)
            await self._database.pool.release(connection)
        except (*LOST, asyncpg.PostgresError):
            connection.terminate()


class Lanes(Part):
    """The lanes of this process."""

    def __init__(
        self,
        database: Database,
        *,
        count: int = LANES,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        """``committed`` is called whenever a batch has made events durable."""
        self.database = database
        self._lanes = [Lane(database, committed) for _ in range(count)]
        for lane in self._lanes:
            lane.meet([other for other in self._lanes if other is not lane])

    @property
    def alive(self) -> bool:
        """Whether every lane is working."""
        return all(lane.alive for lane in self._lanes)

    @property
    def trouble(self) -> str | None:
        """What is said while not every lane is working."""
        return None if self.alive else "an authorization lane is starting again"

    async def start(self) -> None:
        """Start every lane; returns once they are working."""
        for lane in self._lanes:
            lane.start()
        await asyncio.sleep(0)

    async def stop(self) -> None:
        """Stop every lane."""
        await asyncio.gather(*(lane.stop() for lane in self._lanes))

    async def decide(self, item: Attempt) -> LaneOutcome:
        """Hand an item over and wait for what comes of it; raises what it is refused with."""
        self.lane_of(item.account_id).put(item)
        return await item.future

    def lane_of(self, account_id: str) -> Lane:
        """The lane of an account."""
        return self._lanes[zlib.crc32(account_id.encode()) % len(self._lanes)]


async def _committed(connection: Connection, items: list[Attempt]) -> list[Result]:
    """The results of those requests that did commit before the connection was lost; their door
    renders what is stored."""
    attempts = {item.id: item for item in items}
    found = await _COMMITTED(
        connection,
        account_ids=as_column(item.account_id for item in attempts.values()),
        ids=as_column(attempts),
    )
    return [Result(attempts[made], LaneOutcome(made)) for made in found]


def _in_time(items: list[Attempt]) -> list[Attempt]:
    """The items whose deadline has not passed; the others are told so."""
    now = clock.monotonic()
    left = []
    for item in items:
        if item.deadline > now:
            left.append(item)
        else:
            _tell(item, Failure(wire_refusals.LOCK_TIMEOUT))
    return left


def _tell(item: Attempt, outcome: LaneOutcome | BaseException) -> None:
    """Answer an item that still waits; nobody may be waiting any more."""
    if item.future.done():
        return
    if isinstance(outcome, BaseException):
        item.future.set_exception(outcome)
        # Whoever stopped waiting does not want to hear of it either.
        item.future.exception()
    else:
        item.future.set_result(outcome)
