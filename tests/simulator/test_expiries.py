"""What of an account ends by itself is listed among what will happen to it."""

from typing import Any

import pytest

from cardwright.kernel import clock
from tests.files.uploads import uploaded
from tests.hosted.test_links import browser, new_account, new_link
from tests.simulator.clocks import DAY, START, advance, new_clock
from tests.support.server import Platform
from tests.support.spending import spender

YEAR = 366 * DAY


async def expiries(platform: Platform, account: str) -> list[Any]:
    path = f"/_cardwright/accounts/{account}/deadlines?limit=100"
    status, body = await platform.call("GET", path)
    assert status == 200, body
    assert [one["due_at"] for one in body["data"]] == sorted(one["due_at"] for one in body["data"])
    return [one for one in body["data"] if one["kind"].endswith("_expiry")]


async def test_a_card_expires_by_the_clock_of_its_account(platform: Platform) -> None:
    on = await new_clock(platform)
    one = await spender(platform, funds=5000, test_clock=on)
    canceled = await one.new_card()
    await one.done("POST", f"/v1/issuing/cards/{canceled}", {"status": "canceled"})
    (card,) = await expiries(platform, one.account)
    assert (card["subject"], card["test_clock"]) == (one.card, on)
    assert card["description"] == "A card expires: its payments are declined."
    at = START
    while at < card["due_at"] - 1:
        at = min(at + YEAR, card["due_at"] - 1)
        await advance(platform, on, at)
    # Nobody used it for so long that issuing was closed: it is the month that counts here.
    assert await expiries(platform, one.account) == [card]
    await advance(platform, on, card["due_at"])
    assert await expiries(platform, one.account) == []
    declined = await one.authorize(100)
    assert not declined["approved"]


@pytest.mark.calendar
async def test_links_and_keys_end_by_the_machine(platform: Platform) -> None:
    account = await new_account(platform)
    link = await new_link(platform, account)
    (listed,) = await expiries(platform, account)
    assert (listed["kind"], listed["due_at"]) == ("account_link_expiry", link["expires_at"])
    assert listed["test_clock"] is None
    async with browser() as visitor, visitor.get(link["url"]) as response:
        assert response.status == 200
    assert await expiries(platform, account) == []

    file = (await uploaded(platform, account, purpose="dispute_evidence"))["id"]
    ends = clock.machine_ms() // clock.SECOND_MS + 1000
    form = {"file": file, "expires_at": str(ends)}
    status, made = await platform.call("POST", "/v1/file_links", form=form, account=account)
    assert status == 200, made
    (listed,) = await expiries(platform, account)
    assert (listed["kind"], listed["subject"]) == ("file_link_expiry", made["id"])
    assert listed["due_at"] == ends

    _, own = await platform.call("GET", "/v1/account")
    await platform.live.application.database.pool.execute(
        "update api_keys set expires_ms = $2 where account_id = $1 and kind = 'publishable'",
        own["id"],
        ends * clock.SECOND_MS,
    )
    (listed,) = await expiries(platform, own["id"])
    assert (listed["kind"], listed["due_at"]) == ("api_key_expiry", ends)
