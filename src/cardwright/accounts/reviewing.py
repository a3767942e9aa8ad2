"""The review of verification cases: what waits for a decision, and the operator's decisions.

A platform reviews the cases of all of its accounts; a vendor answers in the same way.
"""

from typing import NamedTuple

import msgspec

from cardwright.accounts import flows
from cardwright.accounts.record.acting import acting
from cardwright.accounts.record.store import load_state
from cardwright.accounts.requirements import checks
from cardwright.accounts.requirements.catalogue import catalogue_of
from cardwright.accounts.requirements.checks import VERIFIED, Check
from cardwright.accounts.verification import cases as verification_cases
from cardwright.accounts.verification import flows as verification
from cardwright.accounts.verification import refusals as verification_refusals
from cardwright.accounts.verification.cases import QUERIES, VerificationCase
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import gates
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.resource import Timestamp
from cardwright.wire.versions import Body

# What a request for a document says is wrong, unless the operator says it.
CODES_OF_KINDS = {
    "additional_document": "verification_document_failed_other",
    "address": "verification_failed_address_match",
    "document": "verification_document_failed_other",
    "id_number": "verification_failed_id_number_match",
    "identity": "verification_failed_keyed_identity",
}
BUSINESS_NUMBER_CODE = "verification_failed_tax_id_match"
# Of the wire are all members but these.
_UNSAID = ("digest", "due_ms", "platform_id")
SHOWN_DIGITS = 4

_ACCOUNT = QUERIES.value("account_of_case", str)


class Verdict(NamedTuple):
    """An answer: ``verified`` or the code of a requirement error, perhaps with a document due."""

    outcome: str
    wants_document: bool = False


APPROVED = Verdict(VERIFIED)


async def find_case(tx: Tx, case_id: str) -> tuple[Tx, VerificationCase]:
    """A case of the acting platform, and the transaction acting as its account."""
    account_id = await _ACCOUNT(tx.connection, platform_id=tx.account_id, id=case_id)
    at = await acting(tx, account_id, closed=True) if account_id is not None else None
    if at is None:
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="id",
            object="verification case",
            id=case_id[:200],
        )
    return at, await rows.get(at, VerificationCase, case_id)


async def answer_case(at: Tx, case_id: str, verdict: Verdict, by: str) -> VerificationCase:
    """Take the answer of the ``operator`` or the ``vendor`` to a case of the acting account.

    The same answer again changes nothing. The operator may answer anew; a vendor's first answer
    stands. Refuses an answer about values that have changed since.
    """
    await gates.lock(at, at.account_id)
    case = await rows.lock(at, VerificationCase, case_id)
    facts = await verification.facts_of(at)
    current = any(
        (fact.subject, fact.name, fact.digest) == (case.subject, case.kind, case.digest)
        for fact in facts
    )
    if case.status == "superseded" or not current:
        fail(verification_refusals.VERIFICATION_CASE_SUPERSEDED, id=case.id)
    if verdict.wants_document:
        backed = checks.BACKED_OF_PERSON
        if case.subject == case.account:
            backed = checks.BACKED_OF_BUSINESS
        if case.kind not in backed:
            fail(verification_refusals.VERIFICATION_DOCUMENT_USELESS, id=case.id, kind=case.kind)
    status = verification_cases.status_of(verdict.outcome, wants_document=verdict.wants_document)
    code = None if status == "approved" else verdict.outcome
    if case.status in verification_cases.ANSWERED:
        if (case.status, case.code) == (status, code):
            return case
        if by == "vendor":
            fail(verification_refusals.VERIFICATION_CASE_ANSWERED, id=case.id)
    answered = msgspec.structs.replace(
        case,
        status=status,
        code=code,
        answered=Timestamp(at.now),
        answered_by=by,
        due_ms=None,
        trouble=None,
    )
    await rows.save(at, answered)
    await flows.record_verification(
        at, case.subject, case.kind, verdict.outcome, wants_document=verdict.wants_document
    )
    return answered


@operator_verb(kind="widens_risk")
async def approve(tx: Tx, case_id: str) -> VerificationCase:
    """The operator found the values right."""
    at, _case = await find_case(tx, case_id)
    return await answer_case(at, case_id, APPROVED, "operator")


@operator_verb(kind="none")
async def reject(tx: Tx, case_id: str, code: str) -> VerificationCase:
    """The operator found the values wrong."""
    at, _case = await find_case(tx, case_id)
    return await answer_case(at, case_id, Verdict(code), "operator")


@operator_verb(kind="none")
async def request_document(tx: Tx, case_id: str, code: str | None = None) -> VerificationCase:
    """The operator cannot tell from the values: a document is due in their place."""
    at, case = await find_case(tx, case_id)
    verdict = Verdict(code or code_of(case), wants_document=True)
    return await answer_case(at, case_id, verdict, "operator")


def code_of(case: VerificationCase) -> str:
    """What a request for a document says is wrong with the values of a case."""
    if case.kind == "id_number" and case.subject == case.account:
        return BUSINESS_NUMBER_CODE
    return CODES_OF_KINDS.get(case.kind, "verification_failed_other")


async def values_of(at: Tx, case: VerificationCase) -> Check | None:
    """The values that a case of the acting account is about, in clear; None when they changed."""
    state = await load_state(at)
    catalogue = catalogue_of(state.account.identity.country or "")
    if catalogue is None:
        return None
    numbers = await verification.id_numbers_of(at, state.account, state.persons)
    for check in checks.checks_of(state.account, state.persons, catalogue, numbers):
        named = (check.subject, check.name) == (case.subject, case.kind)
        if named and verification.digest_of(at, check) == case.digest:
            return check
    return None


@operator_verb(kind="reveals")
async def reveal_values(at: Tx, case: VerificationCase) -> dict[str, str] | None:
    """The values that a case of the acting account is about, an id number whole; None when they
    changed."""
    check = await values_of(at, case)
    return None if check is None else check.values


async def masked_values(at: Tx, case: VerificationCase) -> dict[str, str] | None:
    """The same as they may be shown."""
    check = await values_of(at, case)
    return None if check is None else masked(check)


def masked(check: Check) -> dict[str, str]:
    """The values as they may be shown: of an id number its end alone."""
    if check.name != "id_number":
        return check.values
    value = check.values["value"]
    return {
        **check.values,
        "value": "*" * max(len(value) - SHOWN_DIGITS, 0) + value[-SHOWN_DIGITS:],
    }


def shown(case: VerificationCase) -> Body:
    """A case as it is listed, without the values."""
    body: Body = msgspec.to_builtins(case)
    for name in _UNSAID:
        del body[name]
    return body
