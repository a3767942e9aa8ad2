"""The faults that are in force, at hand in every process.

A process reads them twice a second, and at once after a call that changed them; where there are
none, a call costs a look into an empty dictionary.
"""

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import msgspec

from cardwright.events.delivery import Parcel
from cardwright.events.fault_hook import Disturbance
from cardwright.faults import refusals, rules
from cardwright.faults.model import Fault
from cardwright.faults.rules import CallFacts, DeliveryFacts
from cardwright.kernel import clock
from cardwright.kernel.database import Database
from cardwright.kernel.loop import Loop
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import keys
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.auth import presented_key
from cardwright.wire.content.reading import Request
from cardwright.wire.operation import Call, Headers

QUERIES = load(__file__)
LOOK_SECONDS = 0.5
REASON = b"stripe-rate-limited-reason"


class InForce(msgspec.Struct, frozen=True):
    """A row of a fault, with whose it is."""

    account_id: str
    id: str
    created: int
    expires_at: int
    count: int | None
    strikes: int
    body: str

    def fault(self) -> Fault:
        """The fault."""
        content = msgspec.json.decode(self.body)
        for name in ("id", "created", "expires_at", "count", "strikes"):
            content[name] = getattr(self, name)
        return msgspec.convert(content, Fault)


_IN_FORCE = QUERIES.many("faults_in_force", InForce)
_STRIKE = QUERIES.run("strike")


class ActiveFaults(Loop):
    """What goes wrong on purpose, by platform."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self._faults: dict[str, list[Fault]] = {}

    async def work(self) -> float:
        """Read them again."""
        await self.read()
        return LOOK_SECONDS

    async def read(self) -> None:
        """Read what is in force."""
        async with self.database.connection() as connection:
            found = await _IN_FORCE(connection, now=clock.machine_ms() // clock.SECOND_MS)
        faults: dict[str, list[Fault]] = {}
        for row in found:
            faults.setdefault(row.account_id, []).append(row.fault())
        self._faults = faults

    async def on_call(self, call: Call[Any], request: Request, headers: Headers) -> bool:
        """Let a fault strike a call that is about to run: wait, refuse, or have its answer lost.

        True when the answer is not to arrive.
        """
        platform_id = call.actor.platform_id
        if platform_id not in self._faults or call.actor.livemode:
            return False
        asked = CallFacts(
            method=request.method,
            path=request.path,
            account_id=call.actor.account_id,
            key_hash=keys.hashed(presented_key(request.header("authorization"))),
        )
        meant = (fault for fault in self._faults[platform_id] if rules.strikes_call(fault, asked))
        fault = await self._struck(platform_id, meant)
        if fault is None:
            return False
        if fault.latency_ms is not None:
            await asyncio.sleep(fault.latency_ms / clock.SECOND_MS)
        if fault.effect == "status":
            assert fault.status is not None
            fail(refusals.FAULT_ANSWERS[fault.status], fault=fault.id)
        if fault.effect == "rate_limit":
            headers.append((REASON, (fault.reason or "global-rate").encode()))
            fail(refusals.RATE_LIMITED)
        if fault.effect == "lock_timeout":
            fail(wire_refusals.LOCK_TIMEOUT)
        return fault.effect == "drop_response"

    async def on_delivery(self, parcel: Parcel) -> Disturbance | None:
        """What befalls a try of a delivery, or None."""
        if parcel.platform_id not in self._faults or parcel.livemode:
            return None
        sent = DeliveryFacts(
            event_type=parcel.event_type,
            account_id=parcel.claimed.event_account_id,
            destination_id=parcel.key.id,
            attempt=parcel.claimed.attempts + 1,
        )
        of_platform = self._faults[parcel.platform_id]
        meant = (fault for fault in of_platform if rules.strikes_delivery(fault, sent))
        fault = await self._struck(parcel.platform_id, meant)
        if fault is None:
            return None
        return Disturbance(fault.id, fault.effect, fault.latency_ms or 0, fault.status)

    async def _struck(self, platform_id: str, meant: Iterator[Fault]) -> Fault | None:
        """The first fault that strikes, counted in the database; others' strikes count, too."""
        for fault in meant:
            if fault.share < 100 and random.randrange(100) >= fault.share:  # noqa: S311
                continue
            async with self.database.connection() as connection:
                struck = await _STRIKE(
                    connection,
                    account_id=platform_id,
                    id=fault.id,
                    now=clock.machine_ms() // clock.SECOND_MS,
                )
            if struck:
                return fault
        return None
