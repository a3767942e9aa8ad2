"""``python -m bench``: measure a server of its own, and leave nothing behind but a file.

Prints throughput and latency beside those of pgbench on the same database, and writes them to
``build/bench.json``. Exits non-zero when any answer is not the expected one.
"""

import argparse
import asyncio
import http.client
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg
import msgspec
from rich.console import Console

from bench import (
    accounts,
    children,
    deadlines,
    evaluation,
    events,
    lanes,
    ledger,
    limits,
    load,
    requests,
    tpcb,
    webhook,
)
from bench.children import ROOT
from bench.measurement import Measurement, Wrong
from bench.server import Server
from bench.table import Report

SECONDS = 3.0
ROUNDS = 3
# How many transfers of the ledger come in one transaction, single and batched.
SINGLE, BATCH = 1, 50
TRANSFERRING = 16
# How many payments at once have their platform asked.
ASKING = 8
HISTORIES = (1_000, 100_000, 1_000_000)
READING_SECONDS = 1.0
# How many accounts with how many destinations each make how many events together, and how often
# emission is turned off and on.
HEARING = ((1, 1, 1500), (1, 10, 500), (10, 10, 500))
TURNS = 4
ACCOUNTS = 1000
AMOUNT_MINOR = 10
DEADLINES = 5000
# How long each of two callers waits before the next payment, while deadlines are met.
REST_SECONDS = 0.02
FILE = ROOT / "build" / "bench.json"


class Bench:
    """The steps, in order."""

    def __init__(self, server: Server, report: Report, seconds: float, deadlines: int) -> None:
        self.server = server
        self.report = report
        self.seconds = seconds
        self.deadlines = deadlines

    def run(self) -> None:
        """All of it. The loads take turns, so that whatever else the machine does meanwhile
        falls on all of them."""
        self.measure_starts()
        self.report.doing("Evaluating accounts")
        slowest = max(evaluation.measured().values())
        self.report.fact(f"Evaluation of an account, the slowest of four: {slowest:.0f} us")
        self.report.doing("Filling the tables of pgbench")
        asyncio.run(create_database(self.database, tpcb.DATABASE))
        tpcb.prepare(self.database)
        self.report.doing(f"Making {ACCOUNTS:,} accounts, each with a funded card")
        platform, cards = accounts.prepare(self.server.data_directory, self.database, ACCOUNTS)
        for _ in range(ROUNDS):
            self.measure_tpcb()
            self.measure_lanes(platform, cards)
            self.measure_authorizations(cards)
            self.measure_webhook(cards)
            self.measure_cardholders()
            self.measure_accounts()
            self.measure_ledger("ledger_single", cards, SINGLE)
            self.measure_ledger("ledger_batched", cards, BATCH)
        self.measure_balances(platform)
        self.measure_limits()
        self.measure_events(cards)
        self.measure_emission(platform, cards)
        self.measure_deadlines(cards, self.deadlines)
        self.report.fact(f"Memory after the load: {self.server.memory_mb():.0f} MB")
        self.report.done()

    @property
    def database(self) -> dict[str, Any]:
        """How to reach the database of the server."""
        return self.server.published.database

    def measure_starts(self) -> None:
        """The first start, on an empty directory, and the second."""
        self.report.doing("Starting a server on an empty directory")
        first = self.server.start()
        self.report.doing("Starting it again")
        self.server.stop()
        second = self.server.start()
        self.report.fact(
            f"Start to the first 200: {first:.1f} s, when started again {second:.1f} s"
        )
        memory = self.server.memory_mb()
        self.report.fact(f"Memory at rest, without PostgreSQL: {memory:.0f} MB")

    def measure_tpcb(self) -> None:
        """What the database does for a well-known load."""
        self.measuring("tpcb")
        measured = tpcb.measure(self.database, self.seconds, self.server.scratch)
        self.report.measured("tpcb", measured)

    def measure_lanes(self, platform: str, cards: list[lanes.Card]) -> None:
        """Authorizations without HTTP."""
        self.measuring("lanes")
        order = self.lanes_order(platform, cards)
        measured = children.run("bench.lanes", order, self.seconds, Measurement)
        self.report.measured("lanes", measured)

    def lanes_order(
        self, platform: str, cards: list[lanes.Card], *, silent: bool = False
    ) -> lanes.Order:
        """What a process with lanes is told."""
        return lanes.Order(
            data_directory=str(self.server.data_directory),
            database=self.database,
            platform=platform,
            cards=cards,
            amount=AMOUNT_MINOR,
            in_flight=64,
            seconds=self.seconds,
            silent=silent,
        )

    def measure_authorizations(self, cards: list[lanes.Card]) -> None:
        """Authorizations by the test helper."""
        key = self.server.key
        sent = [requests.authorize(card, key, AMOUNT_MINOR) for card in cards]
        self.measure_http("http_authorizations", 64, sent, lanes.APPROVED)

    def measure_webhook(self, cards: list[lanes.Card]) -> None:
        """Authorizations whose platform is asked first: what that takes beyond its own time."""
        self.measuring("webhook_overhead")
        order = webhook.Order(
            port=self.server.published.port,
            key=self.server.key,
            cards=cards,
            amount=AMOUNT_MINOR,
            in_flight=ASKING,
            seconds=self.seconds,
        )
        measured = children.run("bench.webhook", order, self.seconds, Measurement)
        self.report.measured("webhook_overhead", measured)

    def measure_cardholders(self) -> None:
        """A small write and a small read."""
        key = self.server.key
        create = requests.create_cardholder(key)
        self.measure_http("http_create", 16, [create], b'"object":"issuing.cardholder"')
        cardholder = self.made(create)
        get = requests.get(f"{requests.CARDHOLDERS}/{cardholder}", key)
        self.measure_http("http_get", 16, [get], f'"id":"{cardholder}"'.encode())

    def measure_ledger(self, name: str, cards: list[lanes.Card], batch: int) -> None:
        """Balanced transfers on the accounts of the cards, so many in a transaction."""
        self.measuring(name)
        names = [card.account for card in cards]
        order = self.ledger_order(names, TRANSFERRING, batch, self.seconds)
        measured = children.run("bench.ledger", order, self.seconds, Measurement)
        self.report.measured(name, measured)

    def measure_balances(self, platform: str) -> None:
        """Reading a balance takes as long whatever came before."""
        told = []
        for entries in HISTORIES:
            self.report.doing(f"Reading a balance of {entries:,} entries")
            account = ledger.with_history(self.database, platform, entries)
            order = self.ledger_order([account], 1, SINGLE, READING_SECONDS, reads=True)
            measured = children.run("bench.ledger", order, READING_SECONDS, Measurement)
            told.append(f"{measured.p50_ms * 1000:.0f} us of {entries:,}")
        self.report.fact(f"Reading a balance, by its entries: {', '.join(told)}")

    def measure_limits(self) -> None:
        """Twenty spending limits over a long past cost hardly more than none."""
        self.report.doing("Paying with and without twenty limits")
        load = limits.Limits(self.server.data_directory, self.database, READING_SECONDS)
        told = ", ".join(map(str, load.measured()))
        self.report.fact(f"Payments with twenty limits beside none: {told}")

    def measure_events(self, cards: list[lanes.Card]) -> None:
        """Events to one receiver at several addresses."""
        for accounts_count, each, count in HEARING:
            destinations = accounts_count * each
            self.report.doing(f"Delivering {count:,} events to {destinations} destinations")
            order = events.Order(
                port=self.server.published.port,
                key=self.server.key,
                accounts=[card.account for card in cards[:accounts_count]],
                destinations=each,
                events=count,
            )
            told = children.run("bench.events", order, events.PATIENCE_SECONDS, events.Delivered)
            self.report.fact(
                f"Events to {destinations} destinations: {told.emitted_per_second:,.0f} emitted "
                f"and {told.delivered_per_second:,.0f} delivered a second"
            )

    def measure_emission(self, platform: str, cards: list[lanes.Card]) -> None:
        """Authorizations in the lanes with their events and without them, in turns."""
        self.report.doing("Deciding with and without events")
        found: dict[bool, list[float]] = {True: [], False: []}
        for _ in range(TURNS):
            for silent, took in found.items():
                order = self.lanes_order(platform, cards, silent=silent)
                measured = children.run("bench.lanes", order, self.seconds, Measurement)
                took.append(1000 / measured.per_second)
        quiet, told = (sorted(each)[len(each) // 2] for each in found.values())
        self.report.fact(
            f"An event adds {(told - quiet) / quiet:.0%} to an authorization in the lanes: "
            f"{told:.3f} ms, without it {quiet:.3f} ms"
        )

    def ledger_order(
        self, names: list[str], at_once: int, batch: int, seconds: float, *, reads: bool = False
    ) -> ledger.Order:
        """What a process with loads of the ledger is told."""
        return ledger.Order(
            data_directory=str(self.server.data_directory),
            database=self.database,
            accounts=names,
            in_flight=at_once,
            batch=batch,
            seconds=seconds,
            reads=reads,
        )

    def measure_accounts(self) -> None:
        """A connected account with everything that issuing needs, made and read back."""
        key = self.server.key
        create = requests.create_account(key)
        self.measure_http("http_accounts", 16, [create], b'"object":"v2.core.account"')
        account = self.made(create)
        get = requests.get_account(key, account)
        self.measure_http("http_account_get", 16, [get], f'"id":"{account}"'.encode())

    def made(self, request: bytes) -> str:
        """The id of what one request makes."""
        head, _, body = request.partition(b"\r\n\r\n")
        connection = http.client.HTTPConnection("127.0.0.1", self.server.published.port, timeout=10)
        lines = head.decode().split("\r\n")
        method, path, _ = lines[0].split(" ")
        connection.request(method, path, body, dict(line.split(": ", 1) for line in lines[1:]))
        identifier: str = msgspec.json.decode(connection.getresponse().read())["id"]
        return identifier

    def measure_http(self, name: str, in_flight: int, sent: list[bytes], expected: bytes) -> None:
        """One HTTP load."""
        self.measuring(name)
        order = load.Order(
            port=self.server.published.port,
            in_flight=in_flight,
            seconds=self.seconds,
            requests=sent,
            expected=expected,
        )
        self.report.measured(name, children.run("bench.load", order, self.seconds, Measurement))

    def measure_deadlines(self, cards: list[lanes.Card], count: int) -> None:
        """Holds of the loads before that all run out at one instant, and payments meanwhile."""
        self.report.doing(f"Letting {count:,} holds run out at one instant")
        planned = asyncio.run(deadlines.plan(self.database, count))
        before = self.pay(cards)
        with ThreadPoolExecutor(max_workers=1) as executor:
            draining = executor.submit(asyncio.run, deadlines.drain(self.database, planned))
            during = [self.pay(cards)]
            while not draining.done():
                during.append(self.pay(cards))
            drained = draining.result()
        # The last one mostly ran alone.
        middle = sorted(one.p50_ms for one in during[:-1] or during)[len(during[:-1]) // 2]
        self.report.fact(
            f"{drained.count:,} holds that run out at one instant: {drained.per_second:,.0f} per "
            f"second; a payment of two callers takes {middle:.1f} ms (p50) meanwhile, "
            f"{before.p50_ms:.1f} ms before"
        )

    def pay(self, cards: list[lanes.Card]) -> Measurement:
        """Two callers who pay now and then."""
        order = load.Order(
            port=self.server.published.port,
            in_flight=2,
            rest_seconds=REST_SECONDS,
            seconds=self.seconds,
            requests=[requests.authorize(card, self.server.key, AMOUNT_MINOR) for card in cards],
            expected=lanes.APPROVED,
        )
        return children.run("bench.load", order, self.seconds, Measurement)

    def measuring(self, name: str) -> None:
        """Begin a measurement, from the same state of the database's journal each time."""
        self.report.doing(f"Measuring {name} for {self.seconds:g} s")
        asyncio.run(checkpoint(self.database))


async def create_database(connect: dict[str, Any], name: str) -> None:
    """Another database on the same server."""
    connection = await asyncpg.connect(**connect)
    await connection.execute(f"create database {name}")
    await connection.close()


async def checkpoint(connect: dict[str, Any]) -> None:
    """Write everything out, so that no load pays for the one before it."""
    connection = await asyncpg.connect(**connect)
    await connection.execute("checkpoint")
    await connection.close()


def interrupt(_number: int, _frame: object) -> None:
    """Let a SIGTERM clean up as Ctrl-C does."""
    signal.raise_signal(signal.SIGINT)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="how long a round of each load is measured"
    )
    parser.add_argument(
        "--deadlines", type=int, default=DEADLINES, help="how many holds run out at one instant"
    )
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, interrupt)
    report = Report(Console())
    server = Server()
    try:
        with report.shown():
            Bench(server, report, arguments.seconds, arguments.deadlines).run()
    except Wrong as wrong:
        sys.exit(f"The benchmark failed: {wrong}")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        server.remove()
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(report.rows), indent=2) + b"\n")
    report.console.print(f"Written to {FILE}")


if __name__ == "__main__":
    main()
