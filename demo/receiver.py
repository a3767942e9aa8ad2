"""A webhook receiver of the demo's own: a real HTTP server that checks every signature."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import stripe


class Receiver:
    """Collects the events that arrive at ``/v1`` (snapshots) and ``/v2`` (thin)."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.snapshots: list[stripe.Event] = []
        self.thin: list[Any] = []
        self.refused: list[str] = []
        self._waiting: list[tuple[str, bytes, str]] = []
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.take(self.path, body, self.headers.get("Stripe-Signature", ""))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def take(self, path: str, body: bytes, signature: str) -> None:
        """Check and keep one event, with the SDK's own functions."""
        secret = self.secrets.get(path)
        with self._lock:
            if secret is None:
                # The first event may arrive before the answer that carries the secret.
                self._waiting.append((path, body, signature))
                return
        try:
            if path == "/v1":
                event = stripe.Webhook.construct_event(body, signature, secret)
                self.snapshots.append(event)
            else:
                client = stripe.StripeClient("sk_test_unused")
                self.thin.append(client.parse_event_notification(body, signature, secret))
        except (ValueError, stripe.SignatureVerificationError) as error:
            self.refused.append(f"{path}: {error}")

    def trust(self, path: str, secret: str) -> None:
        """From now on events at ``path`` are checked against the secret."""
        with self._lock:
            self.secrets[path] = secret
            waiting = [item for item in self._waiting if item[0] == path]
        for item in waiting:
            self.take(*item)

    def wait_for(self, event_type: str, count: int = 1, seconds: float = 10) -> list[Any]:
        """The events of a type, once there are ``count`` of them or time is up."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = [event for event in [*self.snapshots, *self.thin] if event.type == event_type]
            if len(found) >= count:
                return found
            time.sleep(0.02)
        return [event for event in [*self.snapshots, *self.thin] if event.type == event_type]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
