"""``cardwright notices``: who sends notices, what they say, and what is not sent."""

from pathlib import Path
from typing import Any

import msgspec
from cyclopts import App

from cardwright.cli import local_files, options
from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.tables import Columns, Json, instant, table
from cardwright.cli.transaction import Said, as_platform, connected_account, working
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.kernel.startup import StartError
from cardwright.notices import refusals as notices_refusals
from cardwright.notices import rules, templates
from cardwright.notices import settings as notice_settings
from cardwright.notices.api import Language
from cardwright.notices.model import AccountNotice
from cardwright.notices.rules import Wording
from cardwright.notices.settings import NoticeSettingsGiven
from cardwright.tenancy.platforms import NoticeSender
from cardwright.wire import pages
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST

app = App(name="notices")

COLUMNS: Columns[AccountNotice] = {
    "id": lambda notice: notice.id,
    "state": lambda notice: (
        "sent" if notice.sent else "overdue" if notice.overdue else "to be sent"
    ),
    "account": lambda notice: notice.account,
    "reason": lambda notice: notice.reason,
    "deadline": lambda notice: instant(notice.deadline),
}


@app.command(name="list")
@as_platform
async def list_notices(tx: Tx, *, every: options.Flag = False, json: Json = False) -> Said:
    """List notices that are not sent, newest first.

    Parameters
    ----------
    every
        Those that are sent, too.
    """
    page = await pages.list_page(
        tx.connection,
        AccountNotice,
        tx.account_id,
        None,
        pages.PageRequest(limit=options.LISTED_MAX),
        owner="platform_id",
        fixed={} if every else {"sent": False},
    )
    none = "There is no notice yet." if every else "Every notice is sent."
    return table(page.data, COLUMNS, json=json, more=page.has_more, none=none)


@app.command
@as_platform
async def preview(
    tx: Tx,
    reason: str,
    *,
    locale: Language | None = None,
    account: str | None = None,
    html: options.Flag = False,
) -> Said:
    """Show a notice as it would go out.

    Parameters
    ----------
    reason
        Such as issuing.application_rejected_for_failure_to_verify, with or without issuing.
    locale
        The language; that of the account unless you say otherwise.
    account
        The account that it would go to.
    html
        The HTML instead of the plain text.
    """
    at = None if account is None else await connected_account(tx, account)
    composed = await templates.preview(tx, whole(reason), locale, at)
    if html:
        return composed.html
    return [f"Subject: {composed.subject}", "", composed.plain_text.rstrip()]


@app.command(name="test-send")
@as_platform
async def send_test(tx: Tx, reason: str, *, to: str, locale: Language | None = None) -> Said:
    """Have the server send a notice to somebody, as a try.

    Parameters
    ----------
    reason
        The reason of the notice.
    to
        An email address.
    locale
        The language.
    """
    email = await templates.send_test(tx, whole(reason), to, locale)
    return f"{email.id}  queued for {to}: {email.subject}"


@app.command
@working
async def template(
    reason: str,
    *,
    locale: Language = "en",
    subject: str | None = None,
    text_file: Path | None = None,
    reset: options.Flag = False,
    platform: Platform = PLATFORM,
) -> Said:
    """Show the words of a notice, put your own in their place, or use ours again.

    Parameters
    ----------
    reason
        The reason of the notice.
    locale
        The language.
    subject
        Your own subject.
    text_file
        A file with your own text, paragraphs parted by an empty line.
    reset
        Use our words again.
    """
    if reset and (subject is not None or text_file is not None):
        raise StartError("--reset and words of your own contradict each other.")
    text = None if text_file is None else local_files.read_text(text_file)
    name = whole(reason)
    async with platform.transaction() as tx:
        words, own = await templates.wording_of(tx.connection, tx.platform_id, name, locale)
        if reset:
            words, own = await templates.reset(tx, name, locale), False
        elif subject is not None or text is not None:
            wanted = Wording(subject or words.subject, text or words.text)
            words, own = await templates.change(tx, name, locale, wanted), True
    return [f"Subject: {words.subject}", "", words.text, "", "(yours)" if own else "(ours)"]


@app.command
@as_platform
async def settings(
    tx: Tx,
    *,
    sender: NoticeSender | None = None,
    background_color: str | None = None,
    brand_name: str | None = None,
    color: str | None = None,
    from_address: str | None = None,
    logo_url: str | None = None,
    support_email: str | None = None,
) -> Said:
    """Show or change who sends notices, and how emails look. An empty value is the first one again.

    Parameters
    ----------
    sender
        operator: this server sends emails; platform: your own application tells its customers.
    background_color
        The colour around emails, as #rrggbb.
    brand_name
        The name that emails come from.
    color
        The colour of the heading and the border of emails, as #rrggbb.
    from_address
        The address that emails come from.
    logo_url
        Where the logo of emails is.
    support_email
        Where replies go.
    """
    given = {
        "sender": sender,
        "background_color": background_color,
        "brand_name": brand_name,
        "color": color,
        "from_address": from_address,
        "logo_url": logo_url,
        "support_email": support_email,
    }
    raw = {name: value for name, value in given.items() if value is not None}
    checked = parser(NoticeSettingsGiven, "c", "v1", LATEST, form=True)(raw)
    found: dict[str, Any] = msgspec.to_builtins(await notice_settings.configure(tx, checked.tree))
    return [f"{name}: {'none' if value is None else value}" for name, value in found.items()]


def whole(reason: str) -> str:
    """A reason, whose first word may be left out; refuses what is none."""
    found = reason if reason in rules.REASONS else f"issuing.{reason}"
    if found not in rules.REASONS:
        fail(notices_refusals.NOTICE_TEMPLATE_UNKNOWN, reason=reason[:200])
    return found
