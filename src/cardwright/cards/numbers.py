"""Card numbers: made, checked, and found again by a keyed digest. Pure but for the dice."""

import secrets

from cardwright.kernel.vault import Vault

NUMBER_DIGITS = 16
INDEX_CONTEXT = "card.number"


def check_digit(digits: str) -> str:
    """The digit that makes a number valid (ISO/IEC 7812-1, annex B)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def new_number(leading: str) -> str:
    """A random number that opens with the digits of a program."""
    free = NUMBER_DIGITS - len(leading) - 1
    digits = leading + str(secrets.randbelow(10**free)).zfill(free)
    return digits + check_digit(digits)


def number_index(vault: Vault, number: str) -> str:
    """The digest under which the number is kept in ``card_number_routes``."""
    return vault.blind_index(number, INDEX_CONTEXT)
