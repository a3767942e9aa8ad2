"""Creating real objects through the API of a server in test mode, and telling of each."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from typing import Any

import aiohttp
import msgspec

from cardwright.local_development.client import Server
from cardwright.local_development.triggers import applications

# Programs and money management exist in previews alone.
VERSION = "2026-10-14.preview; issuing_program_beta=v2; issuing_credit_beta"
PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.1

Story = Callable[["Maker"], AsyncGenerator[None, None]]


class RefusedError(Exception):
    """The server did not take a call; the message names the call and says why."""


class Maker:
    """Calls a server as its platform and as the accounts that it makes there.

    What several stories begin with is made once: an account of a country that can do everything,
    its cardholder and card, its money. ``say`` is told of each object.
    """

    def __init__(
        self, http: aiohttp.ClientSession, server: Server, say: Callable[[str], None]
    ) -> None:
        self.http = http
        self._server = server
        self._say = say
        self._kept: dict[tuple[str, str], str] = {}
        # Whose events are looked at: the platform's and those of the accounts made here.
        self.owners: list[str | None] = [None]

    async def call(
        self,
        method: str,
        path: str,
        given: Mapping[str, Any] | None = None,
        *,
        account: str | None = None,
    ) -> Any:
        """The body of a call; ``given`` are its parameters, nested as in JSON."""
        headers = {"Authorization": f"Bearer {self._server.key}", "Stripe-Version": VERSION}
        if account is not None:
            headers["Stripe-Account"] = account
        sent: dict[str, Any] = {}
        if path.startswith("/v2"):
            sent["json"] = {} if given is None and method == "POST" else given
        elif given is not None:
            sent["data"] = dict(_form(given))
        async with self.http.request(
            method, self._server.base + path, headers=headers, **sent
        ) as response:
            return _answer(f"{method} {path}", response.status, await response.read())

    async def post(
        self, path: str, given: Mapping[str, Any] | None = None, *, account: str | None = None
    ) -> Any:
        """A call that makes or changes something, which is told."""
        body = await self.call("POST", path, given, account=account)
        self.tell(path, body, account)
        return body

    async def upload(self, path: str, form: aiohttp.FormData) -> None:
        """Upload a file."""
        headers = {"Authorization": f"Bearer {self._server.key}"}
        async with self.http.post(self._server.base + path, data=form, headers=headers) as response:
            body = _answer(f"POST {path}", response.status, await response.read())
        self.tell(path, body)

    async def return_from(self, link: str) -> None:
        """Open a link as its reader does, and leave its page by the way back."""
        # The page knows its reader by a cookie, also on an address without a name.
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar, trust_env=False) as browser:
            async with browser.get(link) as response:
                page = str(response.url).partition("?")[0]
            async with browser.post(f"{page}/return", allow_redirects=False) as response:
                if response.status >= 400:
                    raise RefusedError(f"The page of the link does not end ({response.status}).")
        self._say("The link was opened, and its reader returned.")

    def tell(self, path: str, body: Any, account: str | None = None) -> None:
        """Say what came of a call."""
        named = f"{body.get('object', '')} {body.get('id', '')}".strip()
        on = "" if account is None else f" on {account}"
        self._say(f"POST {path}{on}: {named or 'done'}")

    def note(self, sentence: str) -> None:
        """Say something else that whoever triggers should know."""
        self._say(sentence)

    async def until(self, path: str, status: str, *, account: str | None = None) -> Any:
        """An object, once it has a status."""
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            body = await self.call("GET", path, account=account)
            if body["status"] == status:
                return body
            await asyncio.sleep(LOOK_SECONDS)
        raise RefusedError(f"{path} is {body['status']}, and did not become {status}.")

    async def account(self, country: str = "gb") -> str:
        """An account that can issue cards, keep money and be paid."""
        return await self._once("account", country, self._account)

    async def _account(self, country: str) -> str:
        body = await self.post("/v2/core/accounts", applications.account(country))
        self.owners.append(body["id"])
        return str(body["id"])

    async def program(self, country: str = "gb") -> str:
        """The program of the account of a country."""
        return await self._once("program", country, self._program)

    async def _program(self, country: str) -> str:
        account = await self.account(country)
        region, capability = applications.PROGRAMS[country]
        listed = await self.call("GET", "/v1/issuing/programs?limit=100")
        own = next(
            one["id"]
            for one in listed["data"]
            if one["metadata"]["region"] == region and one["metadata"]["capability"] == capability
        )
        given = {"platform_program": own, "is_default": True}
        return str((await self.post("/v1/issuing/programs", given, account=account))["id"])

    async def cardholder(self, country: str = "gb") -> str:
        """A cardholder of the account of a country."""
        return await self._once("cardholder", country, self._cardholder)

    async def _cardholder(self, country: str) -> str:
        await self.program(country)
        account = await self.account(country)
        made = await self.post("/v1/issuing/cardholders", applications.CARDHOLDER, account=account)
        return str(made["id"])

    async def card(self, country: str = "gb") -> str:
        """An active card of the cardholder."""
        return await self._once("card", country, self._card)

    async def _card(self, country: str) -> str:
        given = {
            "cardholder": await self.cardholder(country),
            "currency": applications.CURRENCIES[country],
            "type": "virtual",
            "status": "active",
        }
        account = await self.account(country)
        return str((await self.post("/v1/issuing/cards", given, account=account))["id"])

    async def _once(self, what: str, country: str, make: Callable[[str], Any]) -> str:
        if (what, country) not in self._kept:
            self._kept[what, country] = await make(country)
        return self._kept[what, country]


def _form(given: Mapping[str, Any] | list[Any], under: str = "") -> Iterator[tuple[str, str]]:
    """Nested parameters as a form writes them."""
    pairs = given.items() if isinstance(given, Mapping) else enumerate(given)
    for name, value in pairs:
        path = f"{under}[{name}]" if under else str(name)
        if isinstance(value, Mapping | list):
            yield from _form(value, path)
        else:
            yield path, str(value).lower() if isinstance(value, bool) else str(value)


def _answer(call: str, status: int, body: bytes) -> Any:
    try:
        found = msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise RefusedError(f"{call} was answered with status {status} and no JSON.") from None
    if status != 200:
        message = found.get("error", {}).get("message", "")
        raise RefusedError(f"{call} was refused ({status}): {message}")
    return found
