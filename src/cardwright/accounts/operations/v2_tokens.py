"""``/v2/core/account_tokens`` and the tokens of persons: details that browsers send ahead, and
how calls about accounts take what is in them."""

from typing import Any

from cardwright.accounts import refusals
from cardwright.accounts.record import tokens
from cardwright.accounts.record.acting import acting
from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import Account
from cardwright.accounts.record.token_shapes import (
    AccountGiven,
    AccountTokenParameters,
    PersonGiven,
    PersonTokenParameters,
    accepted,
)
from cardwright.accounts.record.tokens import Token, TokenType
from cardwright.kernel.clock import rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.given import Given
from cardwright.wire.operation import Call, Operation
from cardwright.wire.versions import Body

ACCOUNT_TOKENS = "/v2/core/account_tokens"
PERSON_TOKENS = "/v2/core/accounts/{id}/person_tokens"
# What a token of an account brings, and so cannot be given beside it; the country can.
_BROUGHT = ("contact_email", "contact_phone", "display_name", "identity")
# Platforms here bring what is personal by tokens alone.
TOKENS_REQUIRED = frozenset({"FR"})


def _shown(token: Token) -> Body:
    tag = "account_token" if token.type == "account" else "account_person_token"
    return {
        "id": token.id,
        "object": f"v2.core.{tag}",
        "created": rfc3339(token.created_ms),
        "expires_at": rfc3339(tokens.expires_ms(token)),
        "livemode": token.livemode,
        "used": token.used,
    }


def _check_key(call: Call[Any]) -> None:
    if call.actor.kind != "publishable":
        fail(refusals.TOKEN_MUST_BE_CREATED_WITH_PUBLISHABLE_KEY)


async def create_account_token(tx: Tx, call: Call[AccountTokenParameters]) -> Body:
    """Make a token of an account."""
    _check_key(call)
    content = call.given.tree
    return _shown(await tokens.create(tx, "account", content, face="v2", client_ip=call.client_ip))


async def create_person_token(tx: Tx, call: Call[Any]) -> Body:
    """Make a token of a person of an account."""
    _check_key(call)
    account_id = call.path["id"]
    if await acting(tx, account_id) is None:
        fail(wire_refusals.NOT_FOUND, object="account", id=account_id[:200])
    return _shown(
        await tokens.create(
            tx,
            "person",
            call.given.tree,
            face="v2",
            client_ip=call.client_ip,
            about=account_id,
        )
    )


async def _find(tx: Tx, token_id: str, kind: TokenType, about: str | None) -> Body:
    token = await rows.find(tx.connection, Token, tx.account_id, token_id)
    if token is None or token.face != "v2" or token.type != kind or token.about != about:
        fail(wire_refusals.NOT_FOUND, object=f"{kind} token", id=token_id[:200])
    return _shown(token)


async def retrieve_account_token(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a token of an account; what is in it is not shown."""
    return await _find(tx, call.path["token"], "account", None)


async def retrieve_person_token(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a token of a person; what is in it is not shown."""
    return await _find(tx, call.path["token"], "person", call.path["id"])


async def current_account_token(tx: Tx, _call: Call[Any], token_id: str) -> Body:
    """The token that a repeated key made."""
    return await _find(tx, token_id, "account", None)


async def current_person_token(tx: Tx, call: Call[Any], token_id: str) -> Body:
    """The token that a repeated key made."""
    return await _find(tx, token_id, "person", call.path["id"])


async def with_account_token(tx: Tx, given: Given[AccountGiven]) -> Given[Account]:
    """What was given for an account, with what its token brings in the token's place."""
    token_id = given.get("account_token")
    if token_id is None:
        if _is_personal(given) and await _wants_tokens(tx):
            fail(refusals.ACCOUNT_TOKEN_REQUIRED, param="account_token")
        return Given(Account, given.tree, given.style)
    rest = {name: value for name, value in given.tree.items() if name != "account_token"}
    identity = rest.get("identity") or {}
    for name in _BROUGHT:
        if name in rest and not (name == "identity" and set(identity) <= {"country"}):
            fail(refusals.PARAM_ALONGSIDE_ACCOUNT_TOKEN, param=name)
    opened = await tokens.use_v2(tx, token_id, "account", AccountTokenParameters)
    brought = accepted(opened.content, opened.acceptance)
    whole = {**rest, **brought}
    if identity:
        whole["identity"] = {**(brought.get("identity") or {}), **identity}
    return Given(Account, whole, given.style)


async def with_person_token(tx: Tx, given: Given[PersonGiven], account_id: str) -> Given[Person]:
    """What was given for a person, with what its token brings in the token's place."""
    token_id = given.get("person_token")
    if token_id is None:
        if given.tree and await _wants_tokens(tx):
            fail(refusals.PERSON_TOKEN_REQUIRED, param="person_token")
        return Given(Person, given.tree, given.style)
    beside = [name for name in given.tree if name != "person_token"]
    if beside:
        fail(refusals.PARAM_ALONGSIDE_PERSON_TOKEN, param=beside[0])
    opened = await tokens.use_v2(tx, token_id, "person", PersonTokenParameters, about=account_id)
    return Given(Person, accepted(opened.content, opened.acceptance), given.style)


def _is_personal(given: Given[AccountGiven]) -> bool:
    identity = given.get("identity") or {}
    return bool({"attestations", "business_details", "individual"} & set(identity))


async def _wants_tokens(tx: Tx) -> bool:
    """Whether the platform is where tokens are required."""
    own = await rows.find(tx.connection, Account, tx.platform_id, tx.platform_id)
    return own is not None and own.identity.country in TOKENS_REQUIRED


OPERATIONS = (
    Operation(
        method="POST",
        path=ACCOUNT_TOKENS,
        handler=create_account_token,
        takes=AccountTokenParameters,
        current=current_account_token,
        platform_only=True,
        publishable=True,
    ),
    Operation(
        method="GET",
        path=f"{ACCOUNT_TOKENS}/{{token}}",
        handler=retrieve_account_token,
        platform_only=True,
    ),
    Operation(
        method="POST",
        path=PERSON_TOKENS,
        handler=create_person_token,
        takes=PersonTokenParameters,
        current=current_person_token,
        platform_only=True,
        publishable=True,
    ),
    Operation(
        method="GET",
        path=f"{PERSON_TOKENS}/{{token}}",
        handler=retrieve_person_token,
        platform_only=True,
    ),
)
