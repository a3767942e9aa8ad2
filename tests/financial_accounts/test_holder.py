"""Whose name the bank has for a financial account."""

from typing import Any

import msgspec
import pytest

from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import Account
from cardwright.financial_accounts.record.rules import holder_of

PERSON = {
    "object": Person.__struct_config__.tag,
    "id": "person_1",
    "given_name": "Jenny",
    "surname": "Rosen",
}
COMPANY = {"registered_name": "Rocket Rides Ltd"}
TRADING = {"profile": {"doing_business_as": "Rocket Rides"}}


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"identity": {"individual": PERSON}}, "Jenny Rosen"),
        ({"identity": {"individual": {**PERSON, "surname": None}}}, "Jenny"),
        ({"identity": {"business_details": COMPANY}}, "Rocket Rides Ltd"),
        (
            {"identity": {"business_details": COMPANY}, "display_name": "Rides"},
            "Rocket Rides Ltd",
        ),
        ({"identity": {"individual": PERSON}, "defaults": TRADING}, "Jenny Rosen"),
        ({"defaults": TRADING, "display_name": "Rides"}, "Rocket Rides"),
        ({"display_name": "Rides"}, "Rides"),
        ({}, "Account holder"),
    ],
)
def test_the_name_of_a_holder(told: dict[str, Any], name: str) -> None:
    account = msgspec.convert(
        {"id": "acct_1", "created": "2025-06-18T00:48:16.000Z", "livemode": False, **told}, Account
    )
    assert holder_of(account) == name
