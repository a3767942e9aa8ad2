"""A receiver of webhooks on this machine: what arrives is checked and can be waited for."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any

import stripe

from cardwright.testing.calls import Caller

WAIT_SECONDS = 15.0
# What happens on the platform itself, and what happens on its connected accounts.
PATHS = {"/platform": False, "/connected": True}


class Webhooks:
    """Every event of an environment, as its application would receive it: signed posts to a
    receiver of its own."""

    def __init__(self, call: Caller) -> None:
        self._arrived = Condition()
        self._refusals: list[int] = []
        self._bodies: list[bytes] = []
        self._forged: list[str] = []
        self._returned: set[str] = set()
        self._secrets: dict[str, str] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._take))
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._call = call
        self.listen()

    def listen(self) -> None:
        """Have every event sent here; needed again only when the environment was reset."""
        with self._arrived:
            self._bodies.clear()
            self._secrets.clear()
        for path, connect in PATHS.items():
            endpoint = self._call(
                "POST",
                "/v1/webhook_endpoints",
                {"url": self.url + path, "enabled_events": ["*"], "connect": connect},
            )
            with self._arrived:
                self._secrets[path] = endpoint["secret"]
                self._arrived.notify_all()

    @property
    def events(self) -> list[stripe.Event]:
        """What has arrived so far, in the order of arrival; duplicates are kept."""
        with self._arrived:
            self._check()
            return [_event(body) for body in self._bodies]

    def wait_for(
        self,
        event_type: str,
        *,
        account: str | None = None,
        where: Callable[[stripe.Event], bool] | None = None,
        seconds: float = WAIT_SECONDS,
    ) -> stripe.Event:
        """The first event of a type that was not waited for before; AssertionError when none comes
        in time. ``account`` is whose it is, ``where`` any other condition."""

        def found() -> stripe.Event | None:
            self._check()
            for body in self._bodies:
                event = _event(body)
                if event.type != event_type or event.id in self._returned:
                    continue
                if account is not None and getattr(event, "account", None) != account:
                    continue
                if where is None or where(event):
                    return event
            return None

        with self._arrived:
            event = self._arrived.wait_for(found, seconds)
            if event is None:
                came = sorted({_event(body).type for body in self._bodies})
                raise AssertionError(f"No {event_type} in {seconds} s; there came {came}")
            self._returned.add(event.id)
            return event

    def refuse_next(self, count: int = 1, *, status: int = 500) -> None:
        """Answer the next posts with an error, so that they are sent again."""
        with self._arrived:
            self._refusals += [status] * count

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _take(self, path: str, body: bytes, signature: str) -> int:
        """Note a post; the answer is its status."""
        with self._arrived:
            # The first post can arrive before the answer that holds the secret.
            self._arrived.wait_for(lambda: path in self._secrets, 1.0)
            if self._refusals:
                return self._refusals.pop(0)
            try:
                stripe.WebhookSignature.verify_header(
                    body.decode(), signature, self._secrets.get(path, ""), tolerance=300
                )
            except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
                self._forged.append(f"{path}: {error}")
                self._arrived.notify_all()
                return 400
            self._bodies.append(body)
            self._arrived.notify_all()
            return 200

    def _check(self) -> None:
        assert not self._forged, f"posts whose signature is wrong: {self._forged}"


def _event(body: bytes) -> stripe.Event:
    return stripe.Event.construct_from(json.loads(body), None)


def _handler(take: Callable[[str, bytes, str], int]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status = take(self.path, body, self.headers.get("Stripe-Signature") or "")
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - their name
            """Say nothing."""

    return Handler
