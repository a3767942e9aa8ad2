"""What a feature declares for the wire, and what passes between it and the pipe.

An operation is data: one method on one path, with its handler and the shapes of what it takes and
returns. ``pipe.py`` does the rest.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from cardwright.kernel.database import Tx
from cardwright.wire import failures, idempotency, pages
from cardwright.wire.auth import Actor
from cardwright.wire.content.downloads import Download
from cardwright.wire.content.reading import Request
from cardwright.wire.expand import Tree
from cardwright.wire.given import Given
from cardwright.wire.resource import Upload
from cardwright.wire.versions import Version

ParametersT = TypeVar("ParametersT", bound=msgspec.Struct)

Handler = Callable[[Any, "Call[Any]"], Awaitable[Any]]
Headers = list[tuple[bytes, bytes]]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One method on one path.

    ``takes`` is the shape of its parameters and ``letter`` the operation it is read for;
    ``returns`` is the shape that expansion paths are checked against. ``current`` renders the
    object that a repeated v2 idempotency key made (given its id). With ``upload_max`` the call may
    bring a file of so many bytes as the parameter ``file``; what ``check`` refuses (it sees the
    checked call and nothing else) leaves no file behind. With ``includes`` the call may name
    members to include. What a process remembers between calls is wrong after one that
    ``invalidates`` it. Keys that show one card may call what is ``ephemeral``; with
    ``version_needed`` the call names its version.
    """

    method: str
    path: str
    handler: Handler
    takes: type[msgspec.Struct] | None = None
    letter: str = "c"
    returns: type[msgspec.Struct] | None = None
    is_list: bool = False
    revealed: frozenset[str] = frozenset()
    platform_only: bool = False
    test_only: bool = False
    preview: bool = False
    flag: str | None = None
    publishable: bool = False
    ephemeral: bool = False
    version_needed: bool = False
    laned: bool = False
    includes: bool = False
    invalidates: bool = False
    upload_max: int | None = None
    check: Callable[["Call[Any]"], None] | None = None
    current: Callable[[Tx, "Call[Any]", str], Awaitable[Any]] | None = None

    @property
    def api(self) -> str:
        """``v1`` or ``v2``."""
        return "v2" if self.path.startswith("/v2/") else "v1"

    @property
    def writes(self) -> bool:
        """Whether it runs in a transaction of its own."""
        return self.method != "GET"


class Call(msgspec.Struct, Generic[ParametersT], kw_only=True):
    """A checked call: everything that was asked, nothing raw."""

    operation: Operation
    request_id: str
    actor: Actor
    version: Version
    path: dict[str, str]
    url: str
    given: Given[ParametersT]
    expand: Tree = {}
    include: list[str] = []
    page: pages.PageRequest = pages.PageRequest()
    claim: idempotency.Claim | None = None
    upload: Upload | None = None
    # Where the caller reaches this server, for the links that answers hold.
    base_url: str = ""
    # Who is at the other end of the connection.
    client_ip: str | None = None
    # Whether the caller named an account to act on.
    account_named: bool = False

    @property
    def account_hint(self) -> str | None:
        """What helps when an object is missing and a platform acts on itself by default."""
        forgotten = self.actor.is_platform and not self.account_named
        return failures.ACCOUNT_HINT if forgotten else None


class Answer(msgspec.Struct, frozen=True):
    """What goes back over the wire."""

    status: int
    body: bytes | Download
    headers: tuple[tuple[bytes, bytes], ...] = ()
    # The connection is closed instead: what was done is done, and the caller does not hear of it.
    lost: bool = False


class Replay(msgspec.Struct, frozen=True):
    """A laned handler's answer to a repeated request: what it returned to the first."""

    result: Any


class Answered(NamedTuple):
    """A request that was answered, for whoever keeps a log: ``call`` is None when it was refused
    before it was understood, ``refusal`` the body of a refusal; the instant is machine time."""

    operation: Operation
    request: Request
    request_id: str
    call: Call[Any] | None
    status: int
    refusal: bytes | None
    started_ms: int
    duration_ms: int


# Whoever keeps a log of answers.
Observe = Callable[[Answered], None]
# What may go wrong on purpose once a call is checked: it waits, refuses, or says that the answer is
# to be lost. And what is done after a call that invalidates what is remembered.
Disturb = Callable[[Call[Any], Request, Headers], Awaitable[bool]]
Renew = Callable[[], Awaitable[None]]
