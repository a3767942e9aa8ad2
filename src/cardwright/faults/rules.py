"""Which members belong to which effect, and whether a fault is meant for a call or a delivery."""

from fnmatch import fnmatchcase
from typing import NamedTuple, get_args

from cardwright.faults import refusals
from cardwright.faults.model import DELIVERY_LATENCY_MAX_MS, Fault, NewFault, RequestEffect
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals

ON_REQUESTS = frozenset(get_args(RequestEffect))
OF_REQUESTS = ("key", "method", "path")
OF_DELIVERIES = ("attempt", "destination", "event_type")
# What only some effects have.
BELONGS = {
    "latency_ms": ON_REQUESTS | {"delay_delivery"},
    "reason": {"rate_limit"},
    "status": {"status", "answer_delivery"},
}
NEEDS = {
    "status": "status",
    "latency": "latency_ms",
    "delay_delivery": "latency_ms",
    "answer_delivery": "status",
}
# What is switched with these paths is never itself in the way of switching it off.
SPARED = "/_cardwright/"


class CallFacts(NamedTuple):
    """A call as faults select it; ``key_hash`` is of the API key."""

    method: str
    path: str
    account_id: str
    key_hash: str


class DeliveryFacts(NamedTuple):
    """A delivery as faults select it; ``account_id`` is whose event it is."""

    event_type: str
    account_id: str
    destination_id: str
    attempt: int


def check_new(given: NewFault) -> None:
    """Refuse members that the effect does not have, and missing ones that it needs."""
    on_requests = given.effect in ON_REQUESTS
    strangers = [*(OF_DELIVERIES if on_requests else OF_REQUESTS)]
    strangers += [name for name, effects in BELONGS.items() if given.effect not in effects]
    for name in strangers:
        if getattr(given, name) is not None:
            fail(refusals.FAULT_MEMBER_OF_OTHER_EFFECT, param=name, effect=given.effect)
    needed = NEEDS.get(given.effect)
    if needed is not None and getattr(given, needed) is None:
        fail(wire_refusals.PARAMETER_MISSING, param=needed)
    if given.effect == "status" and given.status not in refusals.FAULT_ANSWERS:
        values = ", ".join(map(str, refusals.FAULT_ANSWERS))
        fail(wire_refusals.PARAMETER_ENUM, param="status", values=values)
    if given.effect == "answer_delivery" and 200 <= (given.status or 0) < 300:
        fail(refusals.FAULT_ANSWER_OF_SUCCESS, param="status")
    if given.effect == "delay_delivery" and (given.latency_ms or 0) > DELIVERY_LATENCY_MAX_MS:
        fail(
            wire_refusals.PARAMETER_INTEGER_RANGE,
            param="latency_ms",
            rule=f"at most {DELIVERY_LATENCY_MAX_MS}",
            value=given.latency_ms,
        )


def strikes_call(fault: Fault, asked: CallFacts) -> bool:
    """Whether the fault is meant for a call."""
    return (
        fault.effect in ON_REQUESTS
        and not asked.path.startswith(SPARED)
        and fault.method in (None, asked.method)
        and fault.account in (None, asked.account_id)
        and fault.key_hash in (None, asked.key_hash)
        and (fault.path is None or fnmatchcase(asked.path, fault.path))
    )


def strikes_delivery(fault: Fault, sent: DeliveryFacts) -> bool:
    """Whether the fault is meant for a try of a delivery."""
    return (
        fault.effect not in ON_REQUESTS
        and fault.account in (None, sent.account_id)
        and fault.destination in (None, sent.destination_id)
        and fault.attempt in (None, sent.attempt)
        and (fault.event_type is None or fnmatchcase(sent.event_type, fault.event_type))
    )
