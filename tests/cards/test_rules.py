"""What a card may be, without a database."""

from typing import Any

import msgspec
import pytest

from cardwright.cardholders.model import Address, Billing, Cardholder, Requirements
from cardwright.cardholders.spending_controls import SpendingControls, SpendingLimit
from cardwright.cards import numbers, rules
from cardwright.cards.model import Card
from cardwright.cards.shipping_shapes import Shipping
from cardwright.kernel.refusal import Failure
from cardwright.programs.offerings import OFFERINGS
from cardwright.wire.resource import Country, Currency, Timestamp

NOW = Timestamp(1_700_000_000)  # 14 November 2023
ADDRESS = Address(
    line1="10 Downing Street", city="London", postal_code="SW1A 2AA", country=Country("GB")
)


def card(**changes: Any) -> Card:
    members: dict[str, Any] = {
        "id": "ic_1",
        "brand": "Visa",
        "cardholder": "ich_1",
        "created": NOW,
        "currency": Currency("gbp"),
        "exp_month": 11,
        "exp_year": 2026,
        "last4": "0000",
        "livemode": False,
        "program": "iprg_1",
        "type": "virtual",
    }
    return Card(**{**members, **changes})


def holder(**changes: Any) -> Cardholder:
    made = Cardholder(
        id="ich_1",
        billing=Billing(address=ADDRESS),
        created=NOW,
        livemode=False,
        name="Jenny Rosen",
    )
    return msgspec.structs.replace(made, **changes)


def refusal(caught: pytest.ExceptionInfo[Failure]) -> tuple[str, str | None]:
    return caught.value.refusal.name, caught.value.param


@pytest.mark.parametrize(
    ("digits", "digit"),
    [("400000000000000", "2"), ("424242424242424", "2"), ("7992739871", "3")],
)
def test_check_digit(digits: str, digit: str) -> None:
    assert numbers.check_digit(digits) == digit


def test_numbers_have_sixteen_digits_of_the_program() -> None:
    made = {numbers.new_number("40000099") for _ in range(200)}
    assert len(made) > 190
    for number in made:
        assert len(number) == 16
        assert number.startswith("40000099")
        assert numbers.check_digit(number[:-1]) == number[-1]


def test_expiry_is_three_years_ahead_unless_given() -> None:
    assert rules.expiry(NOW * 1000, None, None) == (11, 2026)
    assert rules.expiry(NOW * 1000, 11, 2023) == (11, 2023)
    with pytest.raises(Failure) as caught:
        rules.expiry(NOW * 1000, 10, 2023)
    assert refusal(caught) == ("card_expiry_past", "exp_month")
    with pytest.raises(Failure) as caught:
        rules.expiry(NOW * 1000, None, 2030)
    assert refusal(caught) == ("parameter_missing", "exp_month")


def test_a_card_without_limits_gets_five_hundred_a_day() -> None:
    controls = rules.with_limits(card(), is_new=True).spending_controls
    assert controls.spending_limits == [SpendingLimit(amount=50_000, interval="daily")]
    assert controls.spending_limits_currency == "gbp"
    own = SpendingControls(spending_limits=[SpendingLimit(amount=1, interval="monthly")])
    given = rules.with_limits(card(spending_controls=own), is_new=True)
    assert given.spending_controls.spending_limits == own.spending_limits
    assert rules.with_limits(card(), is_new=False).spending_controls.spending_limits == []


SHIPPING = Shipping(address=ADDRESS, name="Jenny Rosen")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"status": "canceled"}, ("parameter_enum", "status")),
        ({"replacement_for": "ic_0"}, ("parameter_missing", "replacement_reason")),
        ({"replacement_reason": "lost"}, ("parameter_missing", "replacement_for")),
        (
            {"replacement_for": "ic_0", "replacement_reason": "fulfillment_error"},
            ("parameter_enum", "replacement_reason"),
        ),
        ({"type": "physical"}, ("parameter_missing", "shipping")),
        ({"shipping": SHIPPING}, ("card_virtual_not_shipped", "shipping")),
        (
            {"personalization_design": "ipd_1"},
            ("card_virtual_without_design", "personalization_design"),
        ),
        (
            {
                "spending_controls": SpendingControls(
                    allowed_card_presences=["present"], blocked_card_presences=["not_present"]
                )
            },
            ("parameter_exclusive", "spending_controls[blocked_card_presences]"),
        ),
    ],
)
def test_a_bad_new_card(changes: dict[str, Any], found: tuple[str, str]) -> None:
    rules.check_new(card(), holder())
    with pytest.raises(Failure) as caught:
        rules.check_new(card(**changes), holder())
    assert refusal(caught) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"status": "inactive"}, "card_cardholder_inactive"),
        ({"status": "blocked"}, "card_cardholder_inactive"),
        (
            {"requirements": Requirements(disabled_reason="under_review")},
            "card_cardholder_requirements",
        ),
    ],
)
def test_activation_needs_a_cardholder_in_good_standing(
    changes: dict[str, Any], found: str
) -> None:
    rules.check_new(card(), holder(**changes))
    with pytest.raises(Failure) as caught:
        rules.check_new(card(status="active"), holder(**changes))
    assert refusal(caught) == (found, "status")
    with pytest.raises(Failure):
        rules.check_update(card(), card(status="active"), holder(**changes))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"status": "canceled"}, {"status": "active"}, ("card_canceled", "status")),
        ({"status": "canceled"}, {"status": "inactive"}, ("card_canceled", "status")),
        (
            {},
            {"status": "inactive", "cancellation_reason": "lost"},
            ("card_cancellation_reason_early", "cancellation_reason"),
        ),
        (
            {"status": "canceled"},
            {"status": "canceled", "cancellation_reason": "lost"},
            ("card_cancellation_reason_early", "cancellation_reason"),
        ),
        (
            {},
            {"status": "canceled", "cancellation_reason": "design_rejected"},
            ("parameter_enum", "cancellation_reason"),
        ),
    ],
)
def test_a_bad_update(
    before: dict[str, Any], after: dict[str, Any], found: tuple[str, str]
) -> None:
    with pytest.raises(Failure) as caught:
        rules.check_update(card(**before), card(**after), holder())
    assert refusal(caught) == found


def test_what_a_program_issues() -> None:
    offering = OFFERINGS["gb_charge_card"]
    rules.check_offering(card(), offering)
    with pytest.raises(Failure) as caught:
        rules.check_offering(card(currency=Currency("usd")), offering)
    assert refusal(caught) == ("currency_unsupported", "currency")
    rules.check_capability("active", offering)
    for status in (None, "pending", "restricted"):
        with pytest.raises(Failure) as caught:
            rules.check_capability(status, offering)
        assert offering.capability in caught.value.message


@pytest.mark.parametrize(
    ("reason", "original", "found"),
    [
        ("lost", {}, "replacement_before_cancellation"),
        ("lost", {"status": "canceled"}, "replacement_before_cancellation"),
        (
            "lost",
            {"status": "canceled", "cancellation_reason": "stolen"},
            "replacement_before_cancellation",
        ),
        ("lost", {"status": "canceled", "cancellation_reason": "lost"}, None),
        ("damaged", {"status": "active"}, None),
        ("expired", {"status": "inactive"}, None),
        ("expired", {"status": "canceled"}, "replacement_of_canceled"),
        ("damaged", {"replaced_by": "ic_2"}, "card_replaced"),
        ("damaged", {"cardholder": "ich_2"}, "replacement_differs"),
    ],
)
def test_replacement(reason: Any, original: dict[str, Any], found: str | None) -> None:
    new = card(id="ic_9", replacement_for="ic_1", replacement_reason=reason)
    if found is None:
        rules.check_replacement(new, card(**original))
        return
    with pytest.raises(Failure) as caught:
        rules.check_replacement(new, card(**original))
    assert refusal(caught) == (found, "replacement_for")


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, None),
        ({"type": "physical"}, None),
        ({"currency": Currency("usd")}, ("currency_unsupported", "currency")),
        ({"type": "metal"}, ("parameter_enum", "type")),
    ],
)
def test_a_program_issues_its_own_cards(changes: dict[str, Any], refused: Any) -> None:
    offering = OFFERINGS["gb_charge_card"]
    if refused is None:
        rules.check_offering(card(**changes), offering)
        return
    with pytest.raises(Failure) as caught:
        rules.check_offering(card(**changes), offering)
    assert refusal(caught) == refused


def test_cards_of_one_number_expire_in_different_months() -> None:
    rules.check_expiry_free(card(), [(10, 2026), (11, 2027)])
    with pytest.raises(Failure) as caught:
        rules.check_expiry_free(card(), [(10, 2026), (11, 2026)])
    assert refusal(caught) == ("card_expiry_taken", "exp_month")


def test_a_card_ends_when_its_month_does() -> None:
    assert rules.expires_ms(2023, 11) == 1_701_388_800_000  # 1 December 2023
    assert rules.expires_ms(2023, 12) == 1_704_067_200_000  # 1 January 2024


@pytest.mark.parametrize(
    ("given", "original", "kept"),
    [
        (None, None, None),
        (None, "fa_1", "fa_1"),
        ("fa_1", "fa_1", "fa_1"),
        ("fa_2", "fa_1", "refused"),
        ("fa_1", None, "refused"),
    ],
)
def test_a_replacement_spends_what_the_old_card_did(
    given: str | None, original: str | None, kept: str | None
) -> None:
    old = card(financial_account=original)
    new = card(id="ic_2", financial_account=given)
    if kept == "refused":
        with pytest.raises(Failure) as caught:
            rules.backed_alike(new, old)
        assert refusal(caught) == ("replacement_financial_account", "financial_account")
    else:
        assert rules.backed_alike(new, old).financial_account == kept


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({}, True),
        ({"personalization_design": "ipd_2"}, False),
        ({"status": "canceled"}, False),
        ({"shipping": None}, False),
        ({"shipping": msgspec.structs.replace(SHIPPING, status="shipped")}, False),
    ],
)
def test_a_card_waits_for_its_design(changes: dict[str, Any], waits: bool) -> None:
    made = {"type": "physical", "shipping": SHIPPING, "personalization_design": "ipd_1"}
    assert rules.waits_for(card(**{**made, **changes}), "ipd_1") is waits


@pytest.mark.parametrize(
    ("offering", "phone", "before", "after", "refused"),
    [
        ("eu_charge_card", None, None, "active", True),
        ("eu_charge_card", None, "inactive", "active", True),
        ("eu_charge_card", None, "active", "active", False),
        ("eu_charge_card", None, None, "inactive", False),
        ("eu_charge_card", "+35315550100", None, "active", False),
        ("gb_charge_card", None, None, "active", False),
    ],
)
def test_cards_in_euros_need_a_telephone(
    offering: str, phone: str | None, before: Any, after: Any, refused: bool
) -> None:
    was = None if before is None else card(status=before)
    case = (was, card(status=after), holder(phone_number=phone), OFFERINGS[offering])
    if not refused:
        rules.check_reachable(*case)
        return
    with pytest.raises(Failure) as caught:
        rules.check_reachable(*case)
    assert refusal(caught) == ("card_cardholder_phone", "status")


@pytest.mark.parametrize("reason", ["damaged", "expired"])
def test_a_card_that_expired_can_still_be_renewed(reason: Any) -> None:
    new = card(id="ic_2", replacement_for="ic_1", replacement_reason=reason)
    rules.check_replacement(new, card(status="canceled", is_expired=True))
    with pytest.raises(Failure):
        rules.check_replacement(new, card(status="canceled"))
