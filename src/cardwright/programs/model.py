"""The card program, said once (source: programs API, ``issuing.program``)."""

from typing import Annotated, ClassVar

from msgspec import field

from cardwright.wire.resource import Mark, Metadata, Resource, Timestamp


class Program(Resource, tag="issuing.program"):
    """A program that cards are issued under.

    ``platform_program`` is the platform's program that a connected account's program follows;
    it is null on the platform's own.
    """

    prefix: ClassVar[str] = "iprg_"
    table: ClassVar[str] = "programs"

    created: Annotated[Timestamp, Mark("", column=True)]
    is_default: Annotated[bool, Mark("cu", column=True)] = False
    metadata: Annotated[Metadata, Mark("u")] = field(default_factory=dict)
    platform_program: Annotated[str | None, Mark("c", need="c", column=True)] = None
