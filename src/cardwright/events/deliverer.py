"""The deliverer: fans events out and posts them, each destination at its own pace."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from cardwright.events import delivery, emission, failing, fan_out, fault_hook
from cardwright.events.fan_out import Key
from cardwright.events.pacing import RATE, Pace
from cardwright.events.presence import Presence, release_of_the_gone
from cardwright.kernel import clock
from cardwright.kernel.database import Database, Tx
from cardwright.kernel.logs import log
from cardwright.kernel.loop import Loop, passing
from cardwright.kernel.outbound import Outbound

# Destinations whose deliveries are read from the database at once.
CLAIMS_AT_ONCE = 4
# Without a hint the loop looks for flags this often, and for tries that became due this often.
REST_SECONDS = 0.1
SWEEP_SECONDS = 0.25
# How often it looks for what other processes left behind, and for destinations that fail for days.
CARE_SECONDS = 2.0
# A hint comes right before a commit: the loop looks again after these waits.
HINT_SECONDS = (0.002, 0.004, 0.008, 0.016, 0.032)
BREATH_SECONDS = 0.02
STOP_SECONDS = 1.0


class Deliverer(Loop):
    """The loop of deliveries. ``machine_ms`` is the time of schedules, signatures and leases,
    ``rate`` how many posts a destination gets in a second."""

    def __init__(
        self,
        database: Database,
        outbound: Outbound,
        *,
        schedules: delivery.Schedules = delivery.DOCUMENTED,
        lease_ms: int = delivery.LEASE_MS,
        rate: float = RATE,
        machine_ms: Callable[[], int] = clock.machine_ms,
    ) -> None:
        super().__init__()
        self.database = database
        self.outbound = outbound
        self.schedules = schedules
        self.lease_ms = lease_ms
        self.rate = rate
        self.machine_ms = machine_ms
        self.disturb: fault_hook.Disturb = fault_hook.undisturbed
        self.presence = Presence(database)
        self._hints = len(HINT_SECONDS)
        self._wanted: set[Key] = set()
        self._paces: dict[Key, Pace] = {}
        self._failing: set[Key] = set()
        self._posting: set[asyncio.Task[None]] = set()
        self._claims = asyncio.Semaphore(CLAIMS_AT_ONCE)
        self._sweep_at = 0.0
        self._care_at = 0.0

    def hint(self) -> None:
        """Events are about to be committed by this process."""
        self._hints = 0
        self.wake()

    async def write_events(self, tx: Tx) -> None:
        """Write the events of a transaction, and deliver them once they are committed."""
        await emission.write(tx)
        self.hint()

    async def stop(self) -> None:
        """End; posts under way are given a moment, the rest is left to the others."""
        await super().stop()
        if self._posting:
            await asyncio.wait(self._posting, timeout=STOP_SECONDS)
        for task in self._posting:
            task.cancel()
        await asyncio.gather(*self._posting, return_exceptions=True)
        await self.presence.let_go()

    async def work(self) -> float:
        """Fan out, then take and post for every destination that has a free place."""
        await self.presence.hold()
        found = await fan_out.fan_out(self.database)
        self._wanted |= found.touched
        if clock.monotonic() >= self._sweep_at:
            self._sweep_at = clock.monotonic() + SWEEP_SECONDS
            await self._sweep()
        ready = [key for key in sorted(self._wanted) if self._pace(key).free()]
        self._wanted.difference_update(ready)
        await asyncio.gather(*[self._claim(key) for key in ready])
        return min(await self._rest(found), self._held_back())

    async def _sweep(self) -> None:
        """Look for what became due, and now and then for what nobody else cares for."""
        async with self.database.connection() as connection:
            if clock.monotonic() >= self._care_at:
                self._care_at = clock.monotonic() + CARE_SECONDS
                await release_of_the_gone(connection, self.machine_ms())
                await failing.look(self.database, connection, self.machine_ms())
            self._wanted |= await delivery.destinations_due(connection, self.machine_ms())
        for key in [key for key, pace in self._paces.items() if pace.idle]:
            del self._paces[key]

    def _pace(self, key: Key) -> Pace:
        if key not in self._paces:
            self._paces[key] = Pace(self.rate)
        return self._paces[key]

    def _held_back(self) -> float:
        """How long until a destination that is wanted may be served again by its rate."""
        waits = [self._pace(key).wait_seconds() for key in self._wanted]
        return min((wait for wait in waits if wait), default=REST_SECONDS)

    async def _rest(self, found: fan_out.Round) -> float:
        if found.events:
            self._hints = len(HINT_SECONDS)
            # Under load a few milliseconds make one round of what would have been many.
            await asyncio.sleep(0.0 if found.events == fan_out.AT_ONCE else BREATH_SECONDS)
            return 0.0
        if not found.mine:
            return HINT_SECONDS[-1]
        if self._hints < len(HINT_SECONDS):
            self._hints += 1
            return HINT_SECONDS[self._hints - 1]
        return REST_SECONDS

    async def _claim(self, key: Key) -> None:
        """Take as many deliveries as there are places, and post them."""
        pace = self._pace(key)
        places = pace.free()
        async with self._claims:
            now_ms = self.machine_ms()
            lease = delivery.Lease(self.presence.number, now_ms, now_ms + self.lease_ms)
            try:
                parcels = await delivery.claim(self.database, key, places, lease)
            except Exception as error:
                # One destination's trouble does not reach the others; the sweep comes back to it.
                if not passing(error):
                    log.exception("deliverer.claim_failed", destination=key.id)
                return
        if len(parcels) == places:
            self._wanted.add(key)
        pace.take(len(parcels))
        for parcel in parcels:
            task = asyncio.create_task(self._deliver(parcel, pace))
            self._posting.add(task)
            task.add_done_callback(self._posting.discard)

    async def _deliver(self, parcel: delivery.Parcel, pace: Pace) -> None:
        schedule = self.schedules.live if parcel.livemode else self.schedules.test
        try:
            outcome = await self._post(parcel)
            pace.note(outcome.accepted)
            await delivery.record(self.database, parcel, outcome, schedule, self.machine_ms())
            self._tell(parcel, outcome)
        except Exception as error:
            # Nothing is noted, so the lease runs out and it is delivered again.
            if not passing(error):
                log.exception("deliverer.failed", event_id=parcel.claimed.event_id)
        finally:
            pace.give_back()
            if parcel.key in self._wanted and pace.free():
                self.wake()

    async def _post(self, parcel: delivery.Parcel) -> delivery.DeliveryOutcome:
        async def once() -> delivery.DeliveryOutcome:
            return await delivery.post(self.outbound, parcel, self.machine_ms())

        disturbance = await self.disturb(parcel)
        if disturbance is None:
            return await once()
        return await fault_hook.post(disturbance, once, self.machine_ms())

    def _tell(self, parcel: delivery.Parcel, outcome: delivery.DeliveryOutcome) -> None:
        """Tell the operator once when a destination begins to fail, not at every try."""
        if outcome.accepted:
            self._failing.discard(parcel.key)
        elif parcel.key not in self._failing:
            self._failing.add(parcel.key)
            log.warning(
                "deliverer.failed_delivery",
                destination=parcel.key.id,
                host=urlsplit(parcel.url).netloc.rpartition("@")[2],
                event_id=parcel.claimed.event_id,
                reason=outcome.failure or f"status {outcome.status}",
            )
