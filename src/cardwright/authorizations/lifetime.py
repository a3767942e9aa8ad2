"""The life of an authorization: its statuses, what may follow on which, what may be done when, and
how long a hold lives. Pure.

An authorization begins ``pending`` (approved, or waiting for an answer) or ``closed`` (declined).
"""

from typing import Literal

from cardwright.authorizations import refusals
from cardwright.authorizations.model import Authorization, Status
from cardwright.kernel.refusal import fail
from cardwright.wire.given import Given
from cardwright.wire.versions import Body, Edit, Version

Verb = Literal["capture", "expire", "finalize", "increment", "reverse"]

# The allowed transitions. What the network settles late, or once more, ends in ``closed``.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    "pending": frozenset({"pending", "closed", "expired", "reversed"}),
    "closed": frozenset({"closed"}),
    "expired": frozenset({"expired", "closed"}),
    "reversed": frozenset({"reversed", "closed"}),
}
# The statuses in which something may be done to an approved authorization. The network settles
# what it settles; everything else is about an open hold.
OPEN: frozenset[Status] = frozenset({"pending"})
ALWAYS: frozenset[Status] = frozenset(TRANSITIONS)
ALLOWED: dict[Verb, frozenset[Status]] = {
    "capture": ALWAYS,
    "expire": OPEN,
    "finalize": OPEN,
    "increment": OPEN,
    "reverse": OPEN,
}

# How many days a hold lives when nothing is captured. Merchants who capture when the guest leaves
# or the car comes back have longer.
HOLD_DAYS = 7
HOLD_DAYS_OF_CATEGORIES = {
    "airlines_air_carriers": 31,
    "boat_rentals_and_leases": 31,
    "car_rental_agencies": 31,
    "cruise_lines": 31,
    "hotels_motels_and_resorts": 31,
    "recreational_vehicle_rentals": 31,
    "timeshares": 31,
    "trailer_parks_campgrounds": 31,
    "truck_utility_trailer_rentals": 31,
}
# Before this version a hold that expired was shown as reversed.
EXPIRED_SINCE = "2025-03-31"


def check(one: Authorization, verb: Verb) -> None:
    """Refuse what may not be done to an authorization now."""
    if one.pending_request is not None:
        fail(refusals.AUTHORIZATION_WAITING)
    if not one.approved:
        fail(refusals.AUTHORIZATION_DECLINED, verb=verb)
    if one.status not in ALLOWED[verb]:
        fail(refusals.AUTHORIZATION_OVER, status=one.status)


def become(one: Authorization, status: Status) -> None:
    """Change the status; a transition that is not in the table is a defect."""
    assert status in TRANSITIONS[one.status], f"{one.id} is {one.status}, not to be {status}"
    one.status = status


def end_if_empty(one: Authorization, held_minor: int) -> None:
    """An authorization that holds nothing any more is over: closed, if something was captured, and
    given up otherwise."""
    if held_minor == 0:
        become(one, "closed" if one.transactions else "reversed")


def hold_days(category: str) -> int:
    """How many days a hold for a merchant of the category lives."""
    return HOLD_DAYS_OF_CATEGORIES.get(category, HOLD_DAYS)


def _reversed_when_expired(body: Body) -> Body:
    if body["status"] == "expired":
        body["status"] = "reversed"
    return body


def meant(given: Given[Authorization], version: Version) -> Given[Authorization]:
    """The filters of a list in the words of today: before there was ``expired``, who asks for what
    is reversed asks for both."""
    if version.date >= EXPIRED_SINCE or given.get("status") != "reversed":
        return given
    both = {**given.tree, "status": frozenset({"expired", "reversed"})}
    return Given(given.shape, both, given.style)


EDITS: dict[str, list[Edit]] = {"issuing.authorization": [(EXPIRED_SINCE, _reversed_when_expired)]}
