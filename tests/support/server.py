"""The product on a live port: one server for each test process, a new platform for each test."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import asyncpg
import pytest
import stripe

from cardwright.kernel.blobs import Blobs
from cardwright.kernel.vault import Vault, new_key
from cardwright.roles.application import Application
from cardwright.roles.http import bind
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy.platforms import Keys
from cardwright.wire.serving.names import Names
from cardwright.wire.serving.server import Server

STOP_SECONDS = 3.0


@dataclass
class Live:
    """A running server and how to reach it."""

    application: Application
    base: str
    http: aiohttp.ClientSession


@dataclass
class Platform:
    """A fresh platform on the live server."""

    live: Live
    keys: Keys

    @property
    def base(self) -> str:
        """The address that clients use instead of the public one."""
        return self.live.base

    @property
    def sdk(self) -> stripe.StripeClient:
        """The official SDK with only its base address changed."""
        return stripe.StripeClient(
            self.keys.secret,
            base_addresses={"api": self.base, "files": self.base, "connect": self.base},
            max_network_retries=0,
        )

    async def call(
        self,
        method: str,
        path: str,
        *,
        form: list[tuple[str, str]] | dict[str, str] | None = None,
        json: Any = None,
        account: str | None = None,
        version: str | None = None,
        key: str | None = None,
        idempotency_key: str | None = None,
        headers: dict[str, str] | None = None,
        data: bytes | None = None,
    ) -> tuple[int, Any]:
        """A plain HTTP call; the answer is (status, decoded body)."""
        sent = {"Authorization": f"Bearer {key or self.keys.secret}", **(headers or {})}
        if account:
            sent["Stripe-Account"] = account
        if version:
            sent["Stripe-Version"] = version
        if idempotency_key:
            sent["Idempotency-Key"] = idempotency_key
        async with self.live.http.request(
            method,
            self.base + path,
            data=data if data is not None else form,
            json=json,
            headers=sent,
        ) as response:
            return response.status, await response.json()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def vault() -> Vault:
    """A vault with a key of its own."""
    return Vault.open(new_key())


@pytest.fixture(scope="session")
async def application(
    pool: "asyncpg.Pool[asyncpg.Record]", vault: Vault, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Application]:
    """The product on this worker's database, started."""
    built = Application(pool, vault, Blobs(tmp_path_factory.mktemp("blobs"), vault))
    await built.start()
    yield built
    await built.stop()


@asynccontextmanager
async def answering(application: Application) -> AsyncIterator[str]:
    """An application that answers until the block ends, at the address given."""
    listener = bind("127.0.0.1", 0)
    server = Server(application.asgi, Names())
    await server.start(listener)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    await server.stop(STOP_SECONDS)


@pytest.fixture(scope="session")
async def live(application: Application) -> AsyncIterator[Live]:
    """The product answering on a port."""
    async with answering(application) as base, aiohttp.ClientSession() as http:
        yield Live(application, base, http)


@pytest.fixture
async def platform(live: Live) -> Platform:
    """A platform nobody else uses."""
    return Platform(live, await create_platform(live.application.database))
