"""Where accounts send money: the same numbers for good, and no number twice."""

from typing import Any

import pytest
from schwifty import IBAN

from cardwright.funding.instructions import flows, rules
from cardwright.funding.instructions.model import OperatorBank
from cardwright.funding.statements import routes
from cardwright.roles.provisioning import create_platform
from cardwright.wire.resource import Currency
from tests.funding.steps import done, refused, together
from tests.support.issuing import issuing_account
from tests.support.server import Live, Platform

PATH, BANKS = "/v1/issuing/funding_instructions", "/_cardwright/bank_accounts"
FUND = "/v1/test_helpers/issuing/fund_balance"
TYPES = {"eur": "eu_bank_transfer", "gbp": "gb_bank_transfer", "usd": "us_bank_transfer"}
EURO_BANK = {
    "account_holder_name": "Rocket Rides",
    "bic": "COBADEFF",
    "currency": "eur",
    "iban": "DE89370400440532013000",
}


def wanted(currency: str) -> dict[str, str]:
    form = {"currency": currency, "funding_type": "bank_transfer"}
    return {**form, "bank_transfer[type]": TYPES[currency]}


def number_in(instructions: dict[str, Any]) -> str:
    """The account number that the instructions name."""
    (address,) = instructions["bank_transfer"]["financial_addresses"]
    named = address[address["type"]]
    return str(named.get("iban") or named["account_number"])


@pytest.mark.parametrize("currency", ["eur", "gbp", "usd"])
async def test_they_are_the_same_for_good(platform: Platform, currency: str) -> None:
    account = await issuing_account(platform, program=False)
    made = await done(platform, "POST", PATH, wanted(currency), account=account)
    assert (made["object"], made["currency"], made["livemode"]) == (
        "funding_instructions",
        currency,
        False,
    )
    assert made["bank_transfer"]["type"] == TYPES[currency]
    again = await done(platform, "POST", PATH, wanted(currency), account=account)
    form = {"amount": "100", "currency": currency}
    funded = await done(platform, "POST", FUND, form, account=account)
    assert made == again == funded
    listed = await done(platform, "GET", PATH, account=account)
    assert (listed["object"], listed["data"]) == ("list", [made])
    other = await done(platform, "POST", PATH, wanted(currency))
    assert number_in(other) != number_in(made)
    if currency == "eur":
        assert IBAN(number_in(made)).is_valid
    async with platform.live.application.database.connection() as connection:
        found = await routes.find_number(connection, number_in(made))
    assert found == (account, currency, None)


async def test_one_number_however_many_ask(platform: Platform) -> None:
    form = wanted("gbp")
    statuses = await together(*(platform.call("POST", PATH, form=form) for _ in range(8)))
    assert statuses == [200] * 8
    found = await platform.live.application.database.pool.fetchval(
        "select count(*) from funding_instruction_routes where account_id = $1",
        platform.keys.account_id,
    )
    assert found == 1


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"currency": "jpy"}, "currency"),
        ({"bank_transfer[type]": "eu_bank_transfer"}, "bank_transfer[type]"),
        ({"bank_transfer[type]": "jp_bank_transfer"}, "bank_transfer[type]"),
        ({"funding_type": "cash"}, "funding_type"),
        ({"bank_transfer[iban]": "x"}, "bank_transfer[iban]"),
        ({"account": "acct_1"}, "account"),
    ],
)
async def test_what_is_refused(platform: Platform, change: dict[str, str], param: str) -> None:
    assert (await refused(platform, "POST", PATH, wanted("gbp") | change))[1] == param
    assert (await done(platform, "GET", PATH))["data"] == []


@pytest.mark.parametrize("missing", ["currency", "funding_type", "bank_transfer[type]"])
async def test_what_is_needed(platform: Platform, missing: str) -> None:
    form = wanted("gbp")
    del form[missing]
    code, param = await refused(platform, "POST", PATH, form)
    assert code == "parameter_missing"
    assert missing.startswith(str(param))


async def test_live_numbers_are_those_of_the_operators_bank(live: Live) -> None:
    platform = Platform(live, await create_platform(live.application.database, livemode=True))
    status, body = await platform.call("POST", PATH, form=wanted("eur"))
    assert (status, "the operator sets it up" in body["error"]["message"]) == (400, True)
    await done(platform, "POST", BANKS, EURO_BANK)
    assert (await platform.call("POST", PATH, form=wanted("eur")))[0] == 400, "no prefix yet"
    await done(platform, "POST", BANKS, {**EURO_BANK, "number_prefix": "77"})
    made = await done(platform, "POST", PATH, wanted("eur"))
    iban = IBAN(number_in(made))
    assert (iban.bank_code, iban.account_code[:2]) == ("37040044", "77")
    (address,) = made["bank_transfer"]["financial_addresses"]
    assert address["iban"]["bic"] == "COBADEFF"
    assert address["iban"]["account_holder_name"] == "Rocket Rides"
    listed = await done(platform, "GET", BANKS)
    assert [one["number_prefix"] for one in listed["data"]] == ["77"]


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"iban": "DE89370400440532013001"}, "iban"),
        ({"iban": ""}, "iban"),
        ({"bic": ""}, "bic"),
        ({"bic": "x"}, "bic"),
        ({"account_number": "12345678"}, "account_number"),
        ({"currency": "gbp"}, "account_number"),
        ({"currency": "jpy"}, "currency"),
        ({"number_prefix": "x"}, "number_prefix"),
        ({"number_prefix": "1234567"}, "number_prefix"),
        (
            {
                "currency": "gbp",
                "iban": "",
                "bic": "",
                "account_number": "12345678",
                "routing_number": "110000000",
            },
            "routing_number",
        ),
    ],
)
async def test_a_bank_account_that_is_none(
    platform: Platform, change: dict[str, str], param: str
) -> None:
    assert (await refused(platform, "POST", BANKS, {**EURO_BANK, **change}))[1] == param
    assert (await done(platform, "GET", BANKS))["data"] == []


async def test_a_bank_without_a_free_number(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows, "ATTEMPTS", 0)
    status, body = await platform.call("POST", PATH, form=wanted("gbp"))
    assert (status, "is free for gbp" in body["error"]["message"]) == (400, True)


@pytest.mark.parametrize(
    ("currency", "prefix", "expected"),
    [("gbp", None, "34567890"), ("gbp", "99", "99567890"), ("usd", "1", "101234567890")],
)
def test_a_number_begins_with_the_prefix(currency: str, prefix: str | None, expected: str) -> None:
    bank = OperatorBank(
        account_holder_name="Rocket Rides",
        account_number="12345678",
        currency=Currency(currency),
        number_prefix=prefix,
        routing_number="108800",
    )
    number = rules.number_of(bank, "12345678901234567890")
    assert number.startswith(prefix or "")
    assert len(number) == (8 if currency == "gbp" else 12)
    assert expected in number
