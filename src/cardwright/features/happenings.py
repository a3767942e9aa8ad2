"""Happenings: what a room tells, in its transaction, to whoever above it has to act on that.

A happening is a type of the room that it happens in. A feature registers a handler for it:
``on(CardCanceled, flows.follow_card)``. Handlers run in the order of the features, and one that
refuses undoes the transaction. An event is for callers of the API; a happening never leaves the
process.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple, TypeVar

import msgspec

from cardwright.kernel.database import Tx
from cardwright.kernel.registries import Entries, Keyed, RegistryError


class Happening(msgspec.Struct, frozen=True):
    """Something that happened to the acting account."""


HappeningT = TypeVar("HappeningT", bound=Happening)
Handler = Callable[[Tx, Any], Awaitable[object]]
HANDLERS: Keyed[type[Happening], tuple[Handler, ...]] = Keyed("handlers of happenings")


class Listener(NamedTuple):
    """A handler and what it waits for."""

    happening: type[Happening]
    handler: Handler


def on(
    happening: type[HappeningT], handler: Callable[[Tx, HappeningT], Awaitable[object]]
) -> Listener:
    """What a feature does when something happens."""
    return Listener(happening, handler)


def entries(listeners: Iterable[Listener]) -> Entries[Any]:
    """The handlers of every happening, in order; one that is given twice is refused."""
    handlers: dict[type[Happening], tuple[Handler, ...]] = {}
    for happening, handler in listeners:
        before = handlers.get(happening, ())
        if handler in before:
            raise RegistryError(f"{handler} hears of {happening.__name__} twice")
        handlers[happening] = (*before, handler)
    return HANDLERS.entries(handlers)


async def dispatch(tx: Tx, happening: Happening) -> None:
    """Have everybody who waits for it act, in this transaction."""
    for handler in HANDLERS.get(type(happening), ()):
        await handler(tx, happening)
