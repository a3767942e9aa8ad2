"""Events as they pass: printed, and handed on to a receiver on the developer's machine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec

from cardwright.kernel import clock
from cardwright.local_development.client import Answer

TIMEOUT_SECONDS = 30.0
BODY_MAX, HEADERS_MAX, HEADER_MAX = 5000, 20, 200


@dataclass
class Forwarder:
    """Prints events with ``say`` and posts them to ``url``, if there is one."""

    http: aiohttp.ClientSession
    url: str | None
    say: Callable[[str], None]

    async def take(self, frame: dict[str, Any], answer: Answer) -> None:
        """Take one frame of a session."""
        if frame["type"] == "webhook_event" and frame["endpoint"]["api_version"] is None:
            conversation = {
                "webhook_conversation_id": frame["webhook_conversation_id"],
                "webhook_id": frame["webhook_id"],
            }
            await self._pass_on(frame["event_payload"], frame, conversation, answer)
        elif frame["type"] == "v2_event":
            event_id = msgspec.json.decode(frame["payload"])["id"]
            conversation = {"event_id": event_id, "webhook_id": frame["destination_id"]}
            await self._pass_on(frame["payload"], frame, conversation, answer)

    async def _pass_on(
        self, payload: str, frame: dict[str, Any], conversation: dict[str, Any], answer: Answer
    ) -> None:
        event = msgspec.json.decode(payload)
        account = event.get("account") or event.get("context")
        named = f"[{event['id']}]" if account is None else f"[{event['id']}] {account}"
        self.say(f"{stamp()}  --> {event['type']} {named}")
        await answer({"type": "event_ack", "event_id": frame.get("webhook_id"), **conversation})
        if self.url is None:
            return
        started = clock.monotonic()
        try:
            async with self.http.post(
                self.url,
                data=payload.encode(),
                headers=frame["http_headers"],
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
            ) as response:
                body = await response.content.read(BODY_MAX)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            reason = str(error) or type(error).__name__
            self.say(f"{stamp()}  <-- [ERROR] POST {self.url} {named}: {reason}")
            return
        took_ms = round((clock.monotonic() - started) * 1000)
        self.say(f"{stamp()}  <-- [{response.status}] POST {self.url} {named} {took_ms} ms")
        headers = list(response.headers.items())[:HEADERS_MAX]
        await answer(
            {
                "type": "webhook_response",
                "forward_url": self.url,
                "status": response.status,
                "body": body.decode(errors="replace"),
                "http_headers": {name: value[:HEADER_MAX] for name, value in headers},
                **conversation,
            }
        )


def stamp() -> str:
    """The present moment as it is printed."""
    return clock.rfc3339(clock.machine_ms())[:19].replace("T", " ")


def address(given: str) -> str:
    """The URL of a receiver; ``localhost:4242/webhook`` and ``4242`` are enough."""
    if given.isdigit():
        return f"http://localhost:{given}"
    return given if "://" in given else f"http://{given}"
