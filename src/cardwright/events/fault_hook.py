"""Tries of deliveries that a fault befalls: what came of them, as the sender takes it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import msgspec

from cardwright.events.delivery import DeliveryOutcome, Parcel
from cardwright.kernel import clock


class Disturbance(NamedTuple):
    """What befalls a try: the fault and its effect, milliseconds of delay, the status that the
    receiver is taken to have answered."""

    fault: str
    effect: str
    latency_ms: int
    status: int | None


Disturb = Callable[[Parcel], Awaitable[Disturbance | None]]


async def undisturbed(_parcel: Parcel) -> Disturbance | None:
    """Nothing goes wrong."""
    return None


async def post(
    disturbance: Disturbance, once: Callable[[], Awaitable[DeliveryOutcome]], now_ms: int
) -> DeliveryOutcome:
    """A disturbed try; ``once`` posts."""
    if disturbance.effect == "drop_delivery":
        return DeliveryOutcome(now_ms, 0, None, f"connection: dropped by {disturbance.fault}")
    if disturbance.effect == "delay_delivery":
        await asyncio.sleep(disturbance.latency_ms / clock.SECOND_MS)
    outcome = await once()
    if disturbance.effect == "duplicate_delivery":
        await once()
    if disturbance.effect == "answer_delivery":
        note = f"answered as {disturbance.status} by {disturbance.fault}"
        return msgspec.structs.replace(outcome, status=disturbance.status, answer_body=note)
    return outcome
