"""What a notice says, in which language, by when, and to whom. Pure: no storage."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cardwright.accounts.record.model import Account, AccountState
from cardwright.kernel import clock
from cardwright.kernel.refusal import fail
from cardwright.notices import refusals
from cardwright.notices.model import Reason
from cardwright.tenancy.platforms import NoticeSettings

HERE = Path(__file__).parent
REASONS: frozenset[str] = frozenset(get_args(Reason))
LOCALES = ("de", "en", "es", "fr")
FALLBACK = "en"
_LANGUAGES = {
    "AT": "de",
    "BE": "fr",
    "DE": "de",
    "ES": "es",
    "FR": "fr",
    "LU": "fr",
}
# What may stand between braces in a template.
PLACEHOLDERS = frozenset(
    {
        "account_name",
        "applied_on",
        "date",
        "detail",
        "platform_name",
        "reference",
        "support_email",
    }
)
# A platform without a name of its own is called by what it does.
NAMELESS = "Card issuing"
SUBJECT_LONGEST, TEXT_LONGEST = 300, 20_000
# By when a notice must be sent. The rules of fair credit give 30 days; nobody demands that an
# account be told of inactivity.
DAYS_TO_SEND = 30
_NOT_DEMANDED = frozenset({"issuing.account_closed_for_inactivity"})
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_LETTER = "letter"


class Wording(NamedTuple):
    """The words of a notice with placeholders; paragraphs are parted by an empty line."""

    subject: str
    text: str


class Letter(NamedTuple):
    """The words around every notice of a language."""

    greeting: str
    closing: str
    signature: str


class Composed(NamedTuple):
    """A notice as it goes out."""

    locale: str
    subject: str
    plain_text: str
    html: str


@cache
def _words_of(locale: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(
        (HERE / "wording" / f"{locale}.toml").read_text(encoding="utf-8")
    )
    return found


def wording(reason: str, locale: str) -> Wording:
    """Our words for a reason in one of the languages there are."""
    found = _words_of(locale)[reason]
    return Wording(found["subject"], found["text"].strip())


def letter(locale: str) -> Letter:
    """What stands around every notice of a language."""
    return Letter(**_words_of(locale)[_LETTER])


def check_reason(reason: str) -> None:
    """Refuse what is no reason for a notice."""
    if reason not in REASONS:
        fail(refusals.NOTICE_TEMPLATE_UNKNOWN, reason=reason[:200])


def checked(words: Wording) -> Wording:
    """Words that a platform gave, refused if a placeholder means nothing."""
    subject, text = words.subject.strip(), words.text.strip()
    if not subject or not text or "\n" in subject or "\r" in subject:
        fail(refusals.NOTICE_TEMPLATE_EMPTY, param="subject" if not subject or text else "text")
    for param, part in (("subject", subject), ("text", text)):
        for name in _PLACEHOLDER.findall(part):
            if name not in PLACEHOLDERS:
                known = ", ".join(f"{{{one}}}" for one in sorted(PLACEHOLDERS))
                shown = f"{{{name[:80]}}}"
                fail(
                    refusals.NOTICE_TEMPLATE_PLACEHOLDER,
                    param=param,
                    placeholder=shown,
                    known=known,
                )
    return Wording(subject, text)


def locale_of(account: Account) -> str:
    """The language an account is written in: the first of its own that we have, or the one of its
    country."""
    for wanted in account.defaults.locales or []:
        language = wanted.partition("-")[0].lower()
        if language in LOCALES:
            return language
    return _LANGUAGES.get(account.identity.country or "", FALLBACK)


def recipient_of(state: AccountState) -> str | None:
    """Whom a notice goes to: the account's address, or that of the person who stands for it."""
    if state.account.contact_email:
        return state.account.contact_email
    individual = state.account.identity.individual
    representatives = [
        person
        for person in state.persons
        if person.relationship is not None and person.relationship.representative
    ]
    people = [*representatives, *([individual] if individual is not None else [])]
    return next((person.email for person in people if person.email), None)


def name_of(account: Account) -> str | None:
    """What an account is called."""
    details = account.identity.business_details
    person = account.identity.individual
    names = [
        account.display_name,
        details.registered_name if details is not None else None,
        " ".join(filter(None, (person.given_name, person.surname))) if person is not None else None,
    ]
    return next((_on_one_line(name) for name in names if name), None)


def facts_of(
    account: Account, settings: NoticeSettings, now_ms: int, details: Mapping[str, str]
) -> dict[str, str]:
    """What the placeholders of a notice stand for; ``details`` are those of its reason."""
    facts = {
        "account_name": name_of(account),
        "date": day(now_ms),
        "platform_name": settings.brand_name or NAMELESS,
        "support_email": settings.support_email,
        **details,
    }
    return {name: text for name, text in facts.items() if text}


def compose(
    words: Wording, locale: str, facts: Mapping[str, str], settings: NoticeSettings
) -> Composed:
    """A notice written out, as plain text and as HTML."""
    around = letter(locale)
    subject = _on_one_line(_filled(words.subject, facts) or words.subject)
    parts = [around.greeting, *words.text.split("\n\n"), around.closing, around.signature]
    paragraphs = [
        filled for part in parts if part.strip() and (filled := _filled(part.strip(), facts))
    ]
    html = (
        _environment()
        .get_template("letter.html")
        .render(
            locale=locale,
            subject=subject,
            background_color=settings.background_color,
            color=settings.color,
            logo_url=settings.logo_url,
            platform_name=facts["platform_name"],
            paragraphs=paragraphs,
        )
    )
    return Composed(locale, subject, "\n\n".join(paragraphs) + "\n", html)


def deadline_of(reason: str, now_ms: int) -> int | None:
    """By when (seconds) a notice that is made now must be sent; None when nothing demands it."""
    if reason in _NOT_DEMANDED:
        return None
    return (now_ms + DAYS_TO_SEND * clock.DAY_MS) // clock.SECOND_MS


def day(instant_ms: int) -> str:
    """A day as every language reads it: ``2026-01-30``."""
    return clock.rfc3339(instant_ms)[:10]


def _filled(text: str, facts: Mapping[str, str]) -> str | None:
    """The text with its placeholders filled in; None when something is not known."""
    if any(name not in facts for name in _PLACEHOLDER.findall(text)):
        return None
    return _PLACEHOLDER.sub(lambda found: facts[found.group(1)], text)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
