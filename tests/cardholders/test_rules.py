"""What a cardholder may be, as tables."""

from typing import Any

import msgspec
import pytest

from cardwright.cardholders import rules
from cardwright.cardholders.model import Cardholder
from cardwright.kernel.refusal import Failure

VALID: dict[str, Any] = {
    "id": "ich_1",
    "created": 1,
    "livemode": False,
    "name": "Jenny Rosen",
    "billing": {
        "address": {"line1": "x", "city": "x", "postal_code": "x", "country": "US"},
    },
}


def cardholder(**more: Any) -> Cardholder:
    return msgspec.convert({**VALID, **more}, Cardholder)


@pytest.mark.parametrize(
    "name", ["Jenny Rosen", "J", "Zoë O'Brien-Smith, Jr.", "Łukasz", "Rocket Rides"]
)
def test_a_name_that_can_be_printed(name: str) -> None:
    rules.check(cardholder(name=name))


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "   "}, "parameter_blank", "name"),
    ({"name": "Jenny 5"}, "cardholder_name_invalid", "name"),
    ({"name": "Jenny <b>"}, "cardholder_name_invalid", "name"),
    ({"name": "x" * 25}, "cardholder_name_invalid", "name"),
    ({"email": "not an address"}, "email_invalid", "email"),
    ({"phone_number": "call me"}, "phone_invalid", "phone_number"),
    ({"type": "company", "individual": {}}, "company_with_individual", "individual"),
    ({"type": "individual", "company": {}}, "individual_with_company", "company"),
    (
        {"individual": {"dob": {"day": 31, "month": 2, "year": 1990}}},
        "date_invalid",
        "individual[dob]",
    ),
    (
        {
            "spending_controls": {
                "allowed_categories": ["bakeries"],
                "blocked_categories": ["bookstores"],
            }
        },
        "parameter_exclusive",
        "spending_controls[blocked_categories]",
    ),
    (
        {
            "spending_controls": {
                "allowed_merchant_countries": ["GB"],
                "blocked_merchant_countries": ["US"],
            }
        },
        "parameter_exclusive",
        "spending_controls[blocked_merchant_countries]",
    ),
]


@pytest.mark.parametrize(("more", "name", "param"), REFUSED)
def test_a_cardholder_that_is_refused(more: dict[str, Any], name: str, param: str) -> None:
    with pytest.raises(Failure) as caught:
        rules.check(cardholder(**more))
    assert (caught.value.refusal.name, caught.value.param) == (name, param)


def test_only_the_operator_blocks_and_unblocks() -> None:
    active, blocked = cardholder(), cardholder(status="blocked")
    with pytest.raises(Failure, match="operator"):
        rules.check_new(blocked)
    for before, after in ((active, blocked), (blocked, active)):
        with pytest.raises(Failure, match="operator"):
            rules.check_update(before, after)
    rules.check_update(blocked, cardholder(status="blocked", email="jenny.rosen@example.com"))
