"""Reading the files of banks: camt.053, the statement of ISO 20022, and CSV.

A file is read piece by piece, so a long one needs little memory. Amounts stay decimal text until
they are minor units.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation, Overflow
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from cardwright.funding import refusals
from cardwright.funding.statements.model import FileFormat
from cardwright.kernel.money import exponent
from cardwright.kernel.refusal import fail

COLUMNS = (
    "date",
    "amount",
    "currency",
    "account_number",
    "reference",
    "description",
    "counterparty",
    "bank_reference",
    "bank_account",
)
NEEDED = COLUMNS[:3]
# Larger than anything that a bank moves, and far from what a column can hold.
AMOUNT_MAX = 10**15
TEXT_MAX = 1000
_AMOUNT = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
REFERENCES_MAX = 10


class ReadLine(NamedTuple):
    """A line as the file has it: a credit is positive, in minor units."""

    booked_on: str
    amount_minor: int
    currency: str
    bank_account: str | None = None
    account_number: str | None = None
    bank_reference: str | None = None
    references: tuple[str, ...] = ()
    description: str | None = None
    counterparty: str | None = None
    counterparty_number: str | None = None


def format_of(head: bytes) -> FileFormat:
    """What the first bytes of a file say it is."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # Tables are in UTF-8 alone; a message says itself how it is encoded.
        return "camt.053"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return "camt.053" if text.startswith(b"<") else "csv"


def read(file: IO[bytes], kind: FileFormat) -> Iterator[ReadLine]:
    """The lines of a file; refuses with ``statement_malformed`` what is none."""
    return _camt(file) if kind == "camt.053" else _csv(file)


def _camt(file: IO[bytes]) -> Iterator[ReadLine]:
    """The booked entries of every statement in the file."""
    bank_account = None
    is_statement = False
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            tag = _name(element)
            if event == "start":
                is_statement = is_statement or tag == "BkToCstmrStmt"
            elif tag == "Acct" and bank_account is None:
                bank_account = _number(element)
            elif tag == "Ntry":
                yield from _entry(element, bank_account)
                element.clear()
            elif tag == "Stmt":
                bank_account = None
                element.clear()
    # An encoding that does not exist, or that the parser does not read, is a LookupError or a
    # ValueError of its own.
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        fail(
            refusals.STATEMENT_MALFORMED,
            param="file",
            reason=str(error)[:200] or type(error).__name__,
        )
    if not is_statement:
        fail(refusals.STATEMENT_MALFORMED, param="file", reason="it has no BkToCstmrStmt")


def _entry(entry: Element, bank_account: str | None) -> Iterator[ReadLine]:
    """The lines of an entry: the payments of a batch, where each has its amount, else one."""
    if (_text(entry, "Sts", "Cd") or _own(entry, "Sts")) not in (None, "BOOK"):
        return
    whole = _amount(_child(entry, "Amt"))
    if whole is None:
        fail(refusals.STATEMENT_MALFORMED, param="file", reason="an entry has no amount")
    currency, minor = whole
    details = [one for one in entry.iter() if _name(one) == "TxDtls"]
    amounts = [_detail_amount(one) for one in details]
    if len(details) > 1 and sum(one[1] for one in amounts if one and one[0] == currency) == minor:
        for number, (part, amount) in enumerate(zip(details, amounts, strict=True)):
            if amount is not None:
                yield _line(entry, part, currency, amount[1], bank_account, f"/{number}")
    else:
        part = details[0] if len(details) == 1 else entry
        yield _line(entry, part, currency, minor, bank_account, "")


def _line(
    entry: Element, part: Element, currency: str, minor: int, bank_account: str | None, nth: str
) -> ReadLine:
    is_credit = _is_credit(_own(part, "CdtDbtInd") or _own(entry, "CdtDbtInd"))
    mine, other = ("Cdtr", "Dbtr") if is_credit else ("Dbtr", "Cdtr")
    reference = _text(part, "Refs", "AcctSvcrRef") or _own(entry, "AcctSvcrRef")
    parties = _child(part, "RltdPties")
    remittance = " ".join(_texts(_child(part, "RmtInf"), "Ustrd"))
    return ReadLine(
        booked_on=_date(_text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm")),
        amount_minor=minor if is_credit else -minor,
        currency=currency,
        bank_account=bank_account,
        account_number=_number(_child(parties, f"{mine}Acct")),
        bank_reference=_bounded(reference + nth if reference else None),
        references=_references(part),
        description=_bounded(remittance or _own(entry, "AddtlNtryInf")),
        counterparty=_bounded(_party(_child(parties, other))),
        counterparty_number=_number(_child(parties, f"{other}Acct")),
    )


def _is_credit(way: str | None) -> bool:
    """Which way the money went: a guess would book it the wrong way round."""
    if way not in ("CRDT", "DBIT"):
        fail(refusals.STATEMENT_MALFORMED, param="file", reason="an entry is neither CRDT nor DBIT")
    return way == "CRDT"


def _detail_amount(part: Element) -> tuple[str, int] | None:
    """What one payment of a batch is; older versions of the message say it deeper."""
    own = _child(part, "Amt")
    return _amount(
        own if own is not None else _child(_child(_child(part, "AmtDtls"), "TxAmt"), "Amt")
    )


def _amount(element: Element | None) -> tuple[str, int] | None:
    if element is None:
        return None
    currency = (element.get("Ccy") or "").lower()
    minor = minor_of((element.text or "").strip(), currency)
    if minor < 0:
        fail(refusals.STATEMENT_MALFORMED, param="file", reason="an amount has a sign of its own")
    return currency, minor


def _references(part: Element) -> tuple[str, ...]:
    """What a payment is called by those who sent it."""
    named = _child(part, "Refs")
    found = [
        text
        for tag in ("EndToEndId", "InstrId", "TxId", "PmtInfId")
        if (text := _own(named, tag)) and text != "NOTPROVIDED"
    ]
    found += _texts(_child(part, "RmtInf"), "Ref")
    return tuple(text[:TEXT_MAX] for text in found[:REFERENCES_MAX])


def _csv(file: IO[bytes]) -> Iterator[ReadLine]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        # Strict, because a quotation mark that nothing closes would swallow the lines after it.
        rows = csv.reader(text, delimiter=_delimiter(text), strict=True)
        header = [name.strip().lower() for name in next(rows, [])]
        missing = [name for name in NEEDED if name not in header]
        if missing:
            reason = f"its first line must name the columns {', '.join(NEEDED)}"
            fail(refusals.STATEMENT_MALFORMED, param="file", reason=reason)
        twice = [name for name in COLUMNS if header.count(name) > 1]
        if twice:
            reason = f"its first line names the column {twice[0]} twice"
            fail(refusals.STATEMENT_MALFORMED, param="file", reason=reason)
        for row in rows:
            if any("\0" in cell for cell in row):
                fail(
                    refusals.STATEMENT_MALFORMED,
                    param="file",
                    reason="it has characters that are none",
                )
            if any(cell.strip() for cell in row[len(header) :]):
                # An amount such as 1,234.00 without quotation marks is two cells.
                reason = f"line {rows.line_num} has more cells than there are columns"
                fail(refusals.STATEMENT_MALFORMED, param="file", reason=reason)
            if any(cell.strip() for cell in row):
                yield _row(dict(zip(header, (cell.strip() for cell in row), strict=False)))
    except (UnicodeDecodeError, csv.Error) as error:
        fail(refusals.STATEMENT_MALFORMED, param="file", reason=str(error)[:200])
    finally:
        text.detach()


def _delimiter(text: io.TextIOWrapper) -> str:
    """Comma or semicolon, as the first line has it."""
    first = text.readline()
    text.seek(0)
    return ";" if first.count(";") > first.count(",") else ","


def _row(cells: dict[str, str]) -> ReadLine:
    currency = cells.get("currency", "").lower()
    reference = cells.get("reference")
    number, ours = cells.get("account_number"), cells.get("bank_account")
    return ReadLine(
        booked_on=_date(cells.get("date")),
        amount_minor=minor_of(cells.get("amount", ""), currency),
        currency=currency,
        bank_account=bare_number(ours) if ours else None,
        account_number=bare_number(number) if number else None,
        bank_reference=_bounded(cells.get("bank_reference")),
        references=(reference[:TEXT_MAX],) if reference else (),
        description=_bounded(cells.get("description")),
        counterparty=_bounded(cells.get("counterparty")),
    )


def minor_of(text: str, currency: str) -> int:
    """An amount in minor units; refuses what is no amount of the currency."""
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        fail(refusals.STATEMENT_MALFORMED, param="file", reason=f"'{currency[:20]}' is no currency")
    if not _AMOUNT.fullmatch(text):
        fail(refusals.STATEMENT_MALFORMED, param="file", reason=f"'{text[:40]}' is no amount")
    try:
        scaled = Decimal(text) * 10 ** exponent(currency)
        minor = int(scaled)
    except (InvalidOperation, Overflow):
        fail(refusals.STATEMENT_MALFORMED, param="file", reason=f"'{text[:40]}' is no amount")
    if minor != scaled or not 0 < abs(minor) < AMOUNT_MAX:
        fail(
            refusals.STATEMENT_MALFORMED,
            param="file",
            reason=f"'{text[:40]}' is no {currency} amount",
        )
    return minor


def bare_number(text: str) -> str:
    """An account number as it is kept: letters and digits alone, letters large."""
    return "".join(character for character in text if character.isalnum()).upper()[:TEXT_MAX]


def _date(text: str | None) -> str:
    try:
        return date.fromisoformat((text or "")[:10]).isoformat()
    except ValueError:
        fail(refusals.STATEMENT_MALFORMED, param="file", reason=f"'{(text or '')[:40]}' is no date")


# Small steps in the tree, whatever version of the message names its elements.


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: Element | None, name: str) -> Element | None:
    if element is None:
        return None
    return next((child for child in element if _name(child) == name), None)


def _own(element: Element | None, name: str) -> str | None:
    found = _child(element, name)
    text = (found.text or "").strip() if found is not None else ""
    return text or None


def _text(element: Element | None, first: str, second: str) -> str | None:
    return _own(_child(element, first), second)


def _texts(element: Element | None, name: str) -> list[str]:
    if element is None:
        return []
    return [
        text for one in element.iter() if _name(one) == name and (text := (one.text or "").strip())
    ]


def _number(account: Element | None) -> str | None:
    """The number of an account: an IBAN, or what a country without has instead."""
    identity = _child(account, "Id")
    text = _own(identity, "IBAN") or _text(identity, "Othr", "Id")
    return bare_number(text) if text else None


def _party(party: Element | None) -> str | None:
    """The name of a party; newer versions of the message wrap it."""
    return _own(party, "Nm") or _text(party, "Pty", "Nm")


def _bounded(text: str | None) -> str | None:
    return text[:TEXT_MAX] if text else None
