"""Account links: made by the platform, opened once by the account holder, left for the platform."""

from typing import Any

import aiohttp
import pytest

from cardwright.roles.provisioning import create_platform
from tests.support.server import Platform

REFRESH, RETURN = "https://example.com/reauth", "https://example.com/return"
PREVIEW = "2025-09-30.preview"


async def new_account(platform: Platform, kind: str = "custom") -> str:
    form = {"type": kind, "business_type": "company", "country": "US"}
    form |= {"capabilities[transfers][requested]": "true", "company[name]": "Rocket Rides"}
    status, body = await platform.call("POST", "/v1/accounts", form=form)
    assert status == 200, body
    return str(body["id"])


async def new_link(platform: Platform, account: str, **more: str) -> Any:
    form = {"account": account, "type": "account_onboarding"}
    form |= {"refresh_url": REFRESH, "return_url": RETURN, **more}
    status, body = await platform.call("POST", "/v1/account_links", form=form)
    assert status == 200, body
    return body


def browser() -> aiohttp.ClientSession:
    """A browser with its own cookies (of an address: the server runs on one)."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def test_the_page_lists_what_is_due(platform: Platform) -> None:
    link = await new_link(platform, await new_account(platform))
    async with browser() as visitor, visitor.get(link["url"]) as response:
        page = await response.text()
        assert response.status == 200
        assert response.content_type == "text/html"
    assert "Account setup for Rocket Rides" in page
    assert "The person who represents the business" in page
    assert "Employer identification number (EIN)" in page
    assert "Return to example.com" in page
    assert "<script" not in page
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' https://example.com;" in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    cookie = response.headers["Set-Cookie"]
    for word in ("HttpOnly", "SameSite=lax", "Path=/setup/s/acct_"):
        assert word in cookie


async def test_a_link_opens_once(platform: Platform) -> None:
    link = await new_link(platform, await new_account(platform))
    async with browser() as first, browser() as second:
        for _ in range(2):
            async with first.get(link["url"]) as response:
                assert response.status == 200
        async with second.get(link["url"], allow_redirects=False) as response:
            assert response.status == 302
            assert response.headers["Location"] == REFRESH
        async with second.post(link["url"] + "/return", allow_redirects=False) as response:
            assert response.status == 303
            assert response.headers["Location"] == REFRESH
        async with first.post(link["url"] + "/return", allow_redirects=False) as response:
            assert response.status == 303
            assert response.headers["Location"] == RETURN


@pytest.mark.calendar
async def test_an_expired_link_leads_to_the_refresh_address(platform: Platform) -> None:
    account = await new_account(platform)
    link = await new_link(platform, account)
    assert link["expires_at"] == link["created"] + 300
    await platform.live.application.database.pool.execute(
        "update account_links set expires_ms = expires_ms - 300001 where account_id = $1", account
    )
    async with browser() as late, late.get(link["url"], allow_redirects=False) as response:
        assert response.status == 302
        assert response.headers["Location"] == REFRESH
        assert "Set-Cookie" not in response.headers


@pytest.mark.calendar
async def test_a_session_ends(platform: Platform) -> None:
    account = await new_account(platform)
    link = await new_link(platform, account)
    async with browser() as visitor:
        async with visitor.get(link["url"]) as response:
            assert response.status == 200
        await platform.live.application.database.pool.execute(
            "update account_links set session_expires_ms = 1 where account_id = $1", account
        )
        async with visitor.get(link["url"], allow_redirects=False) as response:
            assert response.headers["Location"] == REFRESH


async def test_the_token_is_not_kept(platform: Platform) -> None:
    account = await new_account(platform)
    link = await new_link(platform, account)
    token = link["url"].rpartition("/")[2]
    row = await platform.live.application.database.pool.fetchval(
        "select to_jsonb(account_links)::text from account_links where account_id = $1", account
    )
    assert token not in row


@pytest.mark.parametrize("address", ["acct_none/abc", "%ACCOUNT%/abc"])
async def test_an_unknown_link_is_not_found(platform: Platform, address: str) -> None:
    path = address.replace("%ACCOUNT%", await new_account(platform))
    async with browser() as lost:
        async with lost.get(f"{platform.base}/setup/s/{path}") as response:
            assert response.status == 404
            assert "This link does not exist" in await response.text()
        async with lost.post(f"{platform.base}/setup/s/{path}/return") as response:
            assert response.status == 404


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"refresh_url": "example.com"}, "refresh_url"),
        ({"return_url": "javascript:alert(1)"}, "return_url"),
        ({"return_url": "https://exa mple.com"}, "return_url"),
        ({"account": "acct_none"}, "account"),
        ({"type": "account_closing"}, "type"),
        ({"refresh_url": ""}, "refresh_url"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_refusals_name_the_parameter(
    platform: Platform, change: dict[str, str], param: str
) -> None:
    form = {"account": await new_account(platform), "type": "account_onboarding"}
    form |= {"refresh_url": REFRESH, "return_url": RETURN, **change}
    status, body = await platform.call("POST", "/v1/account_links", form=form)
    assert status in (400, 404), body
    assert body["error"]["param"] == param


async def test_an_account_of_another_platform_has_no_link(platform: Platform) -> None:
    other = Platform(platform.live, await create_platform(platform.live.application.database))
    form = {"account": await new_account(platform), "type": "account_onboarding"}
    form |= {"refresh_url": REFRESH, "return_url": RETURN}
    status, body = await other.call("POST", "/v1/account_links", form=form)
    assert (status, body["error"]["code"]) == (404, "resource_missing")


async def test_an_update_link_needs_an_account_collected_by_the_platform(
    platform: Platform,
) -> None:
    form = {"account": await new_account(platform, "express"), "type": "account_update"}
    form |= {"refresh_url": REFRESH, "return_url": RETURN}
    status, body = await platform.call("POST", "/v1/account_links", form=form)
    assert (status, body["error"]["param"]) == (400, "type")


def use_case(**more: Any) -> dict[str, Any]:
    options = {"refresh_url": REFRESH, "return_url": RETURN, **more}
    return {"type": "account_onboarding", "account_onboarding": options}


async def test_the_link_of_v2(platform: Platform) -> None:
    account = await new_account(platform)
    asked = {"account": account, "use_case": use_case(configurations=["recipient"])}
    made = []
    for _ in range(2):
        status, body = await platform.call(
            "POST",
            "/v2/core/account_links",
            json=asked,
            version=PREVIEW,
            idempotency_key=f"link-{account}",
        )
        assert status == 200, body
        made.append(body)
    link = made[0]
    assert made[1] == link
    assert sorted(link) == [
        "account",
        "created",
        "expires_at",
        "livemode",
        "object",
        "url",
        "use_case",
    ]
    assert link["object"] == "v2.core.account_link"
    assert link["use_case"] == asked["use_case"]
    async with browser() as visitor:
        async with visitor.get(link["url"]) as response:
            assert response.status == 200
        for _ in range(2):
            async with visitor.post(link["url"] + "/return", allow_redirects=False) as response:
                assert response.headers["Location"] == RETURN
    told = await platform.live.application.database.pool.fetch(
        "select thin from events where account_id = $1 and type = 'v2.core.account_link.returned'",
        account,
    )
    assert len(told) == 1
    assert f'"account_id":"{account}"' in told[0]["thin"]


async def test_what_will_be_required_is_listed_when_asked_for(platform: Platform) -> None:
    account = await new_account(platform)
    status, _ = await platform.call(
        "POST",
        f"/_cardwright/accounts/{account}/requirements",
        form={
            "requirement": "identity.business_details.structure",
            "restricts[0]": "payouts",
            "effective_at": "4102444000",
            "deadline": "4102444800",
        },
    )
    assert status == 200
    member = "collection_options[future_requirements]"
    urls = {
        wanted: (await new_link(platform, account, **{member: wanted}))["url"]
        for wanted in ("omit", "include")
    }
    options = {"fields": "currently_due", "future_requirements": "include"}
    status, body = await platform.call(
        "POST",
        "/v2/core/account_links",
        json={"account": account, "use_case": use_case(collection_options=options)},
        version=PREVIEW,
    )
    assert status == 200, body
    urls["v2"] = body["url"]
    for wanted, url in urls.items():
        async with browser() as visitor, visitor.get(url) as response:
            page = await response.text()
        assert ("Will be needed" in page) == (wanted != "omit")
        assert ("Structure" in page) == (wanted != "omit")


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        (use_case(configurations=["merchant"]), "use_case.account_onboarding.configurations"),
        ({"type": "account_onboarding"}, "use_case.account_onboarding"),
        (use_case(refresh_url="ftp://x"), "use_case.account_onboarding.refresh_url"),
        (
            {**use_case(), "account_update": {"refresh_url": REFRESH}},
            "use_case.account_update",
        ),
    ],
)
async def test_refusals_of_v2_name_the_field(platform: Platform, asked: Any, param: str) -> None:
    account = await new_account(platform)
    status, body = await platform.call(
        "POST",
        "/v2/core/account_links",
        json={"account": account, "use_case": asked},
        version=PREVIEW,
    )
    assert (status, body["error"]["param"]) == (400, param), body
    if "configurations" in param:
        assert body["error"]["code"] == "configs_must_match_to_use_account_links"


async def test_names_are_escaped(platform: Platform) -> None:
    account = await new_account(platform)
    status, _ = await platform.call(
        "POST",
        f"/v2/core/accounts/{account}",
        version=PREVIEW,
        json={"display_name": "<b>Rocket</b>"},
    )
    assert status == 200
    link = await new_link(platform, account)
    async with browser() as visitor, visitor.get(link["url"]) as response:
        page = await response.text()
    assert "<b>Rocket" not in page
    assert "&lt;b&gt;Rocket" in page
