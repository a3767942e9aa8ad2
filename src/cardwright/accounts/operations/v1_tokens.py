"""``/v1/tokens``: bank accounts, accounts, persons and id numbers that browsers send ahead, and
how calls about accounts take what is in them."""

from typing import Annotated, Any, cast

from cardwright.accounts import external_accounts, refusals
from cardwright.accounts.record import tokens
from cardwright.accounts.record.bank_account import BankAccountGiven
from cardwright.accounts.record.identity import EntityType
from cardwright.accounts.record.tokens import Token, TokenType
from cardwright.accounts.views.v1_account import TokenCompany
from cardwright.accounts.views.v1_person import Individual, PersonParameters
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters, Sealed, Shape

Tree = dict[str, Any]
PII_PREFIX = "pii_"
# What a token of an account brings, and so cannot be given beside it.
_BROUGHT = ("business_type", "company", "individual", "tos_acceptance")


class TokenAccount(Shape):
    """What a token of an account brings."""

    business_type: EntityType
    company: TokenCompany
    individual: Individual
    tos_shown_and_accepted: bool


class TokenPii(Shape):
    """What a token of personal data brings."""

    id_number: Annotated[Sealed, Mark(need="c", longest=50)]


class TokenParameters(Parameters):
    """``POST /v1/tokens``: one of them."""

    account: TokenAccount
    bank_account: BankAccountGiven
    person: PersonParameters
    pii: TokenPii


async def create(tx: Tx, call: Call[TokenParameters]) -> Token:
    """Make a token of one kind of details."""
    given = call.given.tree
    if len(given) != 1:
        kinds = ", ".join(TokenParameters.__struct_fields__)
        fail(
            wire_refusals.PARAMETER_EXCLUSIVE if given else refusals.TOKEN_DETAILS_MISSING,
            params=kinds,
        )
    ((name, content),) = given.items()
    kind = cast("TokenType", name)
    if kind == "person" and "person_token" in content:
        fail(wire_refusals.PARAMETER_UNKNOWN, param="person[person_token]")
    shown = None
    if kind == "bank_account":
        content = await external_accounts.opened(tx, content, param="bank_account")
        shown = external_accounts.described(tx, content, param="bank_account")
        content = {**content, "id": shown.id}
    return await tokens.create(tx, kind, content, client_ip=call.client_ip, bank_account=shown)


async def retrieve(tx: Tx, call: Call[Any]) -> Token:
    """Retrieve a token; what is in it is not shown."""
    token = await rows.get(tx, Token, call.path["id"])
    if token.face != "v1":
        rows.missing(Token, token.id)
    return token


async def with_account_token(tx: Tx, given: Tree) -> Tree:
    """What was given for an account, with what its token brings in the token's place."""
    token_id = given.get("account_token")
    if token_id is None:
        return await with_id_number(tx, given, "individual")
    beside = [name for name in _BROUGHT if name in given]
    if beside:
        fail(refusals.PARAM_ALONGSIDE_ACCOUNT_TOKEN, param=beside[0])
    opened = await tokens.use(tx, token_id, "account", TokenAccount, param="account_token")
    brought = dict(opened.content)
    if brought.pop("tos_shown_and_accepted", False):
        brought["tos_acceptance"] = opened.acceptance
    company = dict(brought.get("company") or {})
    if company.pop("ownership_declaration_shown_and_signed", False):
        company["ownership_declaration"] = opened.acceptance
    if company:
        brought["company"] = company
    rest = {name: value for name, value in given.items() if name != "account_token"}
    return await with_id_number(tx, {**rest, **brought}, "individual")


async def with_person_token(tx: Tx, given: Tree) -> Tree:
    """What was given for a person, with what its token brings in the token's place."""
    token_id = given.get("person_token")
    if token_id is None:
        return await with_id_number(tx, given)
    beside = [name for name in given if name != "person_token"]
    if beside:
        fail(refusals.PARAM_ALONGSIDE_PERSON_TOKEN, param=beside[0])
    opened = await tokens.use(tx, token_id, "person", PersonParameters, param="person_token")
    return await with_id_number(tx, opened.content)


async def with_id_number(tx: Tx, given: Tree, inside: str | None = None) -> Tree:
    """The same with an id number in the place of the token that stands for it."""
    person = given.get(inside) if inside is not None else given
    number: Sealed | None = (person or {}).get("id_number")
    if person is None or number is None or not number.reveal().startswith(PII_PREFIX):
        return given
    param = f"{inside}[id_number]" if inside is not None else "id_number"
    opened = await tokens.use(tx, number.reveal(), "pii", TokenPii, param=param)
    filled = {**person, **opened.content}
    return {**given, inside: filled} if inside is not None else filled


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/tokens",
        handler=create,
        takes=TokenParameters,
        returns=Token,
        publishable=True,
    ),
    Operation(
        method="GET", path="/v1/tokens/{id}", handler=retrieve, returns=Token, publishable=True
    ),
)
