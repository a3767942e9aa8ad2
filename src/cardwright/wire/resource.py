"""A resource is said once: the vocabulary for declaring API objects.

One msgspec struct per API object, in the newest version's words; each member is ``Annotated``
with one ``Mark`` that says which operations may give it, whether it is needed, how it is stored
and how it expands. Parsers, rows, pages and rendering are all compiled from these declarations::

    class Cardholder(Resource, tag="issuing.cardholder"):
        prefix: ClassVar[str] = "ich_"
        table: ClassVar[str] = "cardholders"
        name: Annotated[str, Mark("c", need="c", longest=24)]
        status: Annotated[Literal["active", "inactive"], Mark("cul", column=True)] = "active"

Operations are letters: ``c`` create, ``u`` update, ``l`` filter of a list. A member whose mark
names none is read-only at the top of a resource; inside a nested hash it follows its container.
"""

import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, NewType, get_args, get_origin, get_type_hints

import msgspec

from cardwright.kernel.blobs import Incoming

# Seconds since the epoch (v1) and RFC 3339 text with milliseconds (v2).
Timestamp = NewType("Timestamp", int)
Moment = NewType("Moment", str)
# Lower-case ISO 4217, upper-case ISO 3166-1 alpha-2, and a decimal number written as text.
Currency = NewType("Currency", str)
Country = NewType("Country", str)
DecimalText = NewType("DecimalText", str)
# An address of the Internet, version 4 or 6, as it was given.
IpAddress = NewType("IpAddress", str)
# Up to fifty strings by name; updates merge by key.
Metadata = dict[str, str]


class Sealed:
    """A write-only value: it has no encoder and a masked repr, so it cannot leave by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value; ask only to seal it in the vault or to compare it."""
        return self._value

    def __repr__(self) -> str:
        return "Sealed(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class Upload:
    """A file that a caller sends with a form: its bytes wait in the blob directory until the call
    is checked. ``filename`` is a bare name, without any directories."""

    __slots__ = ("filename", "incoming")

    def __init__(self, filename: str | None, incoming: Incoming) -> None:
        self.filename = filename
        self.incoming = incoming

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.incoming.size

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        return self.incoming.digest

    @property
    def head(self) -> bytes:
        """Its first bytes."""
        return self.incoming.head


@dataclass(frozen=True, slots=True)
class Mark:
    """What the wire and the storage need to know of one member.

    ``operations``/``need``: letters of the operations that may / must give it (None: read-only at
    the top of a resource, like its container inside a hash). ``replace``: an
    update replaces the whole hash instead of merging it. ``expand``: tag of the resource whose id
    the member holds; ``named_by``: the other member that holds the id, where this one is not there
    until it is expanded. ``column``: stored (and filterable) as a column, not in the body.
    ``since``/``until``: the version dates between which the member exists. ``earlier``: pairs of
    (name, date of the version that renamed it). ``preview``: exists in preview versions only.
    ``longest``, ``low``, ``high``, ``pattern``, ``choices``: bounds of the value. ``revealed``:
    shown only when expanded on retrieve. ``hidden``: kept with the object, never shown.
    ``shorthand``: the member of the hash that a plain text in the hash's place stands for.
    """

    operations: str | None = None
    need: str = ""
    replace: bool = False
    expand: str | None = None
    named_by: str | None = None
    column: bool = False
    since: str | None = None
    until: str | None = None
    earlier: tuple[tuple[str, str], ...] = ()
    preview: bool = False
    longest: int = 5000
    low: int | None = None
    high: int | None = None
    pattern: str | None = None
    choices: frozenset[str] | None = None
    revealed: bool = False
    hidden: bool = False
    shorthand: str | None = None


class KeywordOnly(msgspec.StructMeta):
    """Members are given by name, so that their order is free."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any
    ) -> "KeywordOnly":
        """msgspec does not inherit ``kw_only``."""
        config.setdefault("kw_only", True)
        made: KeywordOnly = super().__new__(cls, name, bases, namespace, **config)
        return made


@typing.dataclass_transform(kw_only_default=True, field_specifiers=(msgspec.field,))
class Shape(msgspec.Struct, metaclass=KeywordOnly):
    """A nested hash of a resource."""


@typing.dataclass_transform(kw_only_default=True, field_specifiers=(msgspec.field,))
class Parameters(msgspec.Struct, metaclass=KeywordOnly):
    """Parameters of an operation that is not plain create, update or list of a resource; a member
    without operations is taken by every operation."""


@typing.dataclass_transform(kw_only_default=True, field_specifiers=(msgspec.field,))
class Resource(msgspec.Struct, tag_field="object", metaclass=KeywordOnly):
    """An API object with an id; ``prefix`` opens the id, ``table`` holds its rows. ``owned_by`` is
    the member that names the account whose objects its other members name, where that may be
    another than the caller's."""

    prefix: ClassVar[str] = ""
    table: ClassVar[str] = ""
    owned_by: ClassVar[str] = ""

    id: str


class Factory(msgspec.Struct, frozen=True):
    """A default that is made anew each time."""

    make: Any


class Member(msgspec.Struct, frozen=True):
    """One compiled member: its name, bare type, mark, and default (NODEFAULT when it has none)."""

    name: str
    type: Any
    mark: Mark | None
    default: Any
    nullable: bool
    unset: bool

    def default_value(self) -> Any:
        """A fresh default."""
        return self.default.make() if isinstance(self.default, Factory) else self.default

    @property
    def has_default(self) -> bool:
        """Whether the struct can be built without it."""
        return self.default is not msgspec.NODEFAULT


def _bare(annotation: Any) -> tuple[Any, Mark | None, bool, bool]:
    """The annotation without Annotated, None and UnsetType, with what was found on the way."""
    mark = None
    if get_origin(annotation) is Annotated:
        mark = next((extra for extra in annotation.__metadata__ if isinstance(extra, Mark)), None)
        annotation = annotation.__origin__
    union = get_origin(annotation) in (types.UnionType, typing.Union)
    kinds = list(get_args(annotation)) if union else [annotation]
    nullable = type(None) in kinds
    unset = msgspec.UnsetType in kinds
    rest = [kind for kind in kinds if kind not in (type(None), msgspec.UnsetType)]
    assert len(rest) == 1, f"a member has one type, not {annotation}"
    return rest[0], mark, nullable, unset


@cache
def members(shape: type[msgspec.Struct]) -> dict[str, Member]:
    """The members of a struct by name, compiled once (msgspec's own table is slow to build)."""
    hints = get_type_hints(shape, include_extras=True)
    compiled = {}
    for info in msgspec.structs.fields(shape):
        kind, mark, nullable, unset = _bare(hints[info.name])
        made = info.default_factory is not msgspec.NODEFAULT
        default = Factory(info.default_factory) if made else info.default
        compiled[info.name] = Member(info.name, kind, mark, default, nullable, unset)
    return compiled


def is_amount_of_action(shape: type[msgspec.Struct], member: Member) -> bool:
    """Whether it says how much an action moves. Given empty it is refused: left out it means all
    there is, and no amount that a caller lost on the way should move that."""
    is_amount = member.type is int and member.name.rpartition("_")[2] == "amount"
    return is_amount and issubclass(shape, Parameters)
