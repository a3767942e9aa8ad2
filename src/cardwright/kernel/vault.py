"""Secrets at rest: sealed with a ring of data keys, found again by a keyed blind index.

The vault key is text: one entry per version, ``<version>:<32 bytes in URL-safe base64>``,
separated by spaces, commas or newlines. The newest version seals, every version unseals, so a key
is rotated by adding an entry. The blind index and the keys of card values belong to the oldest
version; an index must be rewritten, and cards issued anew, before that entry is dropped.

A sealed value is ``format (1 byte) | key version (2) | nonce (12) | AES-256-GCM ciphertext``. The
header and the ``context`` - what the value is and whose - are authenticated: a value moved to
another row does not open.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cardwright.kernel.startup import StartError

KEY_BYTES = 32
NONCE_BYTES = 12
HEADER_BYTES = 3
FORMAT = 1
KEY_FILE = "vault.key"

_ENTRY = re.compile(r"^([1-9][0-9]{0,4}):([A-Za-z0-9_-]{43}=)$")


class VaultError(Exception):
    """A sealed value does not open: another key, another context, or it was altered."""


class DataKeys(NamedTuple):
    """What is derived from one version of the vault key."""

    cipher: AESGCM
    index_key: bytes
    fingerprint: str


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"cardwright {purpose}".encode()
    ).derive(key)


def _data_keys(key: bytes) -> DataKeys:
    return DataKeys(
        AESGCM(_derive(key, "seal")),
        _derive(key, "blind index"),
        _derive(key, "fingerprint").hex()[:32],
    )


def new_key() -> str:
    """A fresh vault key with one entry."""
    return f"1:{base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


class Vault:
    """Seals and unseals with the keys of one vault key text."""

    def __init__(self, ring: dict[int, bytes]) -> None:
        self._ring = {version: _data_keys(key) for version, key in sorted(ring.items())}
        self._newest = max(ring)
        self._oldest = ring[min(ring)]
        self._index_key = self._ring[min(ring)].index_key

    def __repr__(self) -> str:
        return f"Vault(versions={sorted(self._ring)})"

    @classmethod
    def open(cls, key_text: str) -> "Vault":
        """The vault of a key text; a StartError says what is wrong with it."""
        ring: dict[int, bytes] = {}
        for entry in re.split(r"[\s,]+", key_text.strip()):
            matched = _ENTRY.match(entry)
            if matched is None or not 0 < int(matched[1]) < 1 << 16:
                raise StartError(
                    "The vault key is not readable. It is one or more entries like "
                    "'1:<32 bytes in URL-safe base64>'; `cardwright keys vault` makes "
                    "one."
                )
            try:
                ring[int(matched[1])] = base64.urlsafe_b64decode(matched[2])
            except binascii.Error as error:
                raise StartError(f"The vault key is not valid base64: {error}.") from None
        return cls(ring)

    @property
    def fingerprints(self) -> dict[int, str]:
        """A fingerprint for each key version; it identifies the key and does not reveal it."""
        return {version: keys.fingerprint for version, keys in self._ring.items()}

    def seal(self, plaintext: bytes, context: str) -> bytes:
        """Encrypt with the newest key; only the same ``context`` opens it again."""
        header = bytes((FORMAT,)) + self._newest.to_bytes(2, "big")
        nonce = os.urandom(NONCE_BYTES)
        cipher = self._ring[self._newest].cipher
        return header + nonce + cipher.encrypt(nonce, plaintext, header + context.encode())

    def unseal(self, sealed: bytes, context: str) -> bytes:
        """The plaintext; VaultError when the key, the context or the value is not the one."""
        header, body = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:]
        keys = self._ring.get(int.from_bytes(header[1:], "big"))
        if len(header) != HEADER_BYTES or header[0] != FORMAT or keys is None:
            raise VaultError("sealed with a key that this vault does not hold")
        nonce, ciphertext = body[:NONCE_BYTES], body[NONCE_BYTES:]
        try:
            return keys.cipher.decrypt(nonce, ciphertext, header + context.encode())
        except (InvalidTag, ValueError):
            raise VaultError("the sealed value does not open in this context") from None

    def derived_key(self, purpose: str) -> bytes:
        """A key (32 bytes) for one purpose, the same for as long as the oldest version is held."""
        return _derive(self._oldest, purpose)

    def blind_index(self, value: str, context: str) -> str:
        """A keyed digest (64 hexadecimal digits) by which a sealed value is found again."""
        message = f"{context}\0{value}".encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()


def key_file(path: Path) -> str:
    """The key text of the file, which is created, readable by its owner alone, if missing."""
    if not path.exists():
        unfinished = path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    return path.read_text()


def installed_vault(data_directory: Path, key_text: str | None) -> Vault:
    """The vault of the given key, or of the data directory's key file.

    The file is made for a new installation alone; where a database is, its key must be.
    """
    if key_text:
        return Vault.open(key_text)
    path = data_directory / KEY_FILE
    if (data_directory / "postgres").exists() and not path.exists():
        raise StartError(
            f"{path} is missing, and the database was written with a vault key. Restore the file, "
            "or set CARDWRIGHT_VAULT_KEY."
        )
    return Vault.open(key_file(path))
