"""``python -m bench.ledger``: balanced transfers straight into the ledger, and reading a balance.

It is a process of its own.

Reads an ``Order`` from standard input and writes a ``Measurement`` to standard output.
"""

import asyncio
import itertools
import time
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import uvloop

from bench import children
from bench.measurement import WARM_UP_SECONDS, Measurement, measurement
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Database, open_pool
from cardwright.kernel.vault import installed_vault
from cardwright.ledger import flows, transfers
from cardwright.roles.application import Application
from cardwright.tenancy import gates, registry

CURRENCY = "gbp"
# Transfers of 1.00 that came in, two lines each.
LONG_HISTORY = """
insert into entries (
    account_id, transfer_id, line, book, part, currency, amount_minor, reason, created_ms
)
select $1, 'txn_' || lpad(number::text, 26, '0'), line, book, 'available', $2, amount, 'topup',
       number
from generate_series(1, $3::bigint / 2) number,
     (values (0, 'issuing', 100), (1, 'outside', -100)) lines (line, book, amount)
"""
ITS_BALANCES = """
insert into balances (account_id, book, currency, available_minor)
values ($1, 'issuing', $2, $3 / 2 * 100), ($1, 'outside', $2, $3 / 2 * -100)
"""


class Order(msgspec.Struct, frozen=True):
    """Where, on which accounts, how many at once, how many in a transaction, for how long. With
    ``reads`` a balance is read instead, by one caller."""

    data_directory: str
    database: dict[str, Any]
    accounts: list[str]
    in_flight: int
    batch: int
    seconds: float
    reads: bool = False


class Loads:
    """Callers that wait for one transaction after the other."""

    def __init__(self, order: Order, database: Database) -> None:
        self._order = order
        self._database = database
        self._accounts = itertools.cycle(order.accounts)
        self._counts_from = time.perf_counter() + WARM_UP_SECONDS
        self._ends_at = self._counts_from + order.seconds
        self.latencies: list[float] = []

    async def work(self) -> None:
        """One caller."""
        one = self.read if self._order.reads else self.post
        while True:
            began = time.perf_counter()
            await one(next(self._accounts))
            now = time.perf_counter()
            if now >= self._ends_at:
                return
            if now >= self._counts_from:
                self.latencies.append(now - began)

    async def post(self, account: str) -> None:
        """One durable transaction of an account."""
        async with registry.transaction(self._database, account) as tx:
            await gates.lock(tx, account)
            one = transfers.incoming(account, "issuing", CURRENCY, 1)
            await flows.post_together(tx, [one] * self._order.batch)

    async def read(self, account: str) -> None:
        """One balance."""
        async with self._database.connection() as connection:
            await flows.balance_of(connection, account, "issuing", CURRENCY)


async def run(order: Order) -> Measurement:
    """Let the callers work for as long as they are told."""
    vault = installed_vault(Path(order.data_directory), None)
    pool = await open_pool(order.database, vault, size=max(2, order.in_flight))
    try:
        loads = Loads(order, (Application(pool, vault)).database)
        async with asyncio.TaskGroup() as group:
            for _ in range(order.in_flight):
                group.create_task(loads.work())
    finally:
        await pool.close()
    measured = measurement(loads.latencies, order.seconds)
    # Throughput is of transfers, latency of the transactions that they come in.
    return msgspec.structs.replace(measured, per_second=measured.per_second * order.batch)


def with_history(connect: dict[str, Any], platform: str, entries: int) -> str:
    """A new account with so many entries; its id."""

    async def make() -> str:
        connection: Connection = await asyncpg.connect(**connect)
        account = ids.new_id("acct_")
        async with connection.transaction():
            await registry.register(
                connection,
                account_id=account,
                platform_id=platform,
                livemode=False,
                created_ms=clock.machine_ms(),
            )
            await connection.execute(LONG_HISTORY, account, CURRENCY, entries)
            await connection.execute(ITS_BALANCES, account, CURRENCY, entries)
        await connection.close()
        return account

    return asyncio.run(make())


def main() -> None:
    """Do what standard input says."""
    children.report(uvloop.run(run(children.ordered(Order))))


if __name__ == "__main__":
    main()
