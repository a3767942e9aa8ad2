"""Watchlists: searched for the values of every cardholder, and the operator's answers.

In live mode a search waits for the operator, who answers it through ``/_cardwright/...`` or the
command line; in the test environment it is over before the call is answered. The same values are
never searched for twice: whoever gives them again gets the answer there is.
"""

from typing import Annotated, Any, ClassVar

import msgspec

from cardwright.accounts.record.acting import acting
from cardwright.accounts.record.model import Account
from cardwright.cardholders import refusals
from cardwright.cardholders.model import Cardholder
from cardwright.cardholders.requirements import (
    STANDING,
    ScreeningStatus,
    requirements_of,
    screened_values,
    status_by_name,
)
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy import secrets
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.given import changed
from cardwright.wire.resource import Mark, Resource, Timestamp
from cardwright.wire.versions import Body

QUERIES = load(__file__)
DIGEST_CONTEXT = "cardholder.screening"
TAX_ID = "company.tax_id"
# Of the wire are all members but these.
_UNSAID = ("current", "digest", "platform_id")


class CardholderScreening(Resource, tag="cardholder_screening"):
    """A search of watchlists for given values of a cardholder; ``note`` is the operator's."""

    prefix: ClassVar[str] = "chscr_"
    table: ClassVar[str] = "cardholder_screenings"

    created: Annotated[Timestamp, Mark("l", column=True)]
    account: Annotated[str, Mark("l", column=True)]
    answered: Timestamp | None = None
    cardholder: Annotated[str, Mark("l", column=True)]
    current: Annotated[bool, Mark("", column=True)] = True
    digest: Annotated[str, Mark("", column=True)]
    livemode: bool
    note: str | None = None
    platform_id: Annotated[str, Mark("", column=True)]
    status: Annotated[ScreeningStatus, Mark("l", column=True)]


_CURRENT = QUERIES.value("current_screening", str)
_FIND = QUERIES.value("find_screening", str)
_ACCOUNT = QUERIES.value("account_of_screening", str)


async def begin(tx: Tx, cardholder: Cardholder) -> ScreeningStatus:
    """Search for the values of a cardholder that is new, or has others than before; returns how far
    that is."""
    values = await _values(tx, cardholder)
    return await _begin(tx, cardholder, values, _digest(tx, values))


async def screen(
    tx: Tx, before: Cardholder, after: Cardholder, *, has_new_tax_id: bool
) -> ScreeningStatus:
    """How far the search for the values of a changed cardholder is; the cardholder is locked.

    Values that were not searched for yet begin one. Values of an earlier search take its answer,
    unless what was said of the cardholder since is worse: then the operator looks again.
    """
    values = await _values(tx, after)
    digest = _digest(tx, values)
    current = await _current(tx, after.id)
    if current is None:
        # It was made before there were searches.
        unchanged = not has_new_tax_id and _digest(tx, await _values(tx, before)) == digest
        return "cleared" if unchanged else await _begin(tx, after, values, digest)
    if current.digest == digest:
        return current.status
    await rows.save(tx, msgspec.structs.replace(current, current=False))
    found = await _FIND(tx.connection, account_id=tx.account_id, cardholder=after.id, digest=digest)
    if found is None:
        return await _begin(tx, after, values, digest)
    earlier = await rows.lock(tx, CardholderScreening, found)
    looks_again = tx.livemode and current.status in STANDING
    status = "under_review" if looks_again else earlier.status
    await rows.save(tx, msgspec.structs.replace(earlier, current=True, status=status))
    return status


async def with_requirements(tx: Tx, cardholder: Cardholder, status: ScreeningStatus) -> Cardholder:
    """The cardholder with what is missing of it, and why cards do not work."""
    account = await rows.get(tx, Account, tx.account_id, param="account")
    requirements = requirements_of(cardholder, account.identity.country, status)
    replaced: Cardholder = msgspec.structs.replace(cardholder, requirements=requirements)
    return replaced


@operator_verb(kind="widens_risk")
async def clear(tx: Tx, screening_id: str, note: str | None = None) -> CardholderScreening:
    """The cardholder is not who is on a list: its cards work."""
    return await _answer(tx, screening_id, "cleared", note)


@operator_verb(kind="none")
async def mark_listed(tx: Tx, screening_id: str, note: str | None = None) -> CardholderScreening:
    """The cardholder is on a list."""
    return await _answer(tx, screening_id, "listed", note)


@operator_verb(kind="none")
async def reject(tx: Tx, screening_id: str, note: str | None = None) -> CardholderScreening:
    """The cardholder is rejected for what was found."""
    return await _answer(tx, screening_id, "rejected", note)


@operator_verb(kind="none")
async def request_document(
    tx: Tx, screening_id: str, note: str | None = None
) -> CardholderScreening:
    """The cardholder has to give a document."""
    return await _answer(tx, screening_id, "document_requested", note)


async def _answer(
    tx: Tx, screening_id: str, status: ScreeningStatus, note: str | None
) -> CardholderScreening:
    """The answer to a search of the acting platform's accounts, and what it does to the
    cardholder. The same answer again changes nothing; the operator may answer anew.

    Refuses an answer about values that have changed since, and to ask a company for a document.
    """
    at, found = await find_screening(tx, screening_id)
    before = await rows.lock(at, Cardholder, found.cardholder)
    screening = await rows.lock(at, CardholderScreening, screening_id)
    if not screening.current:
        fail(refusals.SCREENING_SUPERSEDED, id=screening.id)
    if status == "document_requested" and before.type != "individual":
        fail(refusals.SCREENING_DOCUMENT_USELESS, id=screening.id)
    if screening.status == status:
        return screening
    answered = msgspec.structs.replace(
        screening, status=status, answered=Timestamp(at.now), note=note
    )
    await rows.save(at, answered)
    after = await with_requirements(at, before, status)
    if after != before:
        await rows.save(at, after)
        at.emit("issuing_cardholder.updated", after, previous=changed(before, after))
    return answered


async def find_screening(tx: Tx, screening_id: str) -> tuple[Tx, CardholderScreening]:
    """A search of the acting platform's accounts, and the transaction acting as its account."""
    account_id = await _ACCOUNT(tx.connection, platform_id=tx.account_id, id=screening_id)
    at = await acting(tx, account_id, closed=True) if account_id is not None else None
    if at is None:
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="id",
            object="cardholder screening",
            id=screening_id[:200],
        )
    return at, await rows.get(at, CardholderScreening, screening_id)


def shown(screening: CardholderScreening) -> Body:
    """A search as it is listed, without the values."""
    body: Body = msgspec.to_builtins(screening)
    for name in _UNSAID:
        del body[name]
    return body


@operator_verb(kind="reveals")
async def shown_whole(at: Tx, screening: CardholderScreening) -> Body:
    """A search of the acting account with the values it is for, a tax id whole; None once they
    changed."""
    values: dict[str, Any] | None = None
    if screening.current:
        values = await _values(at, await rows.get(at, Cardholder, screening.cardholder))
    return {**shown(screening), "values": values}


async def _begin(
    tx: Tx, cardholder: Cardholder, values: dict[str, str], digest: str
) -> ScreeningStatus:
    status: ScreeningStatus = "under_review" if tx.livemode else status_by_name(values)
    made = CardholderScreening(
        id=ids.new_id(CardholderScreening.prefix),
        created=Timestamp(tx.now),
        account=tx.account_id,
        cardholder=cardholder.id,
        digest=digest,
        livemode=tx.livemode,
        platform_id=tx.platform_id,
        status=status,
    )
    await rows.insert(tx, made)
    return status


async def _current(tx: Tx, cardholder_id: str) -> CardholderScreening | None:
    found = await _CURRENT(tx.connection, account_id=tx.account_id, cardholder=cardholder_id)
    return None if found is None else await rows.lock(tx, CardholderScreening, found)


async def _values(tx: Tx, cardholder: Cardholder) -> dict[str, str]:
    tax_id = None
    if cardholder.company is not None and cardholder.company.tax_id_provided:
        tax_id = await secrets.get(tx.connection, tx.vault, tx.account_id, cardholder.id, TAX_ID)
    return screened_values(cardholder, tax_id)


def _digest(tx: Tx, values: dict[str, str]) -> str:
    return tx.vault.blind_index(msgspec.json.encode(values).decode(), DIGEST_CONTEXT)
