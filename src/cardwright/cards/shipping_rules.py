"""How a physical card may be sent, and the steps of its way: pure decisions, no storage."""

from collections.abc import Mapping
from typing import Any

import msgspec

from cardwright.accounts.record.capabilities import EURO_COUNTRIES
from cardwright.cards import refusals
from cardwright.cards.addresses import validation_of
from cardwright.cards.model import Card
from cardwright.cards.shipping_shapes import (
    Carrier,
    Shipping,
    ShippingReport,
    ShippingStatus,
)
from cardwright.kernel import clock
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.resource import Timestamp
from cardwright.wire.versions import Body, Edit

# The one place that says which step may follow which. What is on its way cannot be called back.
NEXT: Mapping[str, frozenset[ShippingStatus]] = {
    "pending": frozenset({"submitted", "canceled"}),
    "submitted": frozenset({"shipped", "failure", "canceled"}),
    "shipped": frozenset({"delivered", "returned", "failure"}),
    "delivered": frozenset(),
    "returned": frozenset(),
    "failure": frozenset(),
    "canceled": frozenset(),
}
# From this version on a card is submitted before it is shipped.
SUBMISSION_SINCE = "2024-09-30"
# Days from today on which a card is expected, by service: two to make it, the rest to carry it.
ETA_DAYS = {"standard": 10, "priority": 5, "express": 3}
DAY_SECONDS = clock.DAY_MS // clock.SECOND_MS
# Where parcels of many cards need a number for customs.
EUROPE = EURO_COUNTRIES | {"GB"}
TRACKED = frozenset({"priority", "express"})
ON_THE_WAY = ("carrier", "eta", "tracking_number", "tracking_url")


def submission_shown_as_pending(body: Body) -> Body:
    """The card as versions show it that do not know that it is submitted."""
    shipping = body.get("shipping")
    if isinstance(shipping, dict) and shipping.get("status") == "submitted":
        return {**body, "shipping": {**shipping, "status": "pending"}}
    return body


EDITS: dict[str, list[Edit]] = {"issuing.card": [(SUBMISSION_SINCE, submission_shown_as_pending)]}


def prepared(card: Card, now: int) -> Card:
    """A card whose shipment was given or changed: what follows from it is filled in."""
    shipping = card.shipping
    if shipping is None:
        return card
    check(shipping)
    asked = shipping.address_validation
    signed = shipping.require_signature
    if signed is None and shipping.address.country == "US":
        signed = shipping.service != "standard"
    filled: Shipping = msgspec.structs.replace(
        shipping,
        address_validation=asked and validation_of(shipping.address, asked.mode),
        eta=eta_of(shipping, now),
        require_signature=signed,
    )
    return with_shipping(card, filled)


def check(shipping: Shipping) -> None:
    """Refuse a shipment that no carrier takes."""
    country = shipping.address.country
    eori = shipping.customs.eori_number if shipping.customs is not None else None
    if shipping.type == "bulk" and country in EUROPE and eori is None:
        fail(wire_refusals.PARAMETER_MISSING, param="shipping[customs][eori_number]")
    if shipping.require_signature and country != "US":
        fail(refusals.SHIPPING_SIGNATURE_COUNTRY, param="shipping[require_signature]")
    if shipping.require_signature and shipping.service == "standard":
        fail(refusals.SHIPPING_SIGNATURE_SERVICE, param="shipping[require_signature]")


def check_update(before: Card, after: Card, *, design_changes: bool) -> None:
    """Refuse to redirect or redesign a card that is being made, or to send it nowhere."""
    if before.shipping is None:
        return
    if after.shipping is None:
        fail(wire_refusals.PARAMETER_EMPTY, param="shipping")
    if before.shipping.status != "pending":
        param = "personalization_design" if design_changes else "shipping"
        fail(refusals.SHIPMENT_NOT_PENDING, param=param, status=before.shipping.status)


def check_step(card: Card, status: ShippingStatus, *, unsubmitted: bool = False) -> Shipping:
    """The shipment of a card that may take the step; ``unsubmitted`` ships straight from pending.

    Refuses a card that is not shipped, and a step that does not follow.
    """
    shipping = card.shipping
    if shipping is None:
        fail(refusals.CARD_VIRTUAL_NOT_SHIPPED, param="card")
    before = shipping.status or "pending"
    skipped = unsubmitted and (before, status) == ("pending", "shipped")
    if status not in NEXT[before] and not skipped:
        steps = ", ".join(sorted(NEXT[before])) or "none"
        fail(refusals.SHIPMENT_STEP, param="status", before=before, status=status, steps=steps)
    return shipping


def stepped(
    shipping: Shipping, status: ShippingStatus, now: int, details: Mapping[str, Any]
) -> Shipping:
    """The shipment after a step that ``check_step`` allowed, with what was told about it."""
    changes: dict[str, Any] = {"status": status, **details}
    if status in ("submitted", "shipped"):
        changes.setdefault("eta", eta_of(shipping, now))
    if status == "shipped":
        changes["shipped_at"] = Timestamp(now)
    if status == "delivered":
        changes["delivered_at"] = Timestamp(now)
    moved: Shipping = msgspec.structs.replace(shipping, **changes)
    return moved


def details_of(report: ShippingReport) -> dict[str, Any]:
    """What a report says besides the status; refuses what is not known before it is shipped."""
    on_the_way = {name: getattr(report, name) for name in ON_THE_WAY}
    details = {name: value for name, value in on_the_way.items() if value is not None}
    if report.status == "submitted":
        for name in details:
            fail(refusals.SHIPMENT_DETAIL_EARLY, param=name)
    return details


def has_passed(shipping: Shipping, status: ShippingStatus) -> bool:
    """Whether the card was there before, and went on."""
    later = shipping.status in ("delivered", "returned", "failure")
    return status == "shipped" and later and shipping.shipped_at is not None


def can_be_made(card: Card, design_status: str | None) -> bool:
    """Whether the card waits for nothing but the bureau; ``design_status`` None: no design."""
    return (
        card.status != "canceled"
        and card.shipping is not None
        and card.shipping.status == "pending"
        and design_status in (None, "active")
    )


def canceled_with(card: Card) -> Card:
    """A card whose cancellation stops a shipment that has not left."""
    if card.status != "canceled" or card.shipping is None:
        return card
    if "canceled" not in NEXT[card.shipping.status or "pending"]:
        return card
    return with_shipping(card, msgspec.structs.replace(card.shipping, status="canceled"))


def with_shipping(card: Card, shipping: Shipping) -> Card:
    """The card with another shipment."""
    changed: Card = msgspec.structs.replace(card, shipping=shipping)
    return changed


def eta_of(shipping: Shipping, now: int) -> Timestamp:
    """When a card that is made today is expected, in seconds."""
    return Timestamp(now + ETA_DAYS[shipping.service] * DAY_SECONDS)


def simulated_details(card_id: str, shipping: Shipping) -> dict[str, Any]:
    """The carrier of the test environment and, where the service is tracked, a made-up number."""
    details: dict[str, Any] = {"carrier": carrier_of(shipping)}
    if shipping.service in TRACKED:
        details["tracking_number"] = f"TEST{card_id[-12:].upper()}"
    return details


def carrier_of(shipping: Shipping) -> Carrier:
    """Who carries cards to the country of the address."""
    country, tracked = shipping.address.country, shipping.service in TRACKED
    if country == "US":
        return "fedex" if tracked else "usps"
    if country == "GB" and not tracked:
        return "royal_mail"
    if country == "ES" and not tracked:
        return "correos"
    return "dhl"
