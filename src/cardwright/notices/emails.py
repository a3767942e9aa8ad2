"""Emails to an account: queued in the transaction that wants them sent, kept whole, sent later."""

import msgspec

from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.notices.model import AccountEmail
from cardwright.notices.rules import NAMELESS, Composed
from cardwright.tenancy import platforms
from cardwright.wire import rows
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)


class EmailName(msgspec.Struct, frozen=True):
    """An email by its account and its id."""

    account_id: str
    id: str


_TO_SEND = QUERIES.many("emails_to_send", EmailName)
_QUEUED = QUERIES.value("queued_of_notice", str)


async def queue(
    tx: Tx, composed: Composed, recipient: str, notice: str | None = None
) -> AccountEmail:
    """Have an email sent to the acting account once this transaction is committed."""
    settings = await platforms.settings(tx)
    look = settings.notices
    email_id = ids.new_id(AccountEmail.prefix)
    email = AccountEmail(
        id=email_id,
        account=tx.account_id,
        created=Timestamp(tx.now),
        html=composed.html,
        livemode=tx.livemode,
        locale=composed.locale,
        message_id=f"<{email_id}@{look.from_address.rpartition('@')[2]}>",
        notice=notice,
        plain_text=composed.plain_text,
        recipient=recipient,
        reply_to=look.support_email,
        sender=look.from_address,
        sender_name=look.brand_name or NAMELESS,
        subject=composed.subject,
        due_ms=clock.machine_ms(),
    )
    await rows.insert(tx, email)
    return email


async def cancel_of_notice(tx: Tx, notice_id: str) -> None:
    """Send the email of a notice no more; one that is sent already is left."""
    found = await _QUEUED(tx.connection, account_id=tx.account_id, notice=notice_id)
    if found is not None:
        email = await rows.lock(tx, AccountEmail, found)
        if email.status == "queued":
            canceled = msgspec.structs.replace(email, status="canceled", due_ms=None)
            await rows.save(tx, canceled)


async def to_send(connection: Connection, count: int) -> list[EmailName]:
    """The emails that should be handed over now."""
    return await _TO_SEND(connection, machine_ms=clock.machine_ms(), count=count)
