"""Members that are sealed wherever they are stored, in bodies of rows and in texts of events.

The API shows a date of birth, so it travels in the clear; at rest its place holds
``{"sealed": "<subject>:<ciphertext in URL-safe base64>"}``. The account, the subject and the name
of the member are authenticated: the value opens nowhere else. What was stored before members were
sealed is read as it is, and sealed when it is next written.
"""

import base64
import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import msgspec

from cardwright.kernel.vault import Vault, VaultError
from cardwright.wire.render import nested
from cardwright.wire.resource import members

# By name, because views such as those of v1 have no declaration: a date of birth in v2 and in v1.
MEMBERS = ("date_of_birth", "dob")
# Every date is as long as the longest, so that the ciphertext does not tell its digits.
PADDED = len('{"day":31,"month":12,"year":1999}')

_HINTS = tuple(f'"{name}":{{' for name in MEMBERS)
# JSON as msgspec writes it: no spaces, and no quote inside of a text without its backslash. A
# caller cannot write a hash of this name: what holds texts of theirs holds no hashes.
_CLEAR = re.compile(rf'"({"|".join(MEMBERS)})":(\{{(?!"sealed")[^{{}}]*\}})')
_COVERED = re.compile(rf'"({"|".join(MEMBERS)})":\{{"sealed":"([^":]*):([^"]*)"\}}')


class Step(NamedTuple):
    """A member that is sealed, or the shapes below it that hold one (and whether listed)."""

    name: str
    below: tuple[tuple[type[msgspec.Struct], bool], ...]


@cache
def steps(shape: type[msgspec.Struct]) -> tuple[Step, ...]:
    """The ways from a shape to its sealed members; none for most."""
    found = []
    for name, member in members(shape).items():
        below = tuple(pair for pair in nested(member.type) if steps(pair[0]))
        if name in MEMBERS:
            found.append(Step(name, ()))
        elif below:
            found.append(Step(name, below))
    return tuple(found)


def seal_body(
    shape: type[msgspec.Struct],
    body: dict[str, Any],
    vault: Vault,
    account_id: str,
    subject: str,
) -> None:
    """Seal the members of a body, in place; ``subject`` is the object they belong to."""

    def change(name: str, value: dict[str, Any]) -> dict[str, Any]:
        text = msgspec.json.encode(value).decode()
        return {"sealed": _token(vault, account_id, subject, name, text)}

    _visit(shape, body, change)


def unseal_body(
    shape: type[msgspec.Struct],
    body: dict[str, Any],
    vault: Vault,
    account_id: str,
    subject: str,
) -> None:
    """Open what ``seal_body`` sealed, in place; VaultError when it is another subject's."""

    def change(name: str, value: dict[str, Any]) -> Any:
        token = value.get("sealed")
        if token is None:
            return value
        owner, _, sealed = token.partition(":")
        if owner != subject:
            raise VaultError("the sealed value belongs to another object")
        return msgspec.json.decode(_opened(vault, account_id, owner, name, sealed))

    _visit(shape, body, change)


def seal_text(text: str, vault: Vault, account_id: str, subject: str) -> str:
    """JSON text of an object with its members sealed, however deep they stand."""
    if not _may_hold(text):
        return text

    def change(found: re.Match[str]) -> str:
        token = _token(vault, account_id, subject, found[1], found[2])
        return f'"{found[1]}":{{"sealed":"{token}"}}'

    return _CLEAR.sub(change, text)


def unseal_text(text: str, vault: Vault, account_id: str) -> str:
    """The text as it was before ``seal_text``, byte for byte."""
    if not _may_hold(text):
        return text

    def change(found: re.Match[str]) -> str:
        name, subject, sealed = found.groups()
        return f'"{name}":{_opened(vault, account_id, subject, name, sealed)}'

    return _COVERED.sub(change, text)


def _may_hold(text: str) -> bool:
    return any(hint in text for hint in _HINTS)


def _visit(
    shape: type[msgspec.Struct],
    body: dict[str, Any],
    change: Callable[[str, dict[str, Any]], Any],
) -> None:
    for name, below in steps(shape):
        value = body.get(name)
        if not below and isinstance(value, dict):
            body[name] = change(name, value)
        for inner, is_list in below:
            for child in (value or []) if is_list else [value]:
                if isinstance(child, dict):
                    _visit(inner, child, change)


def _context(account_id: str, subject: str, name: str) -> str:
    return f"{account_id}/{subject}/{name}"


def _token(vault: Vault, account_id: str, subject: str, name: str, text: str) -> str:
    content = text.ljust(PADDED).encode()
    sealed = vault.seal(content, _context(account_id, subject, name))
    return f"{subject}:{base64.urlsafe_b64encode(sealed).decode()}"


def _opened(vault: Vault, account_id: str, subject: str, name: str, sealed: str) -> str:
    content = vault.unseal(base64.urlsafe_b64decode(sealed), _context(account_id, subject, name))
    return content.decode().rstrip()
