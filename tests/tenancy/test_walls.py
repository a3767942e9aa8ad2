"""What is another platform's or another account's is as if it did not exist."""

from typing import Any

import pytest

from cardwright.roles.provisioning import create_platform
from tests.support.issuing import PROGRAMS, issuing_account
from tests.support.server import Live, Platform

PREVIEW = "2026-10-14.preview"
HOLDER = {
    "name": "Jenny Rosen",
    "billing[address][line1]": "123 Main Street",
    "billing[address][city]": "London",
    "billing[address][postal_code]": "SW1A 1AA",
    "billing[address][country]": "GB",
}
LINK = {
    "type": "account_onboarding",
    "refresh_url": "https://example.com/reauth",
    "return_url": "https://example.com/return",
}


@pytest.fixture
async def stranger(live: Live) -> Platform:
    """A platform with nothing of the other's."""
    return Platform(live, await create_platform(live.application.database))


async def furnished(platform: Platform) -> dict[str, str]:
    """An account that has one of everything; its ids by kind."""
    account = await issuing_account(platform)

    async def done(method: str, path: str, **more: Any) -> Any:
        status, body = await platform.call(method, path, account=account, **more)
        assert status == 200, body
        return body

    holder = await done("POST", "/v1/issuing/cardholders", form=HOLDER)
    form = {"cardholder": holder["id"], "currency": "gbp", "type": "virtual"}
    card = await done("POST", "/v1/issuing/cards", form=form)
    topup = await done("POST", "/v1/topups", form={"amount": "5", "currency": "gbp"})
    programs = await done("GET", "/v1/issuing/programs", version=PROGRAMS)
    return {
        "account": account,
        "holder": holder["id"],
        "card": card["id"],
        "topup": topup["id"],
        "transaction": topup["balance_transaction"],
        "program": programs["data"][0]["id"],
    }


async def out_of_reach(answer: tuple[int, Any], named: str) -> None:
    """The answer of v1 to an account that the key has no access to, or that does not exist."""
    status, body = answer
    assert (status, body["error"]["code"]) == (403, "account_invalid")
    assert named in body["error"]["message"]


async def absent(answer: tuple[int, Any], named: str) -> None:
    """The answer to an id that never existed."""
    status, body = answer
    assert status == 404, body
    assert named in body["error"]["message"]


async def test_the_header_of_another_platform(platform: Platform, stranger: Platform) -> None:
    theirs = await issuing_account(platform, program=False)
    for account in (theirs, platform.keys.account_id, "acct_nobody"):
        for path in ("/v1/balance", "/v1/issuing/cards", f"/v1/accounts/{account}"):
            status, body = await stranger.call("GET", path, account=account)
            assert (status, body["error"]["code"]) == (403, "account_invalid")


async def test_ids_of_another_account_wherever_they_stand(platform: Platform) -> None:
    theirs, mine = await furnished(platform), await issuing_account(platform)
    own = await furnished(platform)
    card = {"cardholder": own["holder"], "currency": "gbp", "type": "virtual"}
    for path, kind in (
        ("/v1/issuing/cardholders", "holder"),
        ("/v1/issuing/cards", "card"),
        ("/v1/topups", "topup"),
        ("/v1/balance_transactions", "transaction"),
    ):
        for method, at in (
            ("GET", f"{path}/{theirs[kind]}"),
            ("GET", f"{path}?starting_after={theirs[kind]}"),
            ("GET", f"{path}?ending_before={theirs[kind]}"),
        ):
            await absent(await platform.call(method, at, account=mine), theirs[kind])
    for path, kind in (("/v1/issuing/cardholders", "holder"), ("/v1/issuing/cards", "card")):
        form = {"metadata[a]": "b"}
        answer = await platform.call("POST", f"{path}/{theirs[kind]}", form=form, account=mine)
        await absent(answer, theirs[kind])
    for more, kind in (
        ({"cardholder": theirs["holder"]}, "holder"),
        ({"program": theirs["program"]}, "program"),
        ({"replacement_for": theirs["card"], "replacement_reason": "damaged"}, "card"),
    ):
        answer = await platform.call(
            "POST",
            "/v1/issuing/cards",
            form={**card, **more},
            account=own["account"],
            version=PROGRAMS,
        )
        await absent(answer, theirs[kind])
    listed = await platform.call(
        "GET", f"/v1/issuing/cards?cardholder={theirs['holder']}", account=mine
    )
    assert listed[1]["data"] == []


async def test_accounts_of_another_platform(platform: Platform, stranger: Platform) -> None:
    theirs = await issuing_account(platform, program=False)
    _, own = await stranger.call("POST", "/v1/accounts", form={"type": "custom"})
    link = {**LINK, "account": theirs}
    await absent(await stranger.call("POST", "/v1/account_links", form=link), theirs)
    for method in ("GET", "POST", "DELETE"):
        await out_of_reach(await stranger.call(method, f"/v1/accounts/{theirs}"), theirs)
    for path in (f"/v1/accounts/{theirs}/persons", f"/v1/accounts/{theirs}/capabilities"):
        await out_of_reach(await stranger.call("GET", path), theirs)
    for path in (f"/v2/core/accounts/{theirs}", f"/v2/core/accounts/{theirs}/persons"):
        await absent(await stranger.call("GET", path, version=PREVIEW), theirs)
    for path in (f"/v2/core/accounts/{theirs}", f"/v2/core/accounts/{theirs}/close"):
        await absent(await stranger.call("POST", path, version=PREVIEW, json={}), theirs)
    _, page = await platform.call("GET", "/v2/core/accounts?limit=1", version=PREVIEW)
    assert page["data"][0]["id"] == theirs
    await absent(await stranger.call("GET", f"/v1/accounts?starting_after={theirs}"), theirs)
    _, listed = await stranger.call("GET", "/v1/accounts")
    assert [one["id"] for one in listed["data"]] == [own["id"]]


async def test_a_page_of_another_platform(platform: Platform, stranger: Platform) -> None:
    for _ in range(2):
        await platform.call("POST", "/v2/core/accounts", version=PREVIEW, json={})
    _, page = await platform.call("GET", "/v2/core/accounts?limit=1", version=PREVIEW)
    status, body = await stranger.call("GET", page["next_page_url"], version=PREVIEW)
    assert status == 404, body


async def test_programs_of_another_platform(platform: Platform, stranger: Platform) -> None:
    account = await issuing_account(stranger, program=False)
    _, listed = await platform.call("GET", "/v1/issuing/programs", version=PROGRAMS)
    for program in listed["data"]:
        answer = await stranger.call(
            "POST",
            "/v1/issuing/programs",
            form={"platform_program": program["id"]},
            version=PROGRAMS,
            account=account,
        )
        await absent(answer, program["id"])


async def test_persons_of_another_account(platform: Platform) -> None:
    company = {"type": "custom", "country": "US", "business_type": "company"}
    accounts = [(await platform.call("POST", "/v1/accounts", form=company))[1] for _ in range(2)]
    mine, theirs = (f"/v1/accounts/{account['id']}" for account in accounts)
    _, person = await platform.call("POST", f"{theirs}/persons", form={"id_number": "000000000"})
    for method in ("GET", "POST", "DELETE"):
        await absent(await platform.call(method, f"{mine}/persons/{person['id']}"), person["id"])
    assert (await platform.call("DELETE", f"{theirs}/persons/{person['id']}"))[0] == 200
    pool = platform.live.application.database.pool
    count = "select count(*) from secrets where account_id = $1 and subject = $2"
    assert await pool.fetchval(count, accounts[1]["id"], person["id"]) == 0


async def test_a_key_belongs_to_the_account_acted_on(platform: Platform) -> None:
    accounts = [await issuing_account(platform, program=False) for _ in range(2)]
    made = [
        await platform.call(
            "POST", "/v1/issuing/cardholders", form=HOLDER, account=account, idempotency_key="once"
        )
        for account in (*accounts, accounts[0])
    ]
    assert [status for status, _ in made] == [200] * 3
    assert made[0][1]["id"] == made[2][1]["id"] != made[1][1]["id"]
    # v1 and v2 do not share a key either.
    status, body = await platform.call(
        "POST", "/v2/core/accounts", version=PREVIEW, json={}, idempotency_key="once"
    )
    assert status == 200, body
