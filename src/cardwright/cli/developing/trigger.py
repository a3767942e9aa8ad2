"""``cardwright trigger``."""

import asyncio
from typing import Annotated

from cyclopts import Parameter

from cardwright.cli.calling import SERVER, RunningServer
from cardwright.cli.developing.listen import say
from cardwright.kernel.startup import StartError


def trigger(
    event: str | None = None,
    /,
    *,
    show_all: Annotated[bool, Parameter(name="--list", negative="")] = False,
    server: RunningServer = SERVER,
) -> None:
    """Create real objects in the test environment until an event happens.

    Parameters
    ----------
    event
        The type of the event, such as issuing_authorization.created.
    show_all
        List the events that can be triggered.
    """
    from cardwright.local_development.triggers import running

    if show_all:
        print("\n".join(running.triggers()))
        return
    if event is None:
        raise StartError("Say which event; `cardwright trigger --list` shows every name.")
    asyncio.run(_trigger(event, server))


async def _trigger(event: str, server: RunningServer) -> None:
    import aiohttp

    from cardwright.local_development.triggers import maker, running

    try:
        # An unknown name is said without a server.
        running.story_of(event)
        found = server.find()
        async with aiohttp.ClientSession(trust_env=False) as http:
            happened = await running.trigger(maker.Maker(http, found, say), event)
    except maker.RefusedError as refused:
        raise StartError(str(refused)) from None
    except aiohttp.ClientError as error:
        raise StartError(f"The server does not answer: {error}") from None
    say(f"{event} happened" + ("." if happened is None else f": {happened}"))
