"""A real SMTP server that keeps what it is given, and answers by a script."""

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from cardwright.kernel.mail import MailServer

WAIT_SECONDS = 20.0
TAKEN = "250 OK"


@dataclass
class Letter:
    """One message, as it came."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def plain_text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        assert body is not None, f"the message has no {kind} part"
        text: str = body.get_content()
        return text.replace("\r\n", "\n")


@dataclass
class Mailbox:
    """A mail server on a port of its own. ``script`` holds the replies to the next messages for
    somebody, without one it is 250; nothing is answered while ``answering`` is not set."""

    server: MailServer = field(default_factory=lambda: MailServer("127.0.0.1", 0))
    letters: list[Letter] = field(default_factory=list)
    script: dict[str, list[str]] = field(default_factory=dict)
    answering: asyncio.Event = field(default_factory=asyncio.Event)
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        """The address as a setting."""
        return f"smtp://{self.server.host}:{self.server.port}"

    def to(self, recipient: str) -> list[Letter]:
        """What came for somebody."""
        return [letter for letter in self.letters if recipient in letter.recipients]

    async def wait_for(self, count: int, recipient: str) -> list[Letter]:
        """Wait until so many messages came for somebody."""
        async with self._arrived:
            try:
                await asyncio.wait_for(
                    self._arrived.wait_for(lambda: len(self.to(recipient)) >= count), WAIT_SECONDS
                )
            except TimeoutError:
                came = [letter.subject for letter in self.letters]
                raise AssertionError(f"not {count} messages for {recipient}: {came}") from None
        return self.to(recipient)

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:
        """Keep the message and answer by the script."""
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=default)
        letter = Letter(envelope.mail_from or "", list(envelope.rcpt_tos), message)
        async with self._arrived:
            self.letters.append(letter)
            self._arrived.notify_all()
        await self.answering.wait()
        script = self.script.get(letter.recipients[0])
        return script.pop(0) if script else TAKEN


@asynccontextmanager
async def open_mailbox() -> AsyncIterator[Mailbox]:
    """A mail server on a free port."""
    made = Mailbox()
    made.answering.set()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(made), "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    made.server = MailServer("127.0.0.1", port)
    yield made
    made.answering.set()
    listening.close()
    await listening.wait_closed()
