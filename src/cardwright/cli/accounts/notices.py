"""``cardwright notices``: who sends notices, what they say, and what is not sent."""

from pathlib import Path
from typing import Any

import msgspec
from cyclopts import App

from cardwright.cli import acting, options
from cardwright.cli.accounts.compliance import named
from cardwright.kernel.clock import SECOND_MS, rfc3339
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


@app.command(name="list")
def list_notices(
    *,
    every: options.Flag = False,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List notices that are not sent, newest first.

    Parameters
    ----------
    every
        Those that are sent, too.
    """

    async def work(tx: Tx) -> list[str]:
        page = await pages.list_page(
            tx.connection,
            AccountNotice,
            tx.account_id,
            None,
            pages.PageRequest(limit=options.LISTED_MAX),
            owner="platform_id",
            fixed={} if every else {"sent": False},
        )
        return options.listed(
            map(line, page.data), more=page.has_more, none="Every notice is sent."
        )

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def preview(
    reason: str,
    *,
    locale: Language | None = None,
    account: str | None = None,
    html: options.Flag = False,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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

    async def work(tx: Tx) -> list[str]:
        at = None if account is None else await named(tx, account)
        composed = await templates.preview(tx, whole(reason), locale, at)
        if html:
            return [composed.html]
        return [f"Subject: {composed.subject}", "", composed.plain_text.rstrip()]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command(name="test-send")
def send_test(
    reason: str,
    *,
    to: str,
    locale: Language | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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

    async def work(tx: Tx) -> list[str]:
        email = await templates.send_test(tx, whole(reason), to, locale)
        return [f"{email.id}  queued for {to}: {email.subject}"]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def template(
    reason: str,
    *,
    locale: Language = "en",
    subject: str | None = None,
    text_file: Path | None = None,
    reset: options.Flag = False,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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
    try:
        text = None if text_file is None else text_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"{text_file} cannot be read: {error}") from None

    async def work(tx: Tx) -> list[str]:
        name = whole(reason)
        rules.check_reason(name)
        words, own = await templates.wording_of(tx.connection, tx.platform_id, name, locale)
        if reset:
            words, own = await templates.reset(tx, name, locale), False
        elif subject is not None or text is not None:
            wanted = Wording(subject or words.subject, text or words.text)
            words, own = await templates.change(tx, name, locale, wanted), True
        return [f"Subject: {words.subject}", "", words.text, "", "(yours)" if own else "(ours)"]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def settings(
    *,
    sender: NoticeSender | None = None,
    background_color: str | None = None,
    brand_name: str | None = None,
    color: str | None = None,
    from_address: str | None = None,
    logo_url: str | None = None,
    support_email: str | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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

    async def work(tx: Tx) -> list[str]:
        raw = {name: value for name, value in given.items() if value is not None}
        checked = parser(NoticeSettingsGiven, "c", "v1", LATEST, form=True)(raw)
        found: dict[str, Any] = msgspec.to_builtins(
            await notice_settings.configure(tx, checked.tree)
        )
        return [f"{name}: {'none' if value is None else value}" for name, value in found.items()]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


def line(notice: AccountNotice) -> str:
    """A notice on one line."""
    state = "sent" if notice.sent else "overdue" if notice.overdue else "to be sent"
    due = "" if notice.deadline is None else f", by {rfc3339(notice.deadline * SECOND_MS)}"
    return f"{notice.id}  {state}  {notice.account}  {notice.reason}{due}"


def whole(reason: str) -> str:
    """A reason, whose first word may be left out; refuses what is none."""
    found = reason if reason in rules.REASONS else f"issuing.{reason}"
    if found not in rules.REASONS:
        fail(notices_refusals.NOTICE_TEMPLATE_UNKNOWN, reason=reason[:200])
    return found
