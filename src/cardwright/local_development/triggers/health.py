"""Stories of the real-time webhook: a payment that is asked about, and answers that fail."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from cardwright.local_development.triggers.issuing import FUNDS, authorize, fund
from cardwright.local_development.triggers.maker import (
    PATIENCE_SECONDS,
    VERSION,
    Maker,
    RefusedError,
    Story,
)

WEBHOOK = "/_cardwright/authorization_webhook"
HEALTH = "v2.core.health.issuing_authorization_request"
STATES = ("firing", "resolved")
LOW_BALANCE = "/_cardwright/low_balance_alert"
LOW_STATES = (
    "v2.cardwright.issuing_balance_low.firing",
    "v2.cardwright.issuing_balance_low.resolved",
)
# How many payments are asked about at once, how often answers are good for every time they were
# bad, and how many rounds there are at most before an alert changes.
AT_ONCE, GOOD_FOR_ONE_BAD, ROUNDS = 5, 10, 15
LONGER_THAN_THE_WINDOW_SECONDS = 3.0
# The server looks at what was counted every two seconds; on a busy machine it is later.
LOOKED_AT_SECONDS = 4.0
LOOK_AGAIN_SECONDS = 0.2


class Answers:
    """A receiver of questions that does not do its work, until it is told to."""

    def __init__(self, *, silent: bool) -> None:
        self.silent = silent
        self.broken = True

    async def answer(self, _request: web.Request) -> web.Response:
        """Approve; while broken, fail or say nothing in time."""
        if not self.broken:
            headers = {"Stripe-Version": VERSION}
            return web.json_response({"approved": True}, headers=headers)
        if self.silent:
            await asyncio.sleep(LONGER_THAN_THE_WINDOW_SECONDS)
        return web.Response(status=500)


@asynccontextmanager
async def asked(maker: Maker, answers: Answers) -> AsyncIterator[None]:
    """The platform's questions come here for a while."""
    before = await maker.call("GET", WEBHOOK)
    if before["url"] is not None:
        raise RefusedError(
            f"Questions go to {before['url']}, which would fail for this event. Turn that off "
            "first: cardwright authorization-webhook --off"
        )
    application = web.Application()
    application.router.add_post("/", answers.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        await maker.call("POST", WEBHOOK, {"url": url})
        maker.note(f"Payments are asked about at {url} for a moment.")
        yield
    finally:
        await maker.call("POST", WEBHOOK, {"url": ""})
        await runner.cleanup()


async def request(maker: Maker) -> AsyncGenerator[None, None]:
    """A payment that somebody is asked about: whoever is set, or listens."""
    await fund(maker, await maker.account())
    path = f"/v1/issuing/authorizations/{await authorize(maker)}"
    made = await maker.call("GET", path, account=await maker.account())
    reason = made["request_history"][0]["reason"]
    if not reason.startswith("webhook_"):
        raise RefusedError(
            "Nobody is asked about payments. Set an address with `cardwright "
            "authorization-webhook --url URL`, or listen with the official command line."
        )
    maker.note(f"The receiver was asked: {reason}.")
    yield


def errors(maker: Maker) -> AsyncGenerator[None, None]:
    """Answers that cannot be used, then answers that can."""
    return _failing(maker, "errors", silent=False)


def timeouts(maker: Maker) -> AsyncGenerator[None, None]:
    """Answers that do not come in time, then answers that do."""
    return _failing(maker, "timeout", silent=True)


async def low_balance(maker: Maker) -> AsyncGenerator[None, None]:
    """An Issuing balance that a payment takes below what is set for a moment, and new money."""
    before = await maker.call("GET", LOW_BALANCE)
    if before["amounts"] or before["percent_of_daily_spend"] is not None:
        raise RefusedError(
            "The alert on low balances is in use. Turn it off first: "
            "cardwright low-balance-alert --off"
        )
    account = await maker.account()
    await fund(maker, account)
    floor = {"amounts": [{"amount": FUNDS, "currency": "gbp"}]}
    try:
        await maker.call("POST", LOW_BALANCE, floor)
        await authorize(maker)
        await _wait_for_event(maker, account, LOW_STATES[0])
        yield
        await fund(maker, account)
        await _wait_for_event(maker, account, LOW_STATES[1])
        yield
    finally:
        await maker.call("POST", LOW_BALANCE, {"amounts": "", "percent_of_daily_spend": ""})


async def _wait_for_event(maker: Maker, account: str, event: str) -> None:
    """Wait for an event of the account for a while."""
    path = f"/v2/core/events?limit=1&types[0]={event}"
    for _ in range(int(PATIENCE_SECONDS / LOOK_AGAIN_SECONDS)):
        if (await maker.call("GET", path, account=account))["data"]:
            return
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _failing(maker: Maker, kind: str, *, silent: bool) -> AsyncGenerator[None, None]:
    """Payments whose answers fail until the alert fires, then good ones until it ends; what other
    payments were asked about counts too. An alert that fires already has to end first."""
    await fund(maker, await maker.account())
    await maker.card()
    answers = Answers(silent=silent)
    async with asked(maker, answers):
        for answers.broken in (True, False, True):
            for _ in range(ROUNDS):
                if await _changed(maker, kind, fires=answers.broken):
                    break
                for _ in range(1 if answers.broken else GOOD_FOR_ONE_BAD):
                    await asyncio.gather(*(authorize(maker, amount=1) for _ in range(AT_ONCE)))
            yield


async def _changed(maker: Maker, kind: str, *, fires: bool) -> bool:
    """Whether an alert fires, or does not, by the time that the server has looked."""
    for _ in range(int(LOOKED_AT_SECONDS / LOOK_AGAIN_SECONDS)):
        if await _fires(maker, kind) == fires:
            return True
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return False


async def _fires(maker: Maker, kind: str) -> bool:
    """Whether an alert's newest event is that it fires."""
    wanted = "&".join(
        f"types[{place}]={HEALTH}_{kind}.{state}" for place, state in enumerate(STATES)
    )
    found = (await maker.call("GET", f"/v2/core/events?limit=1&{wanted}"))["data"]
    return bool(found) and str(found[0]["type"]).endswith("firing")


STORIES: dict[Story, tuple[str, ...]] = {
    request: ("issuing_authorization.request",),
    errors: (f"{HEALTH}_errors.firing", f"{HEALTH}_errors.resolved"),
    low_balance: LOW_STATES,
    timeouts: (f"{HEALTH}_timeout.firing", f"{HEALTH}_timeout.resolved"),
}
