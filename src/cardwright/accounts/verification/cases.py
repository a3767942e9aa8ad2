"""Cases: what somebody outside of the rules has to find out, and how far that is.

A case is about one check of given values. The same values never make a second one: whoever gives
them again gets the answer there is. The case keeps a keyed digest of the values and none of them;
they are read anew while they are the account's.
"""

from typing import Annotated, ClassVar, Literal

import msgspec

from cardwright.accounts.requirements.checks import VERIFIED, Check
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.tenancy.platforms import Verifier
from cardwright.wire import rows
from cardwright.wire.resource import Mark, Resource, Timestamp

QUERIES = load(__file__)

Kind = Literal[
    "additional_document",
    "address",
    "description",
    "director_name",
    "document",
    "id_number",
    "identity",
    "name",
    "statement_descriptor",
    "statement_descriptor_prefix",
    "trade_name",
    "url",
]
Status = Literal[
    "approved",
    "document_requested",
    "needs_review",
    "posted",
    "queued",
    "rejected",
    "superseded",
]
OPEN = frozenset({"needs_review", "queued", "posted"})
ANSWERED = frozenset({"approved", "rejected", "document_requested"})


class VerificationCase(Resource, tag="verification_case"):
    """A case; ``subject`` is the account or a person, ``kind`` the check."""

    prefix: ClassVar[str] = "vcase_"
    table: ClassVar[str] = "account_verification_cases"

    created: Annotated[Timestamp, Mark("l", column=True)]
    account: Annotated[str, Mark("l", column=True)]
    livemode: bool
    platform_id: Annotated[str, Mark("", column=True)]
    subject: Annotated[str, Mark("l", column=True)]
    kind: Annotated[Kind, Mark("l", column=True)]
    status: Annotated[Status, Mark("l", column=True)]
    provider: Verifier
    # The code of a rejection, and who answered: the operator or the vendor.
    code: str | None = None
    answered: Timestamp | None = None
    answered_by: Literal["operator", "vendor"] | None = None
    # Of posting to a vendor; not on the wire, but for the number and the last trouble.
    attempts: int = 0
    trouble: str | None = None
    digest: Annotated[str, Mark("", column=True)]
    due_ms: Annotated[int | None, Mark("", column=True)] = None


class CaseName(msgspec.Struct, frozen=True):
    """A case by its account and its id."""

    account_id: str
    id: str


_FIND = QUERIES.value("find_case", str)
_SUPERSEDE = QUERIES.run("supersede_cases")
_SUPERSEDE_ALL = QUERIES.run("supersede_all_cases")
_CLOSE = QUERIES.run("close_cases")
_TO_POST = QUERIES.many("cases_to_post", CaseName)


async def open_case(tx: Tx, check: Check, digest: str, provider: Verifier) -> VerificationCase:
    """The case of a check of the acting account: a new one, or the one of the same values, with
    its answer if it has one."""
    status: Status = "queued" if provider == "http" else "needs_review"
    due_ms = clock.machine_ms() if provider == "http" else None
    found = await _FIND(
        tx.connection,
        account_id=tx.account_id,
        subject=check.subject,
        kind=check.name,
        digest=digest,
    )
    if found is not None:
        case = await rows.lock(tx, VerificationCase, found)
        if case.status in ANSWERED or case.status in OPEN:
            return case
        case = msgspec.structs.replace(
            case, status=status, provider=provider, due_ms=due_ms, attempts=0, trouble=None
        )
        await rows.save(tx, case)
        return case
    case = msgspec.convert(
        {
            "object": "verification_case",
            "id": ids.new_id(VerificationCase.prefix),
            "created": tx.now,
            "account": tx.account_id,
            "livemode": tx.livemode,
            "platform_id": tx.platform_id,
            "subject": check.subject,
            "kind": check.name,
            "status": status,
            "provider": provider,
            "digest": digest,
            "due_ms": due_ms,
        },
        VerificationCase,
    )
    await rows.insert(tx, case)
    return case


async def supersede(tx: Tx, subject: str, kind: str) -> None:
    """Close what is open of a check whose values changed or are gone."""
    await _SUPERSEDE(tx.connection, account_id=tx.account_id, subject=subject, kind=kind)


async def supersede_all(tx: Tx) -> None:
    """Close every open case of the acting account."""
    await _SUPERSEDE_ALL(tx.connection, account_id=tx.account_id)


async def close(tx: Tx, subject: str, kind: str, outcome: str, *, wants_document: bool) -> None:
    """Close what is open of a check that was answered by another door."""
    await _CLOSE(
        tx.connection,
        account_id=tx.account_id,
        subject=subject,
        kind=kind,
        status=status_of(outcome, wants_document=wants_document),
    )


async def to_post(connection: Connection, count: int) -> list[CaseName]:
    """The cases whose time to be posted has come."""
    return await _TO_POST(connection, machine_ms=clock.machine_ms(), count=count)


def status_of(outcome: str, *, wants_document: bool) -> Status:
    """The status of a case with an answer."""
    if wants_document:
        return "document_requested"
    return "approved" if outcome == VERIFIED else "rejected"
