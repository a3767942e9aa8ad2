"""``cardwright listen``."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from cardwright.cli import options
from cardwright.cli.calling import SERVER, Live, RunningServer
from cardwright.kernel.data_directory import DataDirectory
from cardwright.kernel.startup import StartError
from cardwright.local_development.client import Server

THIN = ("v1.", "v2.")
LOOK_SECONDS = 0.05


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    print(line, flush=True)


def listen(
    *,
    forward_to: Annotated[str | None, Parameter(alias="-f")] = None,
    events: Annotated[list[str] | None, Parameter(alias="-e")] = None,
    thin: options.Flag = False,
    serve: options.Flag = False,
    live: Live = False,
    server: RunningServer = SERVER,
) -> None:
    """Show events as they happen, and pass them on to a receiver on this machine.

    Parameters
    ----------
    forward_to
        Where events are posted, signed: a URL; host and path, or a port alone, are enough.
    events
        The types to listen for, separated by commas; all, unless some are given. A name that
        begins with v1. or v2. is a thin event.
    thin
        Every event as a thin event.
    serve
        Start the server too, unless one runs on the data directory; it ends with this command.
    """
    names = [name for group in events or () for name in group.split(",") if name]
    if thin and names:
        raise StartError("--thin is about all events; name thin events with --events.")
    if serve and server.server is not None:
        raise StartError("--serve starts a server here, --server names one elsewhere.")
    beside = _serving(options.directory(server.data_dir)) if serve else nullcontext()
    with suppress(KeyboardInterrupt), beside:
        found = server.find(live=live)
        asyncio.run(_listen(found, forward_to, names, thin))


@contextmanager
def _serving(directory: Path) -> Iterator[None]:
    """A server on the data directory; one that runs there already is left alone."""
    data = DataDirectory(directory)
    if data.server_file.exists() and _lives(data.published()["pid"]):
        yield
        return
    command = [sys.executable, sys.argv[0], "serve", "--data-dir", str(directory)]
    # Whoever ends this command in another way than by Ctrl-C ends the server too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with subprocess.Popen(command) as process:
        try:
            while not data.server_file.exists() or data.published()["pid"] != process.pid:
                if process.poll() is not None:
                    raise StartError("The server did not start.")
                time.sleep(LOOK_SECONDS)
            yield
        finally:
            process.terminate()


def _lives(pid: int) -> bool:
    """Whether there is such a process; the file of a server that was killed stays."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def _listen(server: Server, forward_to: str | None, names: list[str], thin: bool) -> None:
    import aiohttp

    from cardwright.local_development import client, forwarding

    url = None if forward_to is None else forwarding.address(forward_to)
    async with aiohttp.ClientSession(trust_env=False) as http:
        listening = client.Client(
            http,
            server,
            wanted(url, names, thin=thin),
            ready=_ready,
            lost=lambda reason: options.warn(f"Not connected ({reason}); trying again."),
            take=forwarding.Forwarder(http, url, say).take,
        )
        try:
            await listening.run()
        except client.RefusedError as refused:
            raise StartError(str(refused)) from None


def wanted(url: str | None, names: list[str], *, thin: bool) -> list[tuple[str, str]]:
    """The form of the session: snapshots where there are any, thin events where there are not."""
    from cardwright.events.catalogue import V2

    snapshots = [name for name in names if not name.startswith(THIN)]
    thins = [name for name in names if name.startswith(THIN)]
    if not names and not thin:
        thins = sorted(V2)
    form = [("device_name", "cardwright")]
    if snapshots or not (names or thin):
        form.append(("websocket_features[]", "webhooks"))
    if thins or thin:
        form.append(("websocket_features[]", "v2_events"))
    form += [("events[]", name) for name in snapshots]
    form += [("thin_events[]", name) for name in thins]
    if url is not None:
        form += [("forward_to_url", url), ("forward_thin_to_url", url)]
    return form


def _ready(session: dict[str, Any]) -> None:
    say(f"Ready. Events are signed with {session['secret']} (Ctrl-C ends it)")
