"""Links that lead astray and visits that make no sense."""

import asyncio
from urllib.parse import urlsplit

import pytest

from tests.hosted.test_links import PREVIEW, REFRESH, RETURN, browser, new_account, new_link
from tests.support.server import Platform

ASTRAY = [
    "javascript:alert(1)",
    "data:text/html,x",
    "//example.com",
    "https:",
    "https:///path",
    "ftp://example.com",
    "https://example.com\r\nSet-Cookie: a=b",
    "https://example.com/\tpath",
    " https://example.com",
    # What these hosts hold would end the policy of the page early, or open it to anybody.
    "https://example.com;script-src",
    "https://example.com,more",
    "https://<script>",
    "https://*",
    "https://*.example.com",
    # Browsers go to the first host, libraries read the second.
    "https://example.com\\@example.org",
    "https://user:password@example.com",
    # No header can carry them as they are.
    "https://\U0001f600.example",
    "https://ex\u00e4mple.com",
    "https://example.com/\u00fc",
    "https://example.com:0",
    "https://example.com:65536",
    "https://example.com/" + "x" * 2048,
]


@pytest.mark.parametrize("url", ASTRAY)
async def test_an_address_that_leads_astray(platform: Platform, url: str) -> None:
    account = await new_account(platform)
    for name in ("refresh_url", "return_url"):
        form = {"account": account, "type": "account_onboarding"}
        form |= {"refresh_url": REFRESH, "return_url": RETURN, name: url}
        status, body = await platform.call("POST", "/v1/account_links", form=form)
        assert (status, body["error"].get("code")) == (400, "url_invalid"), body
        assert body["error"]["param"] == name


@pytest.mark.parametrize(
    "url", ["http://localhost:3000/x?a=b#c", "https://[::1]/", "HTTPS://EXAMPLE.COM", RETURN]
)
async def test_an_address_that_does_not(platform: Platform, url: str) -> None:
    link = await new_link(platform, await new_account(platform), return_url=url)
    async with browser() as visitor:
        async with visitor.get(link["url"]) as response:
            assert response.status == 200
            policy = response.headers["Content-Security-Policy"]
        assert policy.count(";") == 4, policy
        async with visitor.post(f"{link['url']}/return", allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (303, url)


@pytest.mark.parametrize("path", ["%FF/x", "acct_x/%ED%A0%80"])
async def test_an_address_that_is_no_text(platform: Platform, path: str) -> None:
    """What is no UTF-8 is refused before any page looks at it."""
    async with browser() as visitor, visitor.get(f"{platform.base}/setup/s/{path}") as response:
        assert response.status == 400


@pytest.mark.parametrize("path", ["%00/x", "x/%00", "%0d%0aA:b/x"])
async def test_an_address_of_no_link(platform: Platform, path: str) -> None:
    async with browser() as visitor, visitor.get(f"{platform.base}/setup/s/{path}") as response:
        assert response.status == 404
        assert "This link does not exist" in await response.text()


async def test_names_are_text_on_the_page(platform: Platform) -> None:
    account = await new_account(platform)
    name = "<script>alert(1)</script>"
    await platform.call("POST", f"/v1/accounts/{account}", form={"company[name]": name})
    link = await new_link(platform, account)
    async with browser() as visitor, visitor.get(link["url"]) as response:
        page = await response.text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


async def test_of_twenty_visitors_one_gets_in(platform: Platform) -> None:
    link = await new_link(platform, await new_account(platform))

    async def visit() -> int:
        async with browser() as visitor, visitor.get(link["url"], allow_redirects=False) as answer:
            return answer.status

    assert sorted(await asyncio.gather(*(visit() for _ in range(20)))) == [200] + [302] * 19


async def test_a_session_opens_its_own_link_alone(platform: Platform) -> None:
    account = await new_account(platform)
    mine, other = await new_link(platform, account), await new_link(platform, account)
    async with browser() as first, first.get(mine["url"]) as response:
        cookie = response.headers["Set-Cookie"].partition(";")[0]
    async with browser() as thief:
        async with thief.get(other["url"]) as response:
            assert response.status == 200
        second = browser()
        headers = {"Cookie": cookie}
        async with (
            second,
            second.get(other["url"], headers=headers, allow_redirects=False) as response,
        ):
            assert (response.status, response.headers["Location"]) == (302, REFRESH)


async def test_the_page_of_a_closed_account_says_so(platform: Platform) -> None:
    account = await new_account(platform)
    link = await new_link(platform, account)
    await platform.call("DELETE", f"/v1/accounts/{account}")
    async with browser() as visitor:
        async with visitor.get(link["url"]) as response:
            assert response.status == 410
            assert "This account is closed" in await response.text()
        async with visitor.post(f"{link['url']}/return") as response:
            assert response.status == 410


async def test_options_are_given_once(platform: Platform) -> None:
    form = {"account": await new_account(platform), "type": "account_onboarding"}
    form |= {"refresh_url": REFRESH, "return_url": RETURN, "collect": "currently_due"}
    form["collection_options[fields]"] = "eventually_due"
    status, body = await platform.call("POST", "/v1/account_links", form=form)
    assert (status, body["error"]["param"]) == (400, "collect")


async def test_one_key_makes_one_link(platform: Platform) -> None:
    use_case = {"type": "account_onboarding", "account_onboarding": {"refresh_url": REFRESH}}
    wanted = {"account": await new_account(platform), "use_case": use_case}
    answers = await asyncio.gather(
        *(
            platform.call(
                "POST",
                "/v2/core/account_links",
                version=PREVIEW,
                json=wanted,
                idempotency_key="once",
            )
            for _ in range(10)
        )
    )
    assert {status for status, _ in answers} <= {200, 409}
    links = {urlsplit(body["url"]).path for status, body in answers if status == 200}
    assert len(links) == 1
