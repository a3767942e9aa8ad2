"""The product on a live port: one server for each test process, a new platform for each test."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import asyncpg
import pytest
import stripe
from granian.constants import Interfaces
from granian.server.embed import Server

from cardwright.kernel.blobs import Blobs
from cardwright.kernel.vault import Vault, new_key
from cardwright.roles.application import Application
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy.platforms import Keys


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


@pytest.fixture(scope="session")
async def live(application: Application) -> AsyncIterator[Live]:
    """The product answering on a port."""
    port = free_port()
    server = Server(application.asgi, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    serving = asyncio.create_task(server.serve())
    async with aiohttp.ClientSession() as http:
        for _ in range(200):
            try:
                async with http.get(f"http://127.0.0.1:{port}/healthz") as response:
                    if response.status == 200:
                        break
            except aiohttp.ClientError:
                await asyncio.sleep(0.02)
        yield Live(application, f"http://127.0.0.1:{port}", http)
    server.stop()  # type: ignore[no-untyped-call]
    await serving


@pytest.fixture
async def platform(live: Live) -> Platform:
    """A platform nobody else uses."""
    return Platform(live, await create_platform(live.application.database))
