"""Which step of a shipment follows which, and what an address is worth, without a database."""

from typing import Any, get_args

import msgspec
import pytest

from cardwright.cardholders.model import Address
from cardwright.cards import shipping_rules
from cardwright.cards.addresses import validation_of
from cardwright.cards.shipping_shapes import (
    AddressValidation,
    Customs,
    Shipping,
    ShippingReport,
    ShippingStatus,
)
from cardwright.kernel.refusal import Failure
from cardwright.wire.resource import Country
from tests.cards.test_rules import ADDRESS, NOW, card

STATUSES = get_args(ShippingStatus)
ALLOWED = {
    ("pending", "submitted"),
    ("pending", "canceled"),
    ("submitted", "shipped"),
    ("submitted", "failure"),
    ("submitted", "canceled"),
    ("shipped", "delivered"),
    ("shipped", "returned"),
    ("shipped", "failure"),
}
NEW_YORK = Address(
    line1="350 Fifth Avenue",
    city="New York",
    state="New York",
    postal_code="10118",
    country=Country("US"),
)


def shipment(**changes: Any) -> Shipping:
    return Shipping(**{"address": ADDRESS, "name": "Jenny Rosen", **changes})


def physical(**changes: Any) -> Any:
    return card(type="physical", shipping=shipment(**changes))


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_every_pair_of_statuses(before: Any, after: Any) -> None:
    asked = physical(status=before)
    if (before, after) in ALLOWED:
        assert shipping_rules.check_step(asked, after) is asked.shipping
        return
    with pytest.raises(Failure) as refused:
        shipping_rules.check_step(asked, after)
    assert f"is {before} and cannot become {after}" in refused.value.message


@pytest.mark.parametrize("before", STATUSES)
def test_versions_without_submission_ship_from_pending_too(before: Any) -> None:
    asked = physical(status=before)
    if before in ("pending", "submitted"):
        assert shipping_rules.check_step(asked, "shipped", unsubmitted=True)
        return
    with pytest.raises(Failure):
        shipping_rules.check_step(asked, "shipped", unsubmitted=True)


def test_a_virtual_card_goes_nowhere() -> None:
    with pytest.raises(Failure, match="not shipped"):
        shipping_rules.check_step(card(), "submitted")


def test_older_versions_see_a_submitted_card_as_pending() -> None:
    edit = shipping_rules.submission_shown_as_pending
    assert edit({"shipping": {"status": "submitted", "name": "J"}}) == {
        "shipping": {"status": "pending", "name": "J"}
    }
    for kept in ({"shipping": None}, {"shipping": {"status": "shipped"}}, {}):
        assert edit(kept) == kept


@pytest.mark.parametrize(
    ("status", "canceled"),
    [(status, "canceled" if status in ("pending", "submitted") else status) for status in STATUSES],
)
def test_a_canceled_card_stops_what_has_not_left(status: Any, canceled: str) -> None:
    stopped = shipping_rules.canceled_with(
        msgspec.structs.replace(physical(status=status), status="canceled")
    )
    assert stopped.shipping is not None
    assert stopped.shipping.status == canceled
    kept = physical(status=status)
    assert shipping_rules.canceled_with(kept) is kept


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"type": "bulk"}, "shipping[customs][eori_number]"),
        ({"type": "bulk", "customs": Customs()}, "shipping[customs][eori_number]"),
        ({"require_signature": True, "service": "express"}, "shipping[require_signature]"),
        ({"require_signature": True, "address": NEW_YORK}, "shipping[require_signature]"),
        ({"type": "bulk", "customs": Customs(eori_number="GB123456789000")}, None),
        ({"type": "bulk", "address": NEW_YORK}, None),
        ({"require_signature": True, "address": NEW_YORK, "service": "priority"}, None),
        ({"require_signature": False}, None),
    ],
)
def test_what_carriers_take(changes: dict[str, Any], param: str | None) -> None:
    if param is None:
        shipping_rules.check(shipment(**changes))
        return
    with pytest.raises(Failure) as refused:
        shipping_rules.check(shipment(**changes))
    assert refused.value.param == param


@pytest.mark.parametrize(
    ("country", "service", "signed", "days"),
    [
        ("US", "standard", False, 10),
        ("US", "priority", True, 5),
        ("US", "express", True, 3),
        ("GB", "express", None, 3),
    ],
)
def test_what_follows_from_the_service(
    country: str, service: Any, signed: bool | None, days: int
) -> None:
    address = NEW_YORK if country == "US" else ADDRESS
    made = shipping_rules.prepared(physical(address=address, service=service), NOW)
    assert made.shipping is not None
    assert made.shipping.require_signature is signed
    assert made.shipping.eta == NOW + days * 86_400


@pytest.mark.parametrize(
    ("country", "service", "carrier"),
    [
        ("US", "standard", "usps"),
        ("US", "express", "fedex"),
        ("GB", "standard", "royal_mail"),
        ("GB", "priority", "dhl"),
        ("ES", "standard", "correos"),
        ("DE", "standard", "dhl"),
    ],
)
def test_carriers_of_the_test_environment(country: str, service: Any, carrier: str) -> None:
    address = msgspec.structs.replace(ADDRESS, country=Country(country))
    told = shipping_rules.simulated_details("ic_1", shipment(address=address, service=service))
    assert told["carrier"] == carrier
    assert ("tracking_number" in told) == (service != "standard")


@pytest.mark.parametrize(
    ("address", "result", "city"),
    [
        (NEW_YORK, "likely_deliverable", "NEW YORK"),
        (ADDRESS, "likely_deliverable", "LONDON"),
        (msgspec.structs.replace(ADDRESS, postal_code="999"), "likely_undeliverable", None),
        (msgspec.structs.replace(NEW_YORK, state="Nowhere"), "likely_undeliverable", None),
        # Hong Kong has no post codes to judge by.
        (
            Address(
                line1="1 Queen's Road Central",
                city="Central",
                state="Hong Kong Island",
                postal_code="000",
                country=Country("HK"),
            ),
            "indeterminate",
            "Central",
        ),
    ],
)
def test_what_an_address_is_worth(address: Address, result: Any, city: str | None) -> None:
    judged = validation_of(address, "validation_and_normalization")
    written = judged.normalized_address
    assert judged.result == result
    assert (written.city if written is not None else None) == city
    only = validation_of(address, "normalization_only")
    assert (only.result, only.normalized_address) == (None, written)
    assert validation_of(address, "disabled") == AddressValidation(mode="disabled")


def test_a_second_line_and_a_state_are_kept() -> None:
    address = msgspec.structs.replace(NEW_YORK, line2="Floor 34")
    written = validation_of(address, "normalization_only").normalized_address
    assert written is not None
    assert (written.line1, written.line2, written.state) == ("350 Fifth Avenue", "Floor 34", "NY")


def test_tracking_is_not_known_before_the_card_is_shipped() -> None:
    with pytest.raises(Failure) as refused:
        shipping_rules.details_of(ShippingReport(status="submitted", carrier="dhl"))
    assert refused.value.param == "carrier"
    told = ShippingReport(status="shipped", carrier="dhl", tracking_number="1Z")
    assert shipping_rules.details_of(told) == {"carrier": "dhl", "tracking_number": "1Z"}


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"shipping": None}, "shipping"),
        ({"shipping": shipment(status="submitted", name="Other")}, None),
        ({"personalization_design": "ipd_2"}, None),
    ],
)
def test_what_may_be_changed_while_a_card_waits(changes: dict[str, Any], param: Any) -> None:
    before = physical()
    after = msgspec.structs.replace(before, **changes)
    redesigned = "personalization_design" in changes
    if param is None:
        shipping_rules.check_update(before, after, design_changes=redesigned)
    else:
        with pytest.raises(Failure) as refused:
            shipping_rules.check_update(before, after, design_changes=redesigned)
        assert refused.value.param == param
    sent = physical(status="shipped")
    with pytest.raises(Failure) as refused:
        shipping_rules.check_update(
            sent,
            msgspec.structs.replace(sent, personalization_design="ipd_2"),
            design_changes=redesigned,
        )
    assert refused.value.param == ("personalization_design" if redesigned else "shipping")
    # An older card may have been ordered without a shipment.
    without = card(type="physical", shipping=None)
    shipping_rules.check_update(without, before, design_changes=False)


@pytest.mark.parametrize(
    ("status", "told", "expected"),
    [
        ("submitted", {}, {"eta": NOW + 10 * 86_400}),
        ("shipped", {}, {"eta": NOW + 10 * 86_400, "shipped_at": NOW}),
        ("shipped", {"eta": 5, "carrier": "dhl"}, {"eta": 5, "shipped_at": NOW, "carrier": "dhl"}),
        ("delivered", {}, {"eta": None, "delivered_at": NOW}),
        ("returned", {}, {"eta": None, "delivered_at": None}),
        ("failure", {}, {"eta": None, "delivered_at": None}),
    ],
)
def test_what_a_step_writes(status: Any, told: dict[str, Any], expected: dict[str, Any]) -> None:
    moved = shipping_rules.stepped(shipment(), status, NOW, told)
    assert moved.status == status
    assert {name: getattr(moved, name) for name in expected} == expected


def test_a_virtual_card_has_nothing_to_prepare() -> None:
    virtual = card()
    assert shipping_rules.prepared(virtual, NOW) is virtual


def test_a_country_without_rules() -> None:
    nowhere = msgspec.structs.replace(ADDRESS, country=Country("ZZ"))
    judged = validation_of(nowhere, "validation_and_normalization")
    assert (judged.result, judged.normalized_address) == ("indeterminate", None)
