"""What a card may be where the program, its line and its life decide, as tables."""

from typing import Any

import msgspec
import pytest

from cardwright.cards import rules
from cardwright.cards.model import Card
from cardwright.cards.shipping_shapes import Shipping
from cardwright.kernel.refusal import Failure
from cardwright.programs.offerings import OFFERINGS
from tests.cards.test_rules import ADDRESS, card, holder, refusal

GB, EU = OFFERINGS["gb_charge_card"], OFFERINGS["eu_charge_card"]
ACTIVE, INACTIVE = card(status="active"), card(status="inactive")
LOST = card(status="canceled", cancellation_reason="lost")


@pytest.mark.parametrize(
    ("before", "after", "phone", "offering", "refused"),
    [
        (None, ACTIVE, None, EU, True),
        (INACTIVE, ACTIVE, None, EU, True),
        (INACTIVE, ACTIVE, "+353209123456", EU, False),
        (ACTIVE, ACTIVE, None, EU, False),
        (None, INACTIVE, None, EU, False),
        (None, ACTIVE, None, GB, False),
    ],
)
def test_euro_cards_are_activated_with_a_phone_number(
    before: Card | None, after: Card, phone: str | None, offering: Any, refused: bool
) -> None:
    user = holder(phone_number=phone)
    if not refused:
        rules.check_reachable(before, after, user, offering)
        return
    with pytest.raises(Failure) as caught:
        rules.check_reachable(before, after, user, offering)
    assert refusal(caught) == ("card_cardholder_phone", "status")


@pytest.mark.parametrize(
    ("closed", "replaces", "refused"),
    [
        (False, None, False),
        (True, "ic_0", False),
        (True, None, True),
    ],
)
def test_a_closed_program_issues_replacements_alone(
    closed: bool, replaces: str | None, refused: bool
) -> None:
    made = card(replacement_for=replaces)
    if not refused:
        rules.check_program_open(made, "iprg_1", closed=closed)
        return
    with pytest.raises(Failure) as caught:
        rules.check_program_open(made, "iprg_1", closed=closed)
    assert refusal(caught) == ("program_closed", "program")


@pytest.mark.parametrize(
    ("reason", "refused"), [("lost", False), ("stolen", False), ("design_rejected", True)]
)
def test_why_a_platform_cancels(reason: Any, refused: bool) -> None:
    after = card(status="canceled", cancellation_reason=reason)
    if not refused:
        rules.check_update(ACTIVE, after, holder())
        return
    with pytest.raises(Failure) as caught:
        rules.check_update(ACTIVE, after, holder())
    assert refusal(caught) == ("parameter_enum", "cancellation_reason")


def test_a_card_is_activated_for_a_user_in_good_standing() -> None:
    rules.check_update(INACTIVE, ACTIVE, holder())
    rules.check_update(ACTIVE, card(status="active", metadata={"k": "v"}), holder(status="blocked"))


def test_a_virtual_card_has_no_design() -> None:
    rules.check(card())
    with pytest.raises(Failure) as caught:
        rules.check(card(personalization_design="ipd_1"))
    assert refusal(caught) == ("card_virtual_without_design", "personalization_design")


@pytest.mark.parametrize(
    ("differs", "waits"),
    [
        ({}, True),
        ({"personalization_design": "ipd_2"}, False),
        ({"status": "canceled"}, False),
        ({"shipping": None}, False),
        ({"shipping": Shipping(address=ADDRESS, name="Jenny Rosen", status="shipped")}, False),
    ],
)
def test_which_cards_wait_for_a_design(differs: dict[str, Any], waits: bool) -> None:
    members: dict[str, Any] = {
        "type": "physical",
        "personalization_design": "ipd_1",
        "shipping": Shipping(address=ADDRESS, name="Jenny Rosen"),
    }
    assert rules.waits_for(card(**members | differs), "ipd_1") is waits


def test_a_virtual_program_issues_no_plastic() -> None:
    virtual = msgspec.structs.replace(GB, card_types=frozenset({"virtual"}))
    rules.check_offering(card(), virtual)
    with pytest.raises(Failure) as caught:
        rules.check_offering(card(type="physical"), virtual)
    assert refusal(caught) == ("parameter_enum", "type")


def test_cards_of_one_number_expire_in_different_months() -> None:
    rules.check_expiry_free(card(), [(10, 2026), (11, 2025)])
    with pytest.raises(Failure) as caught:
        rules.check_expiry_free(card(), [(11, 2026)])
    assert refusal(caught) == ("card_expiry_taken", "exp_month")
    assert caught.value.refusal.code == "invalid_expiry_month"


def test_a_canceled_card_is_not_changed() -> None:
    rules.check_alive(ACTIVE, "pin")
    with pytest.raises(Failure) as caught:
        rules.check_alive(LOST, "pin")
    assert refusal(caught) == ("card_canceled", "pin")


def test_the_number_of_a_lost_card_is_not_used_again() -> None:
    rules.check_number_safe(card(status="canceled"))
    with pytest.raises(Failure) as caught:
        rules.check_number_safe(LOST)
    assert refusal(caught) == ("card_number_compromised", "status")


@pytest.mark.parametrize(
    ("given", "original", "found"),
    [
        (None, "fa_1", "fa_1"),
        ("fa_1", "fa_1", "fa_1"),
        (None, None, None),
        ("fa_2", "fa_1", "refused"),
        ("fa_2", None, "refused"),
    ],
)
def test_a_replacement_spends_what_its_original_spent(
    given: str | None, original: str | None, found: str | None
) -> None:
    new, old = card(financial_account=given), card(financial_account=original)
    if found != "refused":
        assert rules.backed_alike(new, old).financial_account == found
        return
    with pytest.raises(Failure) as caught:
        rules.backed_alike(new, old)
    assert refusal(caught) == ("replacement_financial_account", "financial_account")


@pytest.mark.parametrize(
    ("before", "status", "reason", "takes"),
    [
        (None, "active", "damaged", True),
        (INACTIVE, "active", "expired", True),
        (ACTIVE, "active", "damaged", False),
        (None, "inactive", "damaged", False),
        (None, "active", "lost", False),
        (None, "active", None, False),
    ],
)
def test_which_card_takes_the_place_of_another(
    before: Card | None, status: Any, reason: Any, takes: bool
) -> None:
    after = card(status=status, replacement_reason=reason)
    assert rules.takes_over(before, after) is takes
