"""Values that prove a card or its holder, derived with keys: none of them is stored.

The code on the back (CVV2) is computed from number, expiry and a key. A PIN is the sum, digit by
digit, of what the key makes of the number (the natural PIN of IBM 3624) and an offset; the offset
is kept sealed and says nothing without number and key. The keys come from the vault's oldest
version, so that they outlive its rotation.
"""

import hmac
import secrets
import warnings
from functools import lru_cache

from cryptography.utils import CryptographyDeprecationWarning
from psec import cvv
from psec import pin as ibm3624

from cardwright.kernel.vault import Vault

# Card verification is defined with triple DES, which the library says to be of the past.
warnings.filterwarnings("ignore", ".*TripleDES", CryptographyDeprecationWarning)

CVC_DIGITS = 3
PIN_DIGITS = 4
# The service code of the code that is printed and typed; stripe and chip have others.
PRINTED = "000"
# Double-length keys.
KEY_BYTES = 16
DECIMALS = "0123456789012345"


@lru_cache(maxsize=4)
def _key(vault: Vault, purpose: str) -> bytes:
    return vault.derived_key(f"card {purpose} key")[:KEY_BYTES]


def cvc(vault: Vault, number: str, exp_month: int, exp_year: int) -> str:
    """The code on the back of a card (three digits)."""
    expiry = f"{exp_month:02d}{exp_year % 100:02d}"
    value: str = cvv.generate_cvv(_key(vault, "verification"), number, expiry, PRINTED)
    return value


def track_cvc(vault: Vault, number: str, exp_month: int, exp_year: int, service_code: str) -> str:
    """The code in the magnetic stripe (the card's own service code) or in the chip (999)."""
    expiry = f"{exp_year % 100:02d}{exp_month:02d}"
    value: str = cvv.generate_cvv(_key(vault, "verification"), number, expiry, service_code)
    return value


def pin_offset(vault: Vault, number: str, pin: str) -> str:
    """What is kept of a PIN."""
    offset: str = ibm3624.generate_ibm3624_offset(
        _key(vault, "PIN"), DECIMALS, pin, number, 0, len(number), "F"
    )
    return offset


def pin_of(vault: Vault, number: str, offset: str) -> str:
    """The PIN that an offset was made of."""
    pin: str = ibm3624.generate_ibm3624_pin(
        _key(vault, "PIN"), DECIMALS, offset, number, 0, len(number), "F"
    )
    return pin


def same(presented: str, expected: str) -> bool:
    """Whether two values are the same, in a time that tells nothing."""
    return hmac.compare_digest(presented.encode(), expected.encode())


def new_pin() -> str:
    """A random PIN."""
    return str(secrets.randbelow(10**PIN_DIGITS)).zfill(PIN_DIGITS)
