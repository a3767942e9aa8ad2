"""What happens to notices: given, sent, told of as sent, overdue. The transaction acts as the
account that is told."""

from collections.abc import Mapping

import msgspec

from cardwright.accounts.record.store import load_state
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.notices import emails, refusals, rules, templates
from cardwright.notices.announce import announce_update
from cardwright.notices.model import (
    AccountEmail,
    AccountNotice,
    LinkedObjects,
    NoticeEmail,
    Reason,
)
from cardwright.tenancy import deadlines, gates, platforms
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.given import Given, merge
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)
# The deadline by which a notice must be sent.
OVERDUE = "notice_overdue"


class Unsent(msgspec.Struct, frozen=True):
    """A notice that is not sent, and what became of an email."""

    account_id: str
    id: str
    reason: str
    created: int
    deadline: int | None
    overdue: bool
    email_status: str | None
    email_trouble: str | None


_UNSENT = QUERIES.many("unsent_notices", Unsent)


async def give_notice(
    tx: Tx,
    reason: Reason,
    *,
    capability: str | None = None,
    dispute: str | None = None,
    underwriting_record: str | None = None,
    details: Mapping[str, str] | None = None,
) -> AccountNotice:
    """Tell the acting account something: the platform is to send it, or it goes out as an email.

    ``capability`` is the v1 name of the one that it is about; ``details`` fill the placeholders
    ``detail``, ``reference`` and ``applied_on`` of the template. An account without an address is
    left to the platform.
    """
    linked = LinkedObjects(
        capability=capability,
        issuing_credit_underwriting_record=underwriting_record,
        issuing_dispute=dispute,
    )
    deadline = rules.deadline_of(reason, tx.now_ms)
    notice = AccountNotice(
        id=ids.new_id(AccountNotice.prefix),
        account=tx.account_id,
        created=Timestamp(tx.now),
        deadline=None if deadline is None else Timestamp(deadline),
        linked_objects=linked,
        livemode=tx.livemode,
        platform_id=tx.platform_id,
        reason=reason,
    )
    await rows.insert(tx, notice)
    if deadline is not None:
        due_ms = deadline * clock.SECOND_MS
        await deadlines.schedule(tx, kind=OVERDUE, subject=notice.id, due_ms=due_ms)
    tx.emit("account_notice.created", notice)
    settings = await platforms.settings(tx)
    if settings.notices.sender == "operator":
        await _email(tx, notice, settings.notices, dict(details or {}))
    return notice


async def _email(
    tx: Tx, notice: AccountNotice, settings: platforms.NoticeSettings, details: dict[str, str]
) -> None:
    """Have a notice sent by email, if the account has an address."""
    state = await load_state(tx)
    recipient = rules.recipient_of(state)
    if recipient is None:
        return
    locale = rules.locale_of(state.account)
    words, _own = await templates.wording_of(tx.connection, tx.platform_id, notice.reason, locale)
    facts = rules.facts_of(state.account, settings, tx.now_ms, details)
    composed = rules.compose(words, locale, facts, settings)
    await emails.queue(tx, composed, recipient, notice.id)


async def record_sending(tx: Tx, notice_id: str, given: Given[AccountNotice]) -> AccountNotice:
    """The platform says when and how it told the account.

    Refuses an instant before the notice or in the future, and other words for what went out by
    email already. An email that waits is not sent any more.
    """
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, AccountNotice, notice_id)
    after = merge(before, given)
    for name in ("email", "sent_at"):
        if getattr(after, name) is None:
            fail(wire_refusals.PARAMETER_EMPTY, param=name)
    assert after.sent_at is not None, "checked above"
    said_anew = (after.email, after.sent_at) != (before.email, before.sent_at)
    if said_anew and before.sent and before.by_operator:
        fail(refusals.NOTICE_SENT_BY_OPERATOR, id=before.id)
    if said_anew and not before.created <= after.sent_at <= tx.now:
        fail(refusals.NOTICE_SENT_OUTSIDE, param="sent_at", since=before.created, now=tx.now)
    await emails.cancel_of_notice(tx, notice_id)
    return await _save(tx, before, msgspec.structs.replace(after, sent=True))


async def email_sent(tx: Tx, email: AccountEmail) -> None:
    """An email of the acting account was taken by the mail server: its notice is sent.

    Emails take no virtual time: on a virtual clock it is sent when it was written.
    """
    await gates.lock(tx, tx.account_id)
    now = Timestamp(tx.now if tx.clock_id is None else email.created)
    await rows.save(
        tx,
        msgspec.structs.replace(email, status="sent", sent_at=now, due_ms=None, trouble=None),
    )
    if email.notice is None:
        return
    before = await rows.lock(tx, AccountNotice, email.notice)
    if before.sent:
        return
    words = NoticeEmail(
        plain_text=email.plain_text, recipient=email.recipient, subject=email.subject
    )
    after = msgspec.structs.replace(before, email=words, sent_at=now, sent=True, by_operator=True)
    await _save(tx, before, after)


async def unsent(tx: Tx) -> list[Unsent]:
    """The notices of the acting platform's accounts that are not sent, the most pressing first."""
    return await _UNSENT(tx.connection, platform_id=tx.account_id)


async def flag_overdue(tx: Tx, notice_id: str) -> None:
    """A notice that was not sent by now is overdue."""
    notice = await rows.lock(tx, AccountNotice, notice_id)
    if not notice.sent:
        await rows.save(tx, msgspec.structs.replace(notice, overdue=True))


async def _save(tx: Tx, before: AccountNotice, after: AccountNotice) -> AccountNotice:
    """Write a notice that is sent, and tell what changed."""
    after = msgspec.structs.replace(after, overdue=before.overdue and not after.sent)
    if after == before:
        return after
    await rows.save(tx, after)
    await deadlines.cancel(tx, kind=OVERDUE, subject=after.id)
    announce_update(tx, before, after)
    return after


HANDLERS: dict[str, deadlines.Handler] = {OVERDUE: flag_overdue}
