"""Tokens: details that a browser sends with a publishable key, and a platform uses once.

What is in a token is sealed until it is used and destroyed then; only a bank account is shown.
"""

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin

import msgspec

from cardwright.accounts import refusals
from cardwright.accounts.record.bank_account import BankAccount
from cardwright.kernel import ids
from cardwright.kernel.clock import MINUTE_MS, rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy import secrets
from cardwright.wire import rows
from cardwright.wire.resource import Mark, Resource, Sealed, Timestamp, members

CONTENT = "content"
# How long a token of v2 can be used; those of v1 wait until they are.
LIFETIME_MS = 10 * MINUTE_MS
# The refusal of a v2 token that there is not.
_UNKNOWN = {
    "account": refusals.INVALID_ACCOUNT_TOKEN,
    "person": refusals.INVALID_PERSON_TOKEN,
}
TokenType = Literal["account", "bank_account", "person", "pii"]
Tree = dict[str, Any]
# How the ids of tokens open, by face and type.
PREFIXES = {
    ("v1", "account"): "ct_",
    ("v1", "bank_account"): "btok_",
    ("v1", "person"): "cpt_",
    ("v1", "pii"): "pii_",
    ("v2", "account"): "accttok_",
    ("v2", "person"): "perstok_",
}


class Token(Resource, tag="token"):
    """A token of either face; ``face`` and what follows it are not on the wire."""

    table: ClassVar[str] = "tokens"

    bank_account: BankAccount | None = None
    client_ip: str | None = None
    created: Annotated[Timestamp, Mark(column=True)]
    livemode: bool
    type: TokenType
    used: Annotated[bool, Mark(column=True)] = False

    face: Annotated[Literal["v1", "v2"], Mark(hidden=True)] = "v1"
    created_ms: Annotated[int, Mark(hidden=True)] = 0
    # The account whose person a token of a person is about, where it says so.
    about: Annotated[str | None, Mark(hidden=True)] = None


class Opened(msgspec.Struct, frozen=True):
    """A token that was just used, and what was in it."""

    token: Token
    content: Tree

    @property
    def acceptance(self) -> Tree:
        """When and from where somebody agreed who was shown the terms beside the token."""
        return {"date": rfc3339(self.token.created_ms), "ip": self.token.client_ip}


async def create(
    tx: Tx,
    kind: TokenType,
    content: Tree,
    *,
    face: Literal["v1", "v2"] = "v1",
    client_ip: str | None = None,
    bank_account: BankAccount | None = None,
    about: str | None = None,
) -> Token:
    """A new token of the acting account."""
    token = Token(
        id=ids.new_id(PREFIXES[face, kind]),
        bank_account=bank_account,
        client_ip=client_ip,
        created=Timestamp(tx.now),
        livemode=tx.livemode,
        type=kind,
        face=face,
        created_ms=tx.now_ms,
        about=about,
    )
    await rows.insert(tx, token)
    text = msgspec.json.encode(content, enc_hook=_revealed).decode()
    await secrets.put(tx, token.id, CONTENT, text)
    return token


async def use(tx: Tx, token_id: str, kind: TokenType, shape: Any, *, param: str) -> Opened:
    """Take what is in a v1 token of the acting account or of its platform.

    ``shape`` is what it was parsed as. Refuses with ``resource_missing``, ``token_already_used``
    and, when it is of another type, ``token_type_wrong``.
    """
    found = await _find(tx, token_id)
    if found is None or found[1].face != "v1":
        fail(tenancy_refusals.RESOURCE_MISSING, param=param, object="token", id=token_id)
    owner, token = found
    if token.used:
        fail(refusals.TOKEN_ALREADY_USED, param=param, token=token_id)
    if token.type != kind:
        fail(refusals.TOKEN_TYPE_WRONG, param=param, token=token_id, type=token.type, wanted=kind)
    return await _opened(owner, token, shape)


async def use_v2(
    tx: Tx, token_id: str, kind: TokenType, shape: Any, *, about: str | None = None
) -> Opened:
    """The same for a v2 token, with the refusals of v2."""
    param = f"{kind}_token"
    found = await _find(tx, token_id)
    if found is None:
        fail(_UNKNOWN[kind], param=param, token=token_id)
    owner, token = found
    if token.face != "v2":
        fail(refusals.V1_TOKEN_INVALID_IN_V2, param=param, token=token_id)
    if token.type != kind:
        fail(refusals.INCORRECT_TOKEN_WRONG_TYPE, param=param, token=token_id, type=token.type)
    if token.used:
        fail(refusals.TOKEN_ALREADY_USED, param=param, token=token_id)
    if expires_ms(token) <= tx.now_ms:
        fail(refusals.TOKEN_EXPIRED, param=param, token=token_id)
    if token.about not in (None, about):
        fail(refusals.INCORRECT_ACCOUNT_FOR_PERSON_TOKEN, param=param, token=token_id)
    return await _opened(owner, token, shape)


def expires_ms(token: Token) -> int:
    """From when on a v2 token can no longer be used."""
    return token.created_ms + LIFETIME_MS


async def _find(tx: Tx, token_id: str) -> tuple[Tx, Token] | None:
    """A token of the acting account or of its platform, locked, and the transaction as its owner:
    browsers make tokens with the platform's key."""
    for account_id in dict.fromkeys((tx.account_id, tx.platform_id)):
        if await rows.find(tx.connection, Token, account_id, token_id) is not None:
            owner = replace(tx, account_id=account_id)
            return owner, await rows.lock(owner, Token, token_id)
    return None


async def _opened(owner: Tx, token: Token, shape: Any) -> Opened:
    text = await secrets.get(owner.connection, owner.vault, owner.account_id, token.id, CONTENT)
    assert text is not None, f"token {token.id} has no content"
    used = msgspec.structs.replace(token, used=True)
    await rows.save(owner, used)
    await secrets.forget(owner, token.id)
    return Opened(used, _sealed_again(shape, msgspec.json.decode(text)))


def _revealed(value: Any) -> str:
    assert isinstance(value, Sealed), f"no parser makes a {type(value).__name__}"
    return value.reveal()


def _sealed_again(shape: Any, tree: Tree) -> Tree:
    """The tree with its write-only values sealed, as the parser of the shape left them."""
    known = members(shape)
    return {
        name: _value(known[name].type, value) if name in known else value
        for name, value in tree.items()
    }


def _value(kind: Any, value: Any) -> Any:
    if kind is Sealed and isinstance(value, str):
        return Sealed(value)
    if isinstance(value, list) and get_origin(kind) is list:
        return [_value(get_args(kind)[0], item) for item in value]
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _sealed_again(kind, value)
    return value
