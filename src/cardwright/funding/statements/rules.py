"""Whose a line of a bank statement can be, told from the line alone: pure."""

import hashlib
import re

import msgspec

from cardwright.funding.statements.files import ReadLine

# The ids of payments that travel as references; a bank takes no underscore in them.
PAYMENTS = ("po", "tu", "obp", "obt", "ibt", "bsl")
_REFERENCE = re.compile(
    rf"(?<![0-9A-Za-z])({'|'.join(PAYMENTS)})[-_ ]?([0-9A-Z]{{26}})(?![0-9A-Z])", re.I
)
# The last characters of a British IBAN are the account number that people write without it.
_BRITISH = re.compile(r"GB[0-9]{2}[A-Z]{4}[0-9]{6}([0-9]{8})")


def payments_of(line: ReadLine) -> list[str]:
    """The payments that the line names, in the order it names them."""
    text = " ".join([*line.references, line.description or ""])
    found = [f"{kind.lower()}_{rest.upper()}" for kind, rest in _REFERENCE.findall(text)]
    return list(dict.fromkeys(found))


def numbers_of(line: ReadLine) -> list[str]:
    """The account numbers that a credit may have been sent to, the most certain first."""
    found = []
    for number in (line.account_number, line.bank_account):
        if number:
            found.append(number)
            british = _BRITISH.fullmatch(number)
            if british:
                found.append(british.group(1))
    return found


def fingerprint(line: ReadLine, nth: int) -> str:
    """What tells a line from every other: the bank's own reference, else all that it says, and
    which (``nth``) of several such lines of a day it is."""
    if line.bank_reference:
        known = [line.bank_account, line.bank_reference, line.booked_on]
        return hashlib.sha256(msgspec.json.encode([*known, line.amount_minor])).hexdigest()
    return hashlib.sha256(msgspec.json.encode([line, nth])).hexdigest()
