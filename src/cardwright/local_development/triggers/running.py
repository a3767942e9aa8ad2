"""Telling a story until an event happens."""

import asyncio
import difflib
from collections.abc import Mapping
from contextlib import aclosing
from urllib.parse import quote

from cardwright.events import catalogue
from cardwright.local_development.triggers import (
    afterwards,
    health,
    issuing,
    money,
    others,
    treasury,
)
from cardwright.local_development.triggers.maker import (
    LOOK_SECONDS,
    PATIENCE_SECONDS,
    Maker,
    RefusedError,
    Story,
)

# Each event with the first story in which it happens.
STORY_OF: Mapping[str, Story] = {
    event: story
    for part in (health, afterwards, treasury, others, money, issuing)
    for story, events in part.STORIES.items()
    for event in events
}


def triggers() -> list[str]:
    """The events that can be triggered; those without v2. in front also as ``v1.`` thin events."""
    return sorted(STORY_OF)


def story_of(event_type: str) -> Story:
    """The story in which an event happens; RefusedError says what is wrong with other names."""
    name = event_type.removeprefix("v1.")
    if name in STORY_OF:
        return STORY_OF[name]
    if name in catalogue.V1 or name in catalogue.V2:
        raise RefusedError(f"{event_type} is a known event, but no call makes it happen.")
    if name in catalogue.FOREIGN:
        raise RefusedError(f"{event_type} is an event of a feature that is not here.")
    near = difflib.get_close_matches(name, triggers(), n=3, cutoff=0.6)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise RefusedError(
        f"There is no event {event_type!r}.{hint} `cardwright trigger --list` shows every name."
    )


async def trigger(maker: Maker, event_type: str) -> str | None:
    """Create objects until an event happens; returns its id.

    The real-time question leaves no event behind, so its story alone says that it was asked.
    """
    story = story_of(event_type)
    earlier = {owner: await _newest(maker, event_type, owner) for owner in maker.owners}
    async with aclosing(story(maker)) as steps:
        async for _ in steps:
            found = await _look(maker, event_type, earlier)
            if found is not None:
                return found
        if event_type.removeprefix("v1.") == catalogue.REAL_TIME:
            return None
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            await asyncio.sleep(LOOK_SECONDS)
            found = await _look(maker, event_type, earlier)
            if found is not None:
                return found
    raise RefusedError(f"Everything was made, but {event_type} did not happen.")


async def _look(
    maker: Maker, event_type: str, earlier: Mapping[str | None, str | None]
) -> str | None:
    for owner in maker.owners:
        found = await _newest(maker, event_type, owner)
        if found is not None and found != earlier.get(owner):
            return found
    return None


async def _newest(maker: Maker, event_type: str, owner: str | None) -> str | None:
    """The newest event of a type that an account has."""
    if event_type.startswith(("v1.", "v2.")):
        path = f"/v2/core/events?limit=1&types[0]={quote(event_type)}"
    else:
        path = f"/v1/events?limit=1&type={quote(event_type)}"
    found = (await maker.call("GET", path, account=owner))["data"]
    return str(found[0]["id"]) if found else None
