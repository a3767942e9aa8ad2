"""``cardwright logs``."""

import asyncio
from contextlib import suppress
from typing import Annotated, Any

import msgspec
from cyclopts import App, Parameter

from cardwright.cli import options
from cardwright.cli.calling import SERVER, Live, RunningServer
from cardwright.cli.developing.listen import say
from cardwright.kernel import clock
from cardwright.kernel.startup import StartError
from cardwright.local_development.client import Server

app = App(name="logs")


@app.command
def tail(
    *,
    status: Annotated[list[str] | None, Parameter(alias="-s")] = None,
    path: list[str] | None = None,
    method: list[str] | None = None,
    account: list[str] | None = None,
    json: options.Flag = False,
    live: Live = False,
    server: RunningServer = SERVER,
) -> None:
    """Show requests as they are answered.

    Parameters
    ----------
    status
        A status such as 404, or a class of them such as 4xx.
    path
        A path, with everything below it.
    method
        GET, POST or DELETE.
    account
        The account that is acted on; self is the platform itself.
    json
        A line of JSON for each request.
    """
    found = server.find(live=live)
    filters: dict[str, list[str]] = {"filter_status_code": [], "filter_status_code_type": []}
    for one in status or ():
        of_class = one.lower().endswith("xx")
        name = "filter_status_code_type" if of_class else "filter_status_code"
        filters[name].append(f"{one[0]}00" if of_class else one)
        if not filters[name][-1].isdigit():
            raise StartError(f"{one!r} is no status: write 404, or 4xx.")
    if all(filters.values()):
        raise StartError("Either statuses or classes of them: 404 and 4xx do not go together.")
    filters["filter_request_path"] = path or []
    filters["filter_http_method"] = [one.upper() for one in method or ()]
    filters["filter_account"] = account or []
    with suppress(KeyboardInterrupt):
        asyncio.run(_tail(found, filters, as_json=json))


async def _tail(server: Server, filters: dict[str, list[str]], *, as_json: bool) -> None:
    import aiohttp

    from cardwright.local_development import client

    async def take(frame: dict[str, Any], _answer: Any) -> None:
        if frame["type"] == "request_log_event":
            payload = frame["event_payload"]
            say(payload if as_json else line(msgspec.json.decode(payload)))

    form = [
        ("device_name", "cardwright"),
        ("websocket_features[]", "request_logs"),
        ("filters", msgspec.json.encode(filters).decode()),
    ]
    async with aiohttp.ClientSession(trust_env=False) as http:
        tailing = client.Client(
            http,
            server,
            form,
            ready=lambda _session: options.warn("Ready (Ctrl-C ends it)"),
            lost=lambda reason: options.warn(f"Not connected ({reason}); trying again."),
            take=take,
        )
        try:
            await tailing.run()
        except client.RefusedError as refused:
            raise StartError(str(refused)) from None


def line(payload: dict[str, Any]) -> str:
    """A request in one line, and a refusal in another."""
    at = clock.rfc3339(payload["created_at"] * clock.SECOND_MS)[:19].replace("T", " ")
    shown = (
        f"{at} [{payload['status']}] {payload['method']} {payload['url']} "
        f"[{payload['request_id']}] {payload['account']} {payload['duration_ms']} ms"
    )
    message = payload["error"]["message"]
    return f"{shown}\n  {message}" if message else shown
