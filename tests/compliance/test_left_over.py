"""An idle account that can do more than issue cards is closed for issuing only when its financial
accounts are as good as empty: at most 9.99 of a currency."""

import pytest

from cardwright.compliance import rules
from tests.compliance.stories import (
    ASK,
    DAY,
    START,
    advance,
    deadlines,
    done,
    issuing_status,
    new_clock,
    reasons,
)
from tests.financial_accounts.support import V2, Keeper, wanted
from tests.support.issuing import attach_program
from tests.support.server import Platform


@pytest.mark.parametrize(
    ("amount_minor", "currency", "left_over"),
    [
        (0, "usd", True),
        (999, "usd", True),
        (1000, "usd", False),
        (999, "gbp", True),
        (1000, "eur", False),
        (9, "jpy", True),
        (10, "jpy", False),
        (9990, "bhd", True),
        (9991, "bhd", False),
        (-500, "gbp", True),
    ],
)
def test_small_change_is_at_most_9_99(amount_minor: int, currency: str, left_over: bool) -> None:
    assert rules.is_left_over(amount_minor, currency) is left_over


@pytest.mark.parametrize(("amount", "closed"), [(999, True), (1000, False)])
async def test_money_that_is_kept_keeps_issuing(
    platform: Platform, amount: int, closed: bool
) -> None:
    clock = await new_clock(platform)
    made = {**wanted("gb", "gbp"), "test_clock": clock}
    account = (await done(platform, "POST", "/v2/core/accounts", version=V2, json=made))["id"]
    await attach_program(platform, account, "GB")
    await done(platform, "POST", f"/v2/core/accounts/{account}", json=ASK)
    assert (await issuing_status(platform, account))[0] == "active"
    keeper = Keeper(platform, account, "gbp")
    body = {
        "financial_account": await keeper.open(),
        "type": "bank_account",
        "bank_account": {"currency": "gbp"},
    }
    address = (await keeper.done("POST", "financial_addresses", body))["id"]
    # The address and the money arrive as the account's clock moves.
    await advance(platform, clock, START + DAY)
    await keeper.until(f"financial_addresses/{address}", "active")
    await keeper.credit(address, amount)
    await advance(platform, clock, START + 2 * DAY)

    await advance(platform, clock, START + 400 * DAY)
    status, _codes = await issuing_status(platform, account)
    if closed:
        assert status == "restricted"
        assert await reasons(platform, account) == ["account_closed_for_inactivity"]
        return
    assert status == "active"
    assert await reasons(platform, account) == []
    # Somebody looks every day whether it is empty now.
    assert (await deadlines(platform, account))["issuing_inactivity"] <= START + 401 * DAY
