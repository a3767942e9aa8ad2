"""Email: the mail server an operator names, and one message handed to it over SMTP."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from cardwright.kernel.startup import StartError

TIMEOUT_SECONDS = 20.0
PORTS = {"smtp": 587, "smtps": 465}
# Replies from here on mean that the same message will never be taken.
_PERMANENT = 500


class MailServer(NamedTuple):
    """Where emails are handed over. With ``encrypted`` the connection begins with TLS; without,
    it is encrypted as soon as the server offers it."""

    host: str
    port: int
    encrypted: bool = False
    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


class Mail(NamedTuple):
    """A message. Sent again it keeps its ``message_id``, so that a reader sees one."""

    message_id: str
    sender: str
    sender_name: str
    recipient: str
    reply_to: str | None
    subject: str
    plain_text: str
    html: str


class MailError(Exception):
    """Why a message was not taken; a ``permanent`` reason is the same next time."""

    def __init__(self, detail: str, *, permanent: bool) -> None:
        super().__init__(detail)
        self.detail = detail
        self.permanent = permanent


def parse_server(url: str) -> MailServer:
    """``smtp://user:password@host:port``, or ``smtps://`` for a connection that begins with TLS.

    Refuses anything else with a StartError that does not repeat the address: it holds a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise StartError("CARDWRIGHT_SMTP_URL is not an address.") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise StartError("CARDWRIGHT_SMTP_URL must look like smtp://user:password@host:587.")
    return MailServer(
        parts.hostname,
        port or PORTS[parts.scheme],
        parts.scheme == "smtps",
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


def message_of(mail: Mail) -> EmailMessage:
    """The message as it goes over the wire: plain text, and HTML for who can show it. Refuses
    addresses that are none with a MailError."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(mail.sender_name, addr_spec=mail.sender)
        message["To"] = Address(addr_spec=mail.recipient)
        if mail.reply_to is not None:
            message["Reply-To"] = Address(addr_spec=mail.reply_to)
        message["Subject"] = mail.subject
        message["Message-ID"] = mail.message_id
    except (HeaderParseError, ValueError, IndexError) as error:
        raise MailError(f"The message has no valid address: {error}", permanent=True) from None
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.plain_text)
    message.add_alternative(mail.html, subtype="html")
    return message


async def send(server: MailServer, mail: Mail) -> None:
    """Hand a message over; a MailError says why it was not taken."""
    # Commands that send nothing start without it.
    import aiosmtplib

    message = message_of(mail)
    try:
        await aiosmtplib.send(
            message,
            sender=mail.sender,
            recipients=[mail.recipient],
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.encrypted,
            timeout=TIMEOUT_SECONDS,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        refused = error.recipients[0]
        raise MailError(str(refused.message), permanent=refused.code >= _PERMANENT) from None
    except aiosmtplib.SMTPResponseException as error:
        # A server that does not know the operator may know them once the settings are right.
        known = not isinstance(error, aiosmtplib.SMTPAuthenticationError)
        permanent = known and error.code >= _PERMANENT
        raise MailError(f"{error.code} {error.message}", permanent=permanent) from None
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise MailError(str(error) or type(error).__name__, permanent=False) from None
