"""Parsers of single values: text, numbers, codes, lists, each with its refusal.

A parser takes a raw value and its path, and answers with the value, checked and typed. A form
brings every value as text. What is wrong is refused with its path: in v1 words with a row for each
mistake, in v2 words with one row and a reason.
"""

import ipaddress
import re
from collections.abc import Callable
from typing import Any

import msgspec

from cardwright.kernel.clock import parse_rfc3339, rfc3339
from cardwright.kernel.refusal import Refusal, fail
from cardwright.wire import refusals
from cardwright.wire.codes import COUNTRIES, CURRENCIES
from cardwright.wire.content.brackets import numbered
from cardwright.wire.given import METADATA_KEYS_MAX, path_of
from cardwright.wire.resource import Mark, Sealed, Upload

Parse = Callable[[Any, str], Any]

INTEGER_MIN, INTEGER_MAX = -(2**63), 2**63 - 1
# Some instant of the year 4147; a year has four digits for all that are smaller.
TIMESTAMP_MAX = 2**36
LIST_MAX = 1000
METADATA_KEY_MAX, METADATA_VALUE_MAX = 40, 500
DEEPEST_PARAM = 200

_INTEGER = re.compile(r"-?[0-9]{1,19}")
_DECIMAL = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,12})?")
_RANGE = ("gt", "gte", "lt", "lte")


class Values:
    """The parsers of values in the words of an API (``style`` is ``v1`` or ``v2``), from a form or
    from JSON."""

    def __init__(self, style: str, form: bool) -> None:
        self.style = style
        self.form = form

    # Refusals, in the words of the version.

    def refuse(self, refusal: Refusal, path: str, reason: str = "", /, **words: Any) -> Any:
        """Raise the v1 row, or the v2 row with a reason."""
        path = path[:DEEPEST_PARAM]
        if self.style == "v1":
            if "value" in words:
                words["value"] = _shown(words["value"])
            fail(refusal, param=path, **words)
        fail(refusals.FIELD_INVALID, param=path, reason=reason)

    def unknown(self, path: str, hint: str | None = None) -> None:
        """Refuse a member that the shape does not take here."""
        row = refusals.PARAMETER_UNKNOWN if self.style == "v1" else refusals.FIELD_UNKNOWN
        fail(row, param=path[:DEEPEST_PARAM], hint=hint)

    def missing(self, path: str) -> None:
        """Refuse the absence of a needed member."""
        row = refusals.PARAMETER_MISSING if self.style == "v1" else refusals.FIELD_MISSING
        fail(row, param=path[:DEEPEST_PARAM])

    # Values.

    def text(self, mark: Mark) -> Parse:
        """A string, bounded by the mark."""
        if mark.choices is not None:
            return self.choice(mark.choices, tuple(sorted(mark.choices)))
        longest, refuse = mark.longest, self.refuse
        pattern = re.compile(mark.pattern) if mark.pattern else None

        def parse(value: Any, path: str) -> str:
            if not isinstance(value, str) or "\x00" in value:
                refuse(refusals.PARAMETER_STRING, path, "expected a string", value=value)
            if len(value) > longest:
                reason = f"it is longer than {longest} characters"
                refuse(refusals.PARAMETER_TOO_LONG, path, reason, value=value, limit=longest)
            if pattern is not None and not pattern.fullmatch(value):
                refuse(refusals.PARAMETER_PATTERN, path, "its form is not valid", value=value)
            return str(value)

        return parse

    def sealed(self, mark: Mark) -> Parse:
        """A write-only string; the refusal never shows it."""
        longest, refuse = mark.longest, self.refuse
        pattern = re.compile(mark.pattern) if mark.pattern else None

        def parse(value: Any, path: str) -> Sealed:
            well_formed = isinstance(value, str) and len(value) <= longest and "\x00" not in value
            if not well_formed or (pattern is not None and not pattern.fullmatch(value)):
                refuse(refusals.PARAMETER_PATTERN, path, "its form is not valid", value="(hidden)")
            return Sealed(value)

        return parse

    def upload(self, _mark: Mark) -> Parse:
        """A file; only a multipart form can bring one."""
        refuse = self.refuse

        def parse(value: Any, path: str) -> Upload:
            if not isinstance(value, Upload):
                refuse(refusals.UPLOAD_EXPECTED, path, "expected a file")
            return value  # type: ignore[no-any-return]

        return parse

    def integer(self, mark: Mark) -> Parse:
        """A whole number within 64 bits and the mark's bounds."""
        low = INTEGER_MIN if mark.low is None else mark.low
        high = INTEGER_MAX if mark.high is None else mark.high
        form, refuse = self.form, self.refuse

        def parse(value: Any, path: str) -> int:
            if form and isinstance(value, str) and _INTEGER.fullmatch(value):
                value = int(value)
            if type(value) is not int or not INTEGER_MIN <= value <= INTEGER_MAX:
                refuse(refusals.PARAMETER_INTEGER, path, "expected an integer", value=value)
            if not low <= value <= high:
                rule = _bounds(mark.low, mark.high)
                refuse(
                    refusals.PARAMETER_INTEGER_RANGE,
                    path,
                    f"it must be {rule}",
                    rule=rule,
                    value=value,
                )
            return int(value)

        return parse

    def boolean(self, _mark: Mark) -> Parse:
        """``true`` or ``false``."""
        form, refuse = self.form, self.refuse

        def parse(value: Any, path: str) -> bool:
            if form and value in ("true", "false"):
                return bool(value == "true")
            if form or type(value) is not bool:
                refuse(refusals.PARAMETER_BOOLEAN, path, "expected true or false", value=value)
            return bool(value)

        return parse

    def timestamp(self, mark: Mark) -> Parse:
        """Seconds since the epoch; v2 takes RFC 3339."""
        whole, form, refuse = self.integer(mark), self.form, self.refuse

        def parse(value: Any, path: str) -> int:
            if form and isinstance(value, str) and not _INTEGER.fullmatch(value):
                refuse(refusals.PARAMETER_TIMESTAMP, path, value=value)
            seconds: int = whole(value, path)
            if not 0 <= seconds < TIMESTAMP_MAX:
                refuse(refusals.PARAMETER_TIMESTAMP, path, "out of range", value=seconds)
            return seconds

        return parse

    def moment(self, mark: Mark) -> Parse:
        """RFC 3339 text, kept in UTC with milliseconds; a v1 form gives seconds."""
        seconds, form, refuse = self.timestamp(mark), self.form, self.refuse

        def parse(value: Any, path: str) -> str:
            if form:
                return rfc3339(seconds(value, path) * 1000)
            try:
                instant_ms = parse_rfc3339(value)
            except (ValueError, TypeError, OverflowError):
                refuse(
                    refusals.PARAMETER_TIMESTAMP,
                    path,
                    "expected an RFC 3339 timestamp",
                    value=value,
                )
            if not 0 <= instant_ms < TIMESTAMP_MAX * 1000:
                refuse(refusals.PARAMETER_TIMESTAMP, path, "out of range", value=value)
            return rfc3339(instant_ms)

        return parse

    def currency(self, _mark: Mark) -> Parse:
        """An ISO 4217 code; lower case is what is kept."""
        refuse = self.refuse

        def parse(value: Any, path: str) -> str:
            if not isinstance(value, str) or not _is_code(value.lower(), value, CURRENCIES):
                refuse(refusals.PARAMETER_PATTERN, path, "expected a currency code", value=value)
            return str(value).lower()

        return parse

    def country(self, _mark: Mark) -> Parse:
        """An ISO 3166-1 alpha-2 code; upper case is what is kept."""
        refuse = self.refuse

        def parse(value: Any, path: str) -> str:
            if not isinstance(value, str) or not _is_code(value.upper(), value, COUNTRIES):
                refuse(refusals.PARAMETER_PATTERN, path, "expected a country code", value=value)
            return str(value).upper()

        return parse

    def ip_address(self, _mark: Mark) -> Parse:
        """An address of the Internet, version 4 or 6."""
        style, refuse = self.style, self.refuse

        def parse(value: Any, path: str) -> str:
            # A whole number is an address to the library, and so is one with a zone, which may be
            # any text; but not here.
            whole = isinstance(value, str) and "%" not in value
            try:
                ipaddress.ip_address(value if whole else "")
            except ValueError:
                if style == "v2":
                    fail(refusals.IP_ADDRESS_INVALID, param=path[:DEEPEST_PARAM])
                refuse(refusals.PARAMETER_PATTERN, path, "expected an IP address", value=value)
            return str(value)

        return parse

    def decimal(self, _mark: Mark) -> Parse:
        """A decimal number as text."""
        refuse = self.refuse

        def parse(value: Any, path: str) -> str:
            if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
                refuse(refusals.PARAMETER_DECIMAL, path, "expected a decimal string", value=value)
            return str(value)

        return parse

    def choice(self, allowed: frozenset[Any], shown: tuple[Any, ...]) -> Parse:
        """One of a closed list."""
        refuse = self.refuse
        values = ", ".join(map(str, shown[:40])) + (", …" if len(shown) > 40 else "")

        def parse(value: Any, path: str) -> Any:
            if not isinstance(value, str) or value not in allowed:
                refuse(refusals.PARAMETER_ENUM, path, f"must be one of {values}", values=values)
            return value

        return parse

    def list_of(self, element: Parse) -> Parse:
        """A list; a form may number its elements."""
        form, style, refuse = self.form, self.style, self.refuse

        def parse(value: Any, path: str) -> list[Any]:
            if form:
                value = numbered(value)
            if not isinstance(value, list):
                refuse(refusals.PARAMETER_LIST, path, "expected an array")
            if len(value) > LIST_MAX:
                refuse(refusals.PARAMETER_TOO_MANY, path, "it is too long", limit=LIST_MAX)
            return [
                element(item, path_of(path, str(index), style))
                for index, item in enumerate(value)
                if not (form and item == "")
            ]

        return parse

    def metadata(self, _mark: Mark) -> Parse:
        """Strings by name; an empty or null value deletes the name."""
        form, style, refuse = self.form, self.style, self.refuse

        def parse(value: Any, path: str) -> dict[str, str | None]:
            if not isinstance(value, dict):
                refuse(refusals.PARAMETER_HASH, path, "expected an object")
            if len(value) > METADATA_KEYS_MAX:
                limit = f"at most {METADATA_KEYS_MAX} keys"
                refuse(refusals.METADATA_INVALID, path, limit, reason=limit)
            for key, text in value.items():
                here = path_of(path, key, style)
                if not key or len(key) > METADATA_KEY_MAX or "\x00" in key or set(key) & set("[]"):
                    limit = f"a key has 1 to {METADATA_KEY_MAX} characters and no square brackets"
                    refuse(refusals.METADATA_INVALID, here, limit, reason=limit)
                if text is None and not form:
                    continue
                if not isinstance(text, str) or "\x00" in text:
                    refuse(refusals.PARAMETER_STRING, here, "expected a string", value=text)
                if len(text) > METADATA_VALUE_MAX:
                    limit = f"a value has at most {METADATA_VALUE_MAX} characters"
                    refuse(refusals.METADATA_INVALID, here, limit, reason=limit)
            return value  # type: ignore[no-any-return]

        return parse

    def range_of(self, exact: Parse) -> Parse:
        """A filter on time or on a number: a value, or a hash of gt, gte, lt, lte."""
        unknown, style = self.unknown, self.style

        def parse(value: Any, path: str) -> dict[str, int]:
            if not isinstance(value, dict):
                return {"gte": exact(value, path), "lte": exact(value, path)}
            for name in value:
                if name not in _RANGE:
                    unknown(path_of(path, name, style))
            return {name: exact(bound, path_of(path, name, style)) for name, bound in value.items()}

        return parse


def _is_code(code: str, given: str, known: frozenset[str]) -> bool:
    """Whether a code is known; some letters of other alphabets change their case into ours."""
    return given.isascii() and code in known


def _shown(value: Any) -> str:
    """A wrong value as an error may repeat it."""
    if not isinstance(value, str):
        value = msgspec.json.encode(value, enc_hook=lambda _: "(a file)").decode()
    return str(value).replace("\x00", "\\0")[:80]


def _bounds(low: int | None, high: int | None) -> str:
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"between {low} and {high}"
