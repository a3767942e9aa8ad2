"""A process that serves: the database, what reaches out, the pipe, and the parts that run in it."""

from typing import TypeVar

from cardwright.kernel.blobs import Blobs
from cardwright.kernel.database import Database
from cardwright.kernel.loop import Part
from cardwright.kernel.mail import MailServer
from cardwright.kernel.outbound import Outbound
from cardwright.wire.pipe import Pipe

PartT = TypeVar("PartT", bound=Part)


class Process:
    """What the parts of a process are made from, and the parts, each found by its class."""

    def __init__(
        self, database: Database, blobs: Blobs | None = None, mail_server: MailServer | None = None
    ) -> None:
        """Without ``blobs`` it takes no files, and without a mail server its emails wait."""
        self.database = database
        self.blobs = blobs
        self.mail_server = mail_server
        self.outbound = Outbound()
        self.pipe = Pipe(database, blobs)
        self.parts: list[Part] = []

    def part(self, kind: type[PartT]) -> PartT:
        """The part of a class; of a room below, it is there already."""
        return next(part for part in self.parts if isinstance(part, kind))
