"""Idempotency keys: one effect a key, and the same answer again.

v1 keeps status and body for 24 hours and replays them, stored refusals included. v2 keeps the
id of what was made for 30 days, renders the current object on a repeat and runs a failure again.
Stored answers are sealed.
"""

import hashlib
from typing import Any

import msgspec

from cardwright.kernel import clock
from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.kernel.vault import Vault
from cardwright.wire import refusals
from cardwright.wire.resource import Sealed, Upload

QUERIES = load(__file__)

KEY_LENGTH_MAX = 255
KEPT_MS = {"v1": clock.DAY_MS, "v2": 30 * clock.DAY_MS}
SEAL_CONTEXT = "idempotency"
# The status of an answer that somebody else is still waited for with.
OPEN = 0


class StoredAnswer(msgspec.Struct, frozen=True):
    """The answer kept under a key, still sealed."""

    fingerprint: str
    status: int
    answer: bytes
    created_ms: int


class Claim(msgspec.Struct, frozen=True):
    """A request's hold on a key."""

    account_id: str
    api: str
    key: str
    fingerprint: str


_TRY_LOCK = QUERIES.value("try_key_lock", bool)
_FIND = QUERIES.one("find_answer", StoredAnswer)
_INSERT = QUERIES.run("insert_answer")
_PURGE = QUERIES.run("purge_answers")
_ANSWER_OPEN = QUERIES.run("answer_key")
_ANSWER = QUERIES.value("answer_of_key", bytes)
_IS_USED = QUERIES.value("is_key_used", bool)


def fingerprint(method: str, path: str, account_id: str, raw: Any) -> str:
    """A digest of what was asked; the order of parameters does not count."""
    content = msgspec.json.encode([method, path, account_id, raw], order="sorted", enc_hook=_plain)
    return hashlib.sha256(content).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Sealed):
        return hashlib.sha256(value.reveal().encode()).hexdigest()
    if isinstance(value, Upload):
        return [value.filename, value.digest]
    raise TypeError(type(value).__name__)


def checked_key(key: str | None) -> str | None:
    """The Idempotency-Key header, if it is there and well formed."""
    if key is not None and not 0 < len(key) <= KEY_LENGTH_MAX:
        fail(refusals.IDEMPOTENCY_KEY_INVALID, param="Idempotency-Key")
    return key


async def claim(connection: Connection, wanted: Claim) -> StoredAnswer | None:
    """Hold the key for this transaction; the stored answer if it has been used.

    Refuses when another request holds the key, unless that only repeats what is answered already;
    and when the key was used with other parameters. The lock and the read are two statements, so
    that the read sees what the holder committed.
    """
    name = f"{wanted.account_id} {wanted.api} {wanted.key}"
    is_held = await _TRY_LOCK(connection, name=name)
    stored = await find(connection, wanted)
    if stored is None and not is_held:
        fail(refusals.IDEMPOTENCY_KEY_IN_USE, key=wanted.key)
    return stored


async def find(connection: Connection, wanted: Claim) -> StoredAnswer | None:
    """The stored answer of a key, unless it has outlived its time."""
    stored = await _FIND(connection, account_id=wanted.account_id, api=wanted.api, key=wanted.key)
    if stored is None or stored.created_ms < clock.machine_ms() - KEPT_MS[wanted.api]:
        return None
    if stored.fingerprint != wanted.fingerprint:
        fail(refusals.IDEMPOTENCY_ERROR, key=wanted.key)
    return stored


async def keep(
    connection: Connection, vault: Vault, wanted: Claim, status: int, answer: bytes
) -> None:
    """Store the answer under the key, sealed; refuses when the key was used meanwhile."""
    now_ms = clock.machine_ms()
    stored = await _INSERT(
        connection,
        account_id=wanted.account_id,
        api=wanted.api,
        key=wanted.key,
        fingerprint=wanted.fingerprint,
        status=status,
        answer=vault.seal(answer, SEAL_CONTEXT),
        created_ms=now_ms,
        outlived_ms=now_ms - KEPT_MS[wanted.api],
    )
    if not stored:
        fail(refusals.IDEMPOTENCY_KEY_IN_USE, key=wanted.key)


async def answer_open(
    connection: Connection, vault: Vault, account_id: str, key: str, answer: bytes
) -> None:
    """Answer a v1 request whose key is kept ``OPEN``; one that is answered is left alone."""
    sealed = vault.seal(answer, SEAL_CONTEXT)
    await _ANSWER_OPEN(connection, account_id=account_id, key=key, answer=sealed)


async def answer_of(
    connection: Connection, vault: Vault, account_id: str, key: str
) -> bytes | None:
    """The answer of a v1 request that was kept ``OPEN``; None as long as it is."""
    stored = await _ANSWER(connection, account_id=account_id, key=key)
    return None if stored is None else vault.unseal(stored, SEAL_CONTEXT)


async def is_used(connection: Connection, account_id: str, key: str) -> bool:
    """Whether a v1 request came under this key, answered or not."""
    return bool(await _IS_USED(connection, account_id=account_id, key=key))


async def purge(connection: Connection) -> int:
    """Remove outlived answers; returns how many."""
    now_ms = clock.machine_ms()
    return await _PURGE(
        connection,
        before_v1_ms=now_ms - KEPT_MS["v1"],
        before_v2_ms=now_ms - KEPT_MS["v2"],
    )
