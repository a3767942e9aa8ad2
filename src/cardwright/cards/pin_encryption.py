"""The key that PINs are encrypted to before they are sent here.

A PIN comes as a compact JWE (RSA-OAEP, A128CBC-HS256) whose plaintext is its digits. The private
key is made when somebody first asks for the public one, and lies sealed among the facts of the
installation; it is one key for both modes, for who asks for it says nothing of himself.
"""

import asyncio
import base64
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cardwright.cards import refusals
from cardwright.kernel import installation
from cardwright.kernel.database import Connection, Database
from cardwright.kernel.refusal import fail
from cardwright.kernel.vault import Vault

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

# The private key's name among the facts of the installation, and what it is sealed for.
FACT = "pin_encryption_key"
CONTEXT = "pin encryption key"
KEY_BITS = 2048
ALGORITHMS = ["RSA-OAEP", "A128CBC-HS256"]
PARAM = "pin[encrypted_number]"
# As card schemes have it (ISO 9564-1).
DIGITS = re.compile(rb"[0-9]{4,12}")


async def public_key(database: Database) -> dict[str, Any]:
    """The public key in two forms, with its name; made if this is the first time."""
    async with database.connection() as connection:
        stored = await installation.fact(connection, FACT)
    if stored is None:
        made = await asyncio.to_thread(_new_key, database.vault)
        async with database.connection() as connection:
            # Of two that are made at once, the first stays.
            await installation.record(connection, FACT, made)
            stored = await installation.fact(connection, FACT)
        assert stored is not None, "the key was just added"
    key = _opened(database.vault, stored)
    return {
        "key_id": key.kid,
        "jwk": {**key.as_dict(private=False), "kid": key.kid, "use": "enc", "alg": ALGORITHMS[0]},
        "pkcs8": key.as_pem(private=False).decode(),
    }


async def decrypted(connection: Connection, vault: Vault, token: str) -> str:
    """The PIN in a JWE; refuses what was not encrypted to our key, and what is no PIN."""
    from joserfc import jwe
    from joserfc.errors import JoseError

    stored = await installation.fact(connection, FACT)
    if stored is None:
        fail(refusals.PIN_ENCRYPTION_INVALID, param=PARAM)
    try:
        found = jwe.decrypt_compact(token, _opened(vault, stored), algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError):
        fail(refusals.PIN_ENCRYPTION_INVALID, param=PARAM)
    if found.plaintext is None or not DIGITS.fullmatch(found.plaintext):
        fail(refusals.PIN_INVALID, param=PARAM)
    return found.plaintext.decode()


def _new_key(vault: Vault) -> str:
    from joserfc.jwk import RSAKey

    pem = RSAKey.generate_key(KEY_BITS).as_pem(private=True)
    return base64.b64encode(vault.seal(pem, CONTEXT)).decode()


@lru_cache(maxsize=4)
def _opened(vault: Vault, stored: str) -> "RSAKey":
    from joserfc.jwk import RSAKey

    key = RSAKey.import_key(vault.unseal(base64.b64decode(stored), CONTEXT).decode())
    key.ensure_kid()
    return key
