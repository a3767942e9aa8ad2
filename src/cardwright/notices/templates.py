"""The words of notices: ours, or those a platform put in their place; shown, tried, changed."""

import re

import msgspec

from cardwright.accounts import refusals as accounts_refusals
from cardwright.accounts.record.model import Account
from cardwright.accounts.record.store import load_state
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.notices import emails, rules
from cardwright.notices.model import MAILABLE, AccountEmail
from cardwright.notices.rules import Composed, Wording
from cardwright.tenancy import platforms
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows

QUERIES = load(__file__)
# What stands for what only a real notice knows, in a preview.
SAMPLES = {
    "applied_on": "2026-01-01",
    "detail": "(what was found is said here)",
    "reference": "idp_...",
}


class Own(msgspec.Struct, frozen=True):
    """A platform's own words."""

    locale: str
    subject: str
    text: str
    changed_ms: int


class Named(msgspec.Struct, frozen=True):
    """What a platform has its own words for."""

    reason: str
    locale: str


_GET = QUERIES.one("get_template", Own)
_LIST = QUERIES.many("list_templates", Named)
_PUT = QUERIES.run("put_template")
_FORGET = QUERIES.run("forget_template")


async def wording_of(
    connection: Connection, platform_id: str, reason: str, locale: str
) -> tuple[Wording, bool]:
    """The words of a platform for a reason, and whether they are its own."""
    own = await _GET(connection, account_id=platform_id, reason=reason, locale=locale)
    if own is None:
        return rules.wording(reason, locale), False
    return Wording(own.subject, own.text), True


async def own_wordings(tx: Tx) -> set[tuple[str, str]]:
    """The (reason, language) pairs that the acting platform has its own words for."""
    found = await _LIST(tx.connection, account_id=tx.account_id)
    return {(one.reason, one.locale) for one in found}


@operator_verb(kind="none")
async def change(tx: Tx, reason: str, locale: str, words: Wording) -> Wording:
    """Put words in the place of ours for the acting platform; refuses placeholders that mean
    nothing."""
    rules.check_reason(reason)
    words = rules.checked(words)
    await _PUT(
        tx.connection,
        account_id=tx.account_id,
        reason=reason,
        locale=locale,
        subject=words.subject,
        text=words.text,
        changed_ms=tx.now_ms,
    )
    return words


@operator_verb(kind="none")
async def reset(tx: Tx, reason: str, locale: str) -> Wording:
    """Use our words again."""
    rules.check_reason(reason)
    await _FORGET(tx.connection, account_id=tx.account_id, reason=reason, locale=locale)
    return rules.wording(reason, locale)


async def preview(tx: Tx, reason: str, locale: str | None = None, at: Tx | None = None) -> Composed:
    """A notice of the acting platform as it would go out now; ``at`` acts as the account it would
    go to."""
    rules.check_reason(reason)
    account = await rows.get(tx, Account, tx.account_id)
    now_ms = tx.now_ms
    if at is not None:
        account, now_ms = (await load_state(at)).account, at.now_ms
    locale = locale or (rules.FALLBACK if at is None else rules.locale_of(account))
    settings = await platforms.settings(tx)
    facts = rules.facts_of(account, settings.notices, now_ms, SAMPLES)
    words, _own = await wording_of(tx.connection, tx.platform_id, reason, locale)
    return rules.compose(words, locale, facts, settings.notices)


@operator_verb(kind="none")
async def send_test(tx: Tx, reason: str, recipient: str, locale: str | None = None) -> AccountEmail:
    """Send a notice of the acting platform to somebody, as a try; it is kept with the platform's
    own emails. Refuses who cannot be written to."""
    if not re.fullmatch(MAILABLE, recipient):
        fail(accounts_refusals.EMAIL_INVALID, param="to", email=recipient[:80])
    composed = await preview(tx, reason, locale)
    return await emails.queue(tx, composed, recipient)
