"""A feature: everything that a room brings to the product, said in the room's ``feature.py``.

``app.py`` is the list of features in the order of the line. What a registry takes from them is put
there once, before anything is answered; what runs and what answers outside of operations is made
for each process that serves.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from cardwright.features import happenings
from cardwright.features.happenings import Listener
from cardwright.features.process import Process
from cardwright.kernel.database import Tx
from cardwright.kernel.loop import Part
from cardwright.kernel.registries import Entries, fill
from cardwright.tenancy import platforms, worker
from cardwright.tenancy.deadlines import HANDLERS, Handler
from cardwright.wire import expand, front, versions
from cardwright.wire.operation import Operation

if TYPE_CHECKING:
    from litestar.handlers import HTTPRouteHandler
    from litestar.types import ASGIApp

Pages: TypeAlias = "Iterable[HTTPRouteHandler]"
Sockets: TypeAlias = "Mapping[str, ASGIApp]"
_PLACE = re.compile(r"{[^}]*}")


def no_pages(_process: Process) -> Pages:
    """Nothing is answered outside of operations."""
    return ()


def no_sockets(_process: Process) -> Sockets:
    """Nobody stays connected."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Feature:
    """What a room brings. Whatever it leaves out it does not have."""

    operations: Sequence[Operation] = ()
    # How objects are found for expansion, by their tag.
    loaders: Mapping[str, expand.Loader] = field(default_factory=dict)
    # What marks cannot say of earlier versions, by the tag of the object.
    edits: Mapping[str, list[versions.Edit]] = field(default_factory=dict)
    # What happens when a deadline of a kind is due.
    deadlines: Mapping[str, Handler] = field(default_factory=dict)
    # What it does when something happens in a room below.
    listeners: Sequence[Listener] = ()
    # What a new platform is given, in the transaction that makes it.
    provisioning: Sequence[Callable[[Tx], Awaitable[object]]] = ()
    # What is removed when it has outlived its time, by its name in the log.
    purges: Mapping[str, worker.Purge] = field(default_factory=dict)
    # What it puts into registries that rooms below have of their own.
    extensions: Sequence[Entries[Any]] = ()
    # What runs as long as the process serves: made and started in this order, stopped in the
    # opposite one. What it needs to know of a room above, that room tells it when its own parts are
    # made.
    parts: Sequence[Callable[[Process], Part]] = ()
    # What is answered outside of operations. It is called by who serves alone, so that a command
    # imports no framework for pages.
    pages: Callable[[Process], Pages] = no_pages
    # Who answers those that stay connected, by path.
    sockets: Callable[[Process], Sockets] = no_sockets

    def entries(self) -> Iterator[Entries[Any]]:
        """What it puts into registries."""
        yield Entries(front.OPERATIONS, [(_route(one), one) for one in self.operations])
        yield expand.LOADERS.entries(self.loaders)
        yield versions.EDITS.entries(self.edits)
        yield HANDLERS.entries(self.deadlines)
        yield platforms.PROVISIONING.entries(*self.provisioning)
        yield worker.PURGES.entries(self.purges)
        yield from self.extensions


def install(features: Sequence[Feature]) -> None:
    """Fill every registry from the features; in a process that happens once."""
    heard = happenings.entries(chain.from_iterable(one.listeners for one in features))
    fill([heard, *chain.from_iterable(one.entries() for one in features)])


def _route(operation: Operation) -> tuple[str, str]:
    """The method and the path of an operation, whatever the parameters of the path are called."""
    return operation.method, _PLACE.sub("{}", operation.path)
