"""Amounts, currencies and words that funding does not take."""

import pytest

from tests.support.server import Platform

FUND, TOPUPS = "/v1/test_helpers/issuing/fund_balance", "/v1/topups"
NO_AMOUNTS = ["0", "-1", "100000000", "1.5", "1e3", "", " 5", "+5", "\u0967", str(2**63)]


@pytest.mark.parametrize("path", [FUND, TOPUPS])
@pytest.mark.parametrize("amount", NO_AMOUNTS)
async def test_an_amount_that_is_none(platform: Platform, path: str, amount: str) -> None:
    form = {"amount": amount, "currency": "gbp"}
    status, answer = await platform.call("POST", path, form=form)
    assert (status, answer["error"]["param"]) == (400, "amount")


@pytest.mark.parametrize("path", [FUND, TOPUPS])
async def test_a_currency_has_either_case(platform: Platform, path: str) -> None:
    for currency, expected in (("GBP", 200), ("jpy", 400), ("zzz", 400), ("\u212agp", 400)):
        form = {"amount": "5", "currency": currency}
        status, answer = await platform.call("POST", path, form=form)
        assert status == expected, answer
        if status == 400:
            assert answer["error"]["param"] == "currency"
            assert currency in answer["error"]["message"]


@pytest.mark.parametrize("words", ["x" * 16, "<none>", "line\nline", "a*b"])
async def test_words_that_no_statement_prints(platform: Platform, words: str) -> None:
    form = {"amount": "5", "currency": "gbp", "statement_descriptor": words}
    status, answer = await platform.call("POST", TOPUPS, form=form)
    assert (status, answer["error"]["param"]) == (400, "statement_descriptor")
