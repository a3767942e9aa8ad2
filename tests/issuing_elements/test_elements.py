"""Card secrets in a real browser: shown to who looks at the page, and never to the page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import BrowserContext, Frame, Page

from tests.cards.test_cards_sdk import Issuer
from tests.cards.test_ephemeral_keys import key
from tests.cards.test_pins import encrypted
from tests.support.browser import chromium
from tests.support.issuing import issuing_account
from tests.support.server import Platform, free_port

LOADER = Path(".venv/clients/node_modules/@stripe/stripe-js/dist/index.mjs").resolve()

# A page as a platform writes it, with ears everywhere a secret could pass.
PAGE = """<!doctype html>
<html><head>
<script>
  window.heard = [];
  const hear = (kind) => (event) => heard.push(kind + " " + JSON.stringify(event.data || null));
  window.addEventListener("message", hear("window"));
  const property = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
  Object.defineProperty(MessagePort.prototype, "onmessage", {
    get: property.get,
    set(handler) {
      property.set.call(this, (event) => { hear("port")(event); handler(event); });
    },
  });
  const asked = window.fetch;
  window.fetch = (...given) => { heard.push("fetch " + given[0]); return asked(...given); };
</script>
<script src="SCRIPT"></script>
</head><body>
<div id="number"></div><div id="cvc"></div><div id="expiry"></div><div id="pin"></div>
<div id="copy"></div>
<script>
  const stripe = Stripe("PUBLISHABLE", {stripeAccount: "ACCOUNT", apiVersion: "2025-03-31.basil"});
  const style = {base: {color: "rgb(1, 2, 3)", fontSize: "20px", position: "fixed"}};
  window.events = [];
  async function key(card) {
    const {nonce, error} = await stripe.createEphemeralKeyNonce({issuingCard: card});
    if (error) throw new Error(error.message);
    const answer = await asked(`/ephemeral_key?card=${card}&nonce=${nonce}`);
    return {nonce, ephemeralKeySecret: (await answer.json()).secret};
  }
  function mount(type, place, options) {
    const element = stripe.elements().create(type, options);
    const told = new Promise((resolve) => {
      for (const name of ["ready", "loaderror"]) {
        element.on(name, (event) => { events.push([name, event]); resolve([name, event]); });
      }
    });
    for (const name of ["click", "success", "error"]) {
      element.on(name, (event) => events.push([name, event]));
    }
    element.mount(place);
    window.last = element;
    return told;
  }
</script>
</body></html>
"""


@dataclass
class Site:
    """A platform's own server: its page, and the address where the page gets an ephemeral key."""

    issuer: Issuer
    base: str = ""
    policy: str | None = None
    keys: list[Any] = field(default_factory=list)

    async def page(self, _request: web.Request) -> web.Response:
        platform = self.issuer.platform
        text = (
            PAGE.replace("SCRIPT", f"{platform.base}/v3/")
            .replace("PUBLISHABLE", platform.keys.publishable)
            .replace("ACCOUNT", self.issuer.account_id)
        )
        headers = {} if self.policy is None else {"Content-Security-Policy": self.policy}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def loader(self, _request: web.Request) -> web.Response:
        return web.Response(text=LOADER.read_text(), content_type="text/javascript")

    async def ephemeral_key(self, request: web.Request) -> web.Response:
        made = await key(self.issuer, request.query["card"], request.query["nonce"])
        self.keys.append(made)
        return web.json_response({"secret": made.secret})


@pytest.fixture
async def issuer(platform: Platform) -> Issuer:
    return Issuer(platform, await issuing_account(platform))


@pytest.fixture
async def site(issuer: Issuer) -> AsyncIterator[Site]:
    made = Site(issuer)
    served = web.Application()
    served.router.add_get("/", made.page)
    served.router.add_get("/loader.mjs", made.loader)
    served.router.add_get("/ephemeral_key", made.ephemeral_key)
    runner = web.AppRunner(served)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    # Another host than the server's, as it will be; both are this machine.
    made.base = f"http://localhost:{port}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def context() -> AsyncIterator[BrowserContext]:
    async with chromium() as browser:
        made = await browser.new_context()
        yield made
        await made.close()


async def opened(context: BrowserContext, site: Site) -> Page:
    page = await context.new_page()
    await page.goto(site.base)
    return page


async def shown(page: Page, place: str) -> tuple[Frame, str]:
    """The frame at a place, and what stands in it."""
    holder = await page.wait_for_selector(f"{place} iframe", timeout=20_000)
    assert holder is not None
    frame = await holder.content_frame()
    assert frame is not None
    inside = await frame.wait_for_selector("output, button", timeout=20_000)
    assert inside is not None
    return frame, await inside.inner_text()


async def test_the_members_of_a_card_are_shown_and_the_page_sees_none(
    site: Site, context: BrowserContext
) -> None:
    issuer = site.issuer
    pin = await encrypted(issuer.platform, "4711")
    made = await issuer.card(exp_month=3, exp_year=2099, pin={"encrypted_number": pin})
    secrets = await issuer.retrieve(made.id, "number", "cvc")
    number, cvc = secrets["number"], secrets["cvc"]
    page = await opened(context, site)
    retrieved = await page.evaluate(
        """async (card) => {
            window.held = await key(card);
            const {issuingCard} = await stripe.retrieveIssuingCard(card, held);
            for (const [type, place] of [
                ["issuingCardNumberDisplay", "#number"], ["issuingCardCvcDisplay", "#cvc"],
                ["issuingCardExpiryDisplay", "#expiry"], ["issuingCardPinDisplay", "#pin"],
            ]) await mount(type, place, {issuingCard: card, ...held, style});
            return issuingCard;
        }""",
        made.id,
    )
    assert retrieved["id"] == made.id
    assert retrieved["last4"] == made.last4
    assert not {"number", "cvc", "pin"} & retrieved.keys()
    assert [name for name, _ in await page.evaluate("events")] == ["ready"] * 4

    frame, text = await shown(page, "#number")
    assert text == " ".join(number[at : at + 4] for at in range(0, 16, 4))
    looks = await frame.evaluate(
        "() => { const s = getComputedStyle(document.querySelector('output'));"
        " return [s.color, s.fontSize, s.position]; }"
    )
    assert looks == ["rgb(1, 2, 3)", "20px", "static"]
    assert (await shown(page, "#cvc"))[1] == cvc
    assert (await shown(page, "#expiry"))[1] == "03/99"
    assert (await shown(page, "#pin"))[1] == "4711"

    # The page: what it holds, what it heard, what it can reach.
    told = await page.evaluate(
        "JSON.stringify([document.documentElement.outerHTML, heard, events, held,"
        " Object.keys(sessionStorage), Object.keys(localStorage)])"
    )
    for secret in (number, text, "4711", f'"{cvc}"', f">{cvc}<"):
        assert secret not in told
    assert "ephkn_priv" not in told
    assert "port" in told, "the ears are open"
    reached = await page.evaluate(
        """() => [...document.querySelectorAll("iframe")].map((frame) => {
            const inside = frame.contentDocument;
            try { return [inside, String(frame.contentWindow.document)]; }
            catch (error) { return [inside, error.name]; }
        })"""
    )
    assert reached == [[None, "SecurityError"]] * 5
    # Its ephemeral key without the private half, which stayed in a frame.
    answer = await page.evaluate(
        """async ([base, card]) => {
            const secret = held.ephemeralKeySecret;
            const path = `${base}/v1/issuing/cards/${card}?expand[]=number`;
            try {
                return (await asked(path, {headers: {Authorization: `Bearer ${secret}`}})).status;
            } catch (error) { return error.name; }
        }""",
        [issuer.platform.base, made.id],
    )
    assert answer == "TypeError", "other origins may not even ask"
    status, _ = await issuer.platform.call(
        "GET", f"/v1/issuing/cards/{made.id}?expand[]=number", key=site.keys[0].secret
    )
    assert status == 400


async def test_a_copy_button_copies_without_telling_the_page(
    site: Site, context: BrowserContext
) -> None:
    made = await site.issuer.card()
    number = (await site.issuer.retrieve(made.id, "number"))["number"]
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await opened(context, site)
    await page.evaluate(
        """async (card) => mount("issuingCardCopyButton", "#copy",
            {issuingCard: card, toCopy: "number", ...await key(card)})""",
        made.id,
    )
    frame, text = await shown(page, "#copy")
    assert text == "Copy"
    assert await frame.get_attribute("button", "aria-label") == "Copy number"
    await page.bring_to_front()
    await frame.click("button")
    await page.wait_for_function("events.length >= 3", timeout=20_000)
    assert [name for name, _ in await page.evaluate("events")] == ["ready", "click", "success"]
    assert number not in await page.evaluate("JSON.stringify([heard, events])")
    # The clipboard is the user's, who let this page read it.
    assert await page.evaluate("navigator.clipboard.readText()") == number


async def test_elements_of_a_retrieved_card_need_no_key_of_their_own(
    site: Site, context: BrowserContext
) -> None:
    """The older way: retrieve first, then name the card alone; and an update changes the style."""
    made, other = await site.issuer.card(), await site.issuer.card()
    page = await opened(context, site)
    await page.evaluate(
        """async (card) => {
            await stripe.retrieveIssuingCard(card, await key(card));
            await mount("issuingCardNumberDisplay", "#number", {issuingCard: card});
        }""",
        made.id,
    )
    frame, text = await shown(page, "#number")
    assert text.endswith(made.last4)
    await page.evaluate("last.update({style: {base: {color: 'rgb(9, 9, 9)'}}})")
    await frame.wait_for_function(
        "getComputedStyle(document.querySelector('output')).color === 'rgb(9, 9, 9)'"
    )
    await page.evaluate("last.unmount()")
    assert await page.query_selector("#number iframe") is None
    name, event = await page.evaluate(
        "(card) => mount('issuingCardNumberDisplay', '#cvc', {issuingCard: card})", other.id
    )
    assert name == "loaderror"
    assert other.id in event["error"]["message"]


async def test_a_page_that_errs_hears_why(site: Site, context: BrowserContext) -> None:
    made, other = await site.issuer.card(), await site.issuer.card()
    page = await opened(context, site)
    # A key for one card shows no other, and a nonce of another page is none.
    for tried in (
        "{issuingCard: card, ...held}",
        "{issuingCard: right, ...held, nonce: 'ephkn_x'}",
    ):
        name, event = await page.evaluate(
            f"""async ([right, card]) => {{
                const held = await key(right);
                return mount("issuingCardCvcDisplay", "#cvc", {tried});
            }}""",
            [made.id, other.id],
        )
        assert (name, event["error"]["type"]) == ("loaderror", "invalid_request_error")
    refused = await page.evaluate(
        """async (card) => (await stripe.retrieveIssuingCard(card,
            {ephemeralKeySecret: "ek_test_none", nonce: "ephkn_pub_none"})).error.type""",
        made.id,
    )
    assert refused == "invalid_request_error"
    for call in (
        "Stripe('sk_test_1')",
        "Stripe()",
        "stripe.elements().create('card', {})",
        "stripe.elements().create('issuingCardNumberDisplay', {})",
        "stripe.elements().create('issuingCardCopyButton', {issuingCard: 'ic_1', toCopy: 'all'})",
        "stripe.createEphemeralKeyNonce({})",
        "stripe.retrieveIssuingCard('ic_1', {})",
        "last.mount('#nowhere')",
    ):
        thrown = await page.evaluate(
            f"() => {{ try {{ {call}; return null; }} catch (error) {{ return error.name; }} }}"
        )
        assert thrown == "IntegrationError", call
    assert await page.evaluate("Stripe.version") == "endive"
    nothing = await page.evaluate("async () => (await stripe.createToken()).error.type")
    assert nothing == "invalid_request_error"


async def test_a_strict_page_need_only_allow_script_and_frames(
    site: Site, context: BrowserContext
) -> None:
    server = site.issuer.platform.base
    site.policy = (
        f"default-src 'none'; script-src 'unsafe-inline' {server}; frame-src {server}; "
        "connect-src 'self'"
    )
    made = await site.issuer.card()
    page = await opened(context, site)
    name, _ = await page.evaluate(
        """async (card) => mount("issuingCardNumberDisplay", "#number",
            {issuingCard: card, ...await key(card)})""",
        made.id,
    )
    assert name == "ready"
    assert (await shown(page, "#number"))[1].endswith(made.last4)


async def test_the_official_loader_takes_our_script(site: Site, context: BrowserContext) -> None:
    """The unmodified package from npm, on a page that has our script tag before it."""
    made = await site.issuer.card()
    page = await opened(context, site)
    shown_by_it = await page.evaluate(
        """async ([card, publishable, account]) => {
            const {loadStripe} = await import("/loader.mjs");
            const loaded = await loadStripe(publishable, {stripeAccount: account});
            const {nonce} = await loaded.createEphemeralKeyNonce({issuingCard: card});
            const answer = await asked(`/ephemeral_key?card=${card}&nonce=${nonce}`);
            const ephemeralKeySecret = (await answer.json()).secret;
            const element = loaded.elements().create("issuingCardNumberDisplay",
                {issuingCard: card, nonce, ephemeralKeySecret});
            element.mount("#number");
            await new Promise((resolve) => element.on("ready", resolve));
            return [...document.scripts].map((script) => script.src).filter(Boolean);
        }""",
        [made.id, site.issuer.platform.keys.publishable, site.issuer.account_id],
    )
    assert shown_by_it == [f"{site.issuer.platform.base}/v3/"], "it loaded nothing else"
    assert (await shown(page, "#number"))[1].endswith(made.last4)


async def test_what_is_served(platform: Platform) -> None:
    for path in ("/v3", "/v3/", "/endive/stripe.js", "/issuing_elements/stripe.js"):
        async with platform.live.http.get(platform.base + path) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Type"].startswith("text/javascript")
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    async with platform.live.http.get(f"{platform.base}/issuing_elements/frame") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
