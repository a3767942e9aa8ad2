"""How a command calls the API of a server that runs."""

import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

import msgspec

from cardwright.kernel.startup import StartError
from cardwright.local_development.client import Server

TIMEOUT_SECONDS = 90.0


def call(server: Server, method: str, path: str, /, **form: object) -> dict[str, Any]:
    """The answer of a call; a refusal is a StartError. Members that are None are left out."""
    given = urlencode({name: value for name, value in form.items() if value is not None})
    request = urllib.request.Request(  # noqa: S310 - the operator names the server
        server.base + path,
        data=given.encode() if method == "POST" else None,
        headers={"Authorization": f"Bearer {server.key}"},
        method=method,
    )
    # A server of one's own is reached without the proxies of the environment.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            answer: dict[str, Any] = msgspec.json.decode(response.read())
            return answer
    except urllib.error.HTTPError as refused:
        raise StartError(_reason(refused)) from None
    except OSError as error:
        raise StartError(f"{server.base} does not answer: {error}.") from None


def _reason(refused: urllib.error.HTTPError) -> str:
    try:
        message: str = msgspec.json.decode(refused.read())["error"]["message"]
    except (msgspec.DecodeError, KeyError, TypeError):
        return f"The server answered with status {refused.code}."
    return message


def call_all(server: Server, path: str) -> list[dict[str, Any]]:
    """Everything that a list has, newest first."""
    found: list[dict[str, Any]] = []
    while True:
        after = f"&starting_after={found[-1]['id']}" if found else ""
        page = call(server, "GET", f"{path}?limit=100{after}")
        found += page["data"]
        if not page["has_more"]:
            return found
