"""A vendor that verifies: a real HTTP server that checks what it is asked and signs its answers."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import stripe
from aiohttp import web

from cardwright.kernel.clock import machine_ms

SIGNATURE = "Stripe-Signature"
# What the vendor says to a case: the members of its answer, or a whole response.
Script = Callable[[dict[str, Any]], "dict[str, Any] | web.Response | None"]


def approve(_case: dict[str, Any]) -> dict[str, Any]:
    """Everything is right."""
    return {"outcome": "approved"}


def signed(body: bytes, secret: str, at: int | None = None) -> str:
    """The signature header of a body, made as any vendor would make it."""
    seconds = machine_ms() // 1000 if at is None else at
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={digest.hexdigest()}"


def answer_to(case: dict[str, Any], **answer: Any) -> bytes:
    """The body of an answer to a case."""
    return msgspec.json.encode({"account": case["account"], "case": case["id"], **answer})


@dataclass
class Vendor:
    """A vendor on a port of its own; ``asked`` are the cases it got, in order."""

    base: str
    secret: str = ""
    script: Script = approve
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    wait_seconds: float = 0.0

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"{self.base}/cases"

    async def take(self, request: web.Request) -> web.Response:
        """A case: the signature must be good."""
        body = await request.read()
        header = request.headers[SIGNATURE]
        stripe.WebhookSignature.verify_header(body.decode(), header, self.secret, 300)
        case = msgspec.json.decode(body)
        self.asked.append(case)
        self.keys.append(request.headers["Idempotency-Key"])
        await asyncio.sleep(self.wait_seconds)
        said = self.script(case)
        if said is None:
            return web.Response(status=202)
        if isinstance(said, web.Response):
            return said
        answer = answer_to(case, **said)
        return web.Response(body=answer, headers={SIGNATURE: signed(answer, self.secret)})


@asynccontextmanager
async def working() -> AsyncIterator[Vendor]:
    """A vendor while it works."""
    vendor = Vendor("")
    application = web.Application()
    application.router.add_post("/cases", vendor.take)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    vendor.base = f"http://127.0.0.1:{port}"
    try:
        yield vendor
    finally:
        await runner.cleanup()
