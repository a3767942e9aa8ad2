"""Plain HTTP calls with what Python brings along."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

TIMEOUT_SECONDS = 90.0


class CallError(Exception):
    """A call was refused: ``status`` and the ``error`` of the answer."""

    def __init__(self, method: str, path: str, status: int, error: dict[str, Any]) -> None:
        super().__init__(f"{method} {path}: {status} {error.get('message', error)}")
        self.status = status
        self.error = error


class Caller:
    """Calls a server with a key."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key
        # A server on this machine is not behind the proxies of the environment.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __call__(
        self,
        method: str,
        path: str,
        params: dict[str, Any] | None = None,
        *,
        account: str | None = None,
        version: str | None = None,
    ) -> Any:
        """The decoded answer; v2 paths take JSON, all others a form. Raises CallError."""
        headers = {"Authorization": f"Bearer {self.key}"}
        if account is not None:
            headers["Stripe-Account"] = account
        if version is not None:
            headers["Stripe-Version"] = version
        data = None
        if method == "POST" and path.startswith("/v2/"):
            headers["Content-Type"] = "application/json"
            data = json.dumps(params or {}).encode()
        elif method == "POST":
            data = urlencode(list(pairs(params or {}))).encode()
        elif params:
            path += "?" + urlencode(list(pairs(params)))
        request = urllib.request.Request(  # noqa: S310 - the test names the server
            self.url + path, data=data, headers=headers, method=method
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                body = json.loads(refused.read() or b"{}")
            raise CallError(method, path, refused.code, body.get("error", {})) from None


def pairs(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested parameters in the brackets of a form; what is None is left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from pairs(inner, f"{name}[{key}]" if name else str(key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from pairs(inner, f"{name}[{index}]")
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif value is not None:
        yield name, str(value)
