"""``/v1/account_notices`` (source: Account Notices API) and, for the operator, every notice of a
platform, the emails to an account, and the words of notices."""

from typing import Annotated, Any, Literal

from cardwright.accounts.record.acting import acting, named_account
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.notices import flows, rules, settings, templates
from cardwright.notices.model import AccountEmail, AccountNotice
from cardwright.notices.rules import Composed, Wording
from cardwright.wire import pages, rows
from cardwright.wire.operation import Call, Operation
from cardwright.wire.render import render
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

QUERIES = load(__file__)
PATH = "/v1/account_notices"
EVERY = "/_cardwright/account_notices"
EMAILS = "/_cardwright/accounts/{id}/emails"
TEMPLATES = "/_cardwright/notice_templates"
Language = Literal["de", "en", "es", "fr"]

_ACCOUNT = QUERIES.value("account_of_notice", str)


class NoticeFilter(Parameters):
    """Which notices an operator sees."""

    overdue: bool | None = None
    reason: Annotated[str | None, Mark(choices=rules.REASONS)] = None
    sent: bool | None = None


class InLanguage(Parameters):
    """Which language of a template."""

    locale: Language = "en"


class TemplateGiven(Parameters):
    """A platform's own words for a notice, in one language."""

    locale: Language = "en"
    subject: Annotated[str, Mark(need="c", longest=rules.SUBJECT_LONGEST)]
    text: Annotated[str, Mark(need="c", longest=rules.TEXT_LONGEST)]


class PreviewGiven(Parameters):
    """In which language, and to which account, a notice is tried."""

    account: Annotated[str | None, Mark(longest=255)] = None
    locale: Language | None = None


class TestSending(Parameters):
    """To whom, and in which language, a notice is sent as a try."""

    locale: Language | None = None
    to: Annotated[str, Mark(need="c", longest=800)]


# Notices.


async def list_notices(tx: Tx, call: Call[AccountNotice]) -> pages.Page[AccountNotice]:
    """List account notices, newest first; a platform sees those of all of its accounts."""
    return await _listed(tx, call, dict(call.given.tree))


async def retrieve_notice(tx: Tx, call: Call[Any]) -> AccountNotice:
    """Retrieve an account notice."""
    return (await find_notice(tx, call.path["id"]))[1]


async def update_notice(tx: Tx, call: Call[AccountNotice]) -> AccountNotice:
    """Say when and how the account was told."""
    at, _notice = await find_notice(tx, call.path["id"])
    return await flows.record_sending(at, call.path["id"], call.given)


async def find_notice(tx: Tx, notice_id: str) -> tuple[Tx, AccountNotice]:
    """A notice of the acting account, or of an account of the acting platform, and the
    transaction acting as whom it tells."""
    at: Tx | None = tx
    if tx.account_id == tx.platform_id:
        found = await _ACCOUNT(tx.connection, platform_id=tx.platform_id, id=notice_id)
        at = await acting(tx, found, closed=True) if found is not None else None
    if at is None:
        rows.missing(AccountNotice, notice_id)
    assert at is not None, "refused above"
    return at, await rows.get(at, AccountNotice, notice_id)


async def list_every(tx: Tx, call: Call[NoticeFilter]) -> pages.Page[Body]:
    """List the notices of all accounts as an operator sees them, newest first."""
    page = await _listed(tx, call, dict(call.given.tree))
    bodies = [
        {**render(notice), "account": notice.account, "overdue": notice.overdue}
        for notice in page.data
    ]
    return pages.Page(bodies, page.has_more, page.request)


async def _listed(tx: Tx, call: Call[Any], fixed: dict[str, Any]) -> pages.Page[AccountNotice]:
    owner = "platform_id" if tx.account_id == tx.platform_id else "account_id"
    return await pages.list_page(
        tx.connection,
        AccountNotice,
        tx.account_id,
        None,
        call.page,
        owner=owner,
        fixed=fixed,
    )


# Emails.


async def list_emails(tx: Tx, call: Call[AccountEmail]) -> pages.Page[Body]:
    """List the emails to an account, newest first."""
    at = await named_account(tx, call.path["id"], closed=True)
    page = await pages.list_page(tx.connection, AccountEmail, at.account_id, call.given, call.page)
    return pages.Page([render(email) for email in page.data], page.has_more, page.request)


# Templates.


async def list_templates(tx: Tx, _call: Call[Any]) -> pages.Page[Body]:
    """List the words of every notice in every language."""
    own = await templates.own_wordings(tx)
    found = []
    for reason in sorted(rules.REASONS):
        for locale in rules.LOCALES:
            words, changed = rules.wording(reason, locale), (reason, locale) in own
            if changed:
                words, _own = await templates.wording_of(
                    tx.connection, tx.platform_id, reason, locale
                )
            found.append(_template(reason, locale, words, own=changed))
    return pages.Page(found, has_more=False)


async def retrieve_template(tx: Tx, call: Call[InLanguage]) -> Body:
    """Retrieve the words of a notice in one language."""
    reason, locale = call.path["reason"], call.given.value().locale
    rules.check_reason(reason)
    words, own = await templates.wording_of(tx.connection, tx.platform_id, reason, locale)
    return _template(reason, locale, words, own=own)


async def change_template(tx: Tx, call: Call[TemplateGiven]) -> Body:
    """Put a platform's own words in the place of ours."""
    given = call.given.value()
    reason, words = call.path["reason"], Wording(given.subject, given.text)
    words = await templates.change(tx, reason, given.locale, words)
    return _template(reason, given.locale, words, own=True)


async def reset_template(tx: Tx, call: Call[InLanguage]) -> Body:
    """Use our words for a notice again."""
    reason, locale = call.path["reason"], call.given.value().locale
    return _template(reason, locale, await templates.reset(tx, reason, locale), own=False)


async def preview_template(tx: Tx, call: Call[PreviewGiven]) -> Body:
    """Show a notice as it would go out."""
    given = call.given.value()
    at = None
    if given.account is not None:
        at = await named_account(tx, given.account, closed=True)
    composed = await templates.preview(tx, call.path["reason"], given.locale, at)
    return _preview(call.path["reason"], composed)


async def send_test(tx: Tx, call: Call[TestSending]) -> Body:
    """Send a notice to somebody, as a try."""
    given = call.given.value()
    return render(await templates.send_test(tx, call.path["reason"], given.to, given.locale))


def _template(reason: str, locale: str, words: Wording, *, own: bool) -> Body:
    return {
        "object": "notice_template",
        "locale": locale,
        "own": own,
        "reason": reason,
        "subject": words.subject,
        "text": words.text,
    }


def _preview(reason: str, composed: Composed) -> Body:
    return {
        "object": "notice_preview",
        "html": composed.html,
        "locale": composed.locale,
        "plain_text": composed.plain_text,
        "reason": reason,
        "subject": composed.subject,
    }


def _operator(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


_ONE = f"{TEMPLATES}/{{reason}}"
OPERATIONS = (
    Operation(
        method="GET",
        path=PATH,
        handler=list_notices,
        takes=AccountNotice,
        letter="l",
        returns=AccountNotice,
        is_list=True,
        preview=True,
    ),
    Operation(
        method="GET",
        path=f"{PATH}/{{id}}",
        handler=retrieve_notice,
        returns=AccountNotice,
        preview=True,
    ),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}",
        handler=update_notice,
        takes=AccountNotice,
        letter="u",
        returns=AccountNotice,
        preview=True,
    ),
    _operator("GET", EVERY, list_every, takes=NoticeFilter, is_list=True),
    _operator("GET", EMAILS, list_emails, takes=AccountEmail, letter="l", is_list=True),
    _operator("GET", TEMPLATES, list_templates, is_list=True),
    _operator("GET", _ONE, retrieve_template, takes=InLanguage),
    _operator("POST", _ONE, change_template, takes=TemplateGiven),
    _operator("DELETE", _ONE, reset_template, takes=InLanguage),
    _operator("GET", f"{_ONE}/preview", preview_template, takes=PreviewGiven),
    _operator("POST", f"{_ONE}/test_send", send_test, takes=TestSending),
    *settings.OPERATIONS,
)
