"""That issuing was closed for an account, by a rule or by the operator: kept here, because what an
account may do depends on it. Why it is closed, and when it is opened again, compliance decides."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import field

from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.wire import rows
from cardwright.wire.resource import Mark, Resource, Timestamp

QUERIES = load(__file__)

# The operator may give any of them but the first.
ClosureReason = Literal["inactivity", "business_model", "terms_of_service", "url", "use_case"]
ClosureStatus = Literal["asked_again", "closed", "lifted"]


class IssuingClosure(Resource, tag="issuing_closure"):
    """That issuing was closed for an account; ``note`` says what was found, ``cards`` are those
    that were deactivated with it."""

    prefix: ClassVar[str] = "closure_"
    table: ClassVar[str] = "issuing_closures"

    created: Annotated[Timestamp, Mark("l", column=True)]
    account: Annotated[str, Mark("l", column=True)]
    cards: list[str] = field(default_factory=list)
    lifted: Timestamp | None = None
    livemode: bool
    note: str | None = None
    notice: str | None = None
    platform_id: Annotated[str, Mark("", hidden=True, column=True)]
    reason: Annotated[ClosureReason, Mark("l", column=True)]
    status: Annotated[ClosureStatus, Mark("l", column=True)] = "closed"


class Restricted(msgspec.Struct, frozen=True):
    """An account that asked for cards and cannot issue them."""

    account_id: str
    path: str
    status: str
    details: str
    closure: str | None
    closure_reason: str | None


_STANDING = QUERIES.value("standing_closure_id", str)
_ASK_AGAIN = QUERIES.run("ask_again")
_RESTRICTED = QUERIES.many("restricted_accounts", Restricted)


async def standing(tx: Tx) -> IssuingClosure | None:
    """The closure that holds for the acting account, locked."""
    found = await _STANDING(tx.connection, account_id=tx.account_id)
    return None if found is None else await rows.lock(tx, IssuingClosure, found)


async def insert(tx: Tx, closure: IssuingClosure) -> None:
    """Write a new closure of the acting account; whoever does has the account evaluated anew."""
    await rows.insert(tx, closure)


async def save(tx: Tx, closure: IssuingClosure) -> None:
    """Write a changed closure of the acting account."""
    await rows.save(tx, closure)


async def ask_again(tx: Tx) -> None:
    """The acting account asks for cards again, if it was closed for not using them."""
    await _ASK_AGAIN(tx.connection, account_id=tx.account_id)


async def restricted(tx: Tx) -> list[Restricted]:
    """The accounts of the acting platform that asked for cards and cannot issue them, and why."""
    return await _RESTRICTED(tx.connection, platform_id=tx.account_id)
