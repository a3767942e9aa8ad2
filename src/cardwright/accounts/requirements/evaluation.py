"""What an account still needs, and what that makes of its capabilities. Pure: no storage.

Nothing but ``evaluate`` says that a capability is active, and it says so from stored facts.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from cardwright.accounts.record.identity import Acceptance, FilesDocument, Person, TwoSidedDocument
from cardwright.accounts.record.model import (
    Account,
    Capability,
    Deadline,
    FutureRequirements,
    Requirements,
    StatusDetail,
)
from cardwright.accounts.requirements import checks
from cardwright.accounts.requirements.catalogue import (
    INDIVIDUAL_PATH,
    Catalogue,
    Line,
    NeedSet,
    Steps,
    WantedEntry,
    catalogue_of,
)
from cardwright.accounts.requirements.checks import Fact, checked_persons, findings_of, role_of
from cardwright.accounts.requirements.circumstances import (
    ISSUING,
    UNEVENTFUL,
    Added,
    Circumstances,
    held_back,
    meant_for,
)
from cardwright.accounts.requirements.entries import (
    CURRENTLY_DUE,
    EVENTUALLY_DUE,
    PAST_DUE,
    Draft,
    Drafts,
    deadline_at,
    drafted,
    future_of,
    ordered,
    requirements_of,
)
from cardwright.kernel.clock import DAY_MS

MISSED = StatusDetail(code="requirements_past_due", resolution="provide_info")
VERIFYING = StatusDetail(code="requirements_pending_verification", resolution="no_resolution")
UNSUPPORTED_COUNTRY = StatusDetail(code="unsupported_country", resolution="no_resolution")
_REJECTED = {
    "fraud": "rejected_fraud",
    "inactivity": "rejected_other",
    "listed": "rejected_listed",
    "other": "rejected_other",
    "platform_fraud": "rejected_platform_fraud",
    "platform_other": "rejected_platform_other",
    "platform_terms_of_service": "rejected_platform_terms_of_service",
    "terms_of_service": "rejected_terms_of_service",
}
# Why issuing was closed, as the code of a status, and who can change that.
_CLOSED: dict[str, StatusDetail] = {
    "inactivity": StatusDetail(code="rejected_other", resolution="provide_info"),
    "terms_of_service": StatusDetail(code="rejected_terms_of_service", resolution="contact_stripe"),
}
_UNCLEAR = StatusDetail(code="rejected_incomplete_verification", resolution="contact_stripe")
# Standings found by verification, as the code of a status.
_STANDINGS = {checks.LISTED: "rejected_listed", checks.DORMANT: "restricted_other"}
_CARD_TERMS = "identity.attestations.terms_of_service.card_creator"
_DESTINATION = "configuration.recipient.default_outbound_destination"
# The checks of documents, by the kind of document that a need asks for.
_DOCUMENT_CHECKS = {
    "primary_verification": "document",
    "secondary_verification": "additional_document",
}


class Standing(msgspec.Struct, frozen=True):
    """The status of a capability and why it is not active."""

    status: str
    details: list[StatusDetail]


ACTIVE = Standing("active", [])


class Evaluation(msgspec.Struct, frozen=True):
    """What an account needs now and later, and the status of every requested capability by path.

    ``next_deadline_ms`` is the next instant at which the answer may change without anything being
    written, ``watches`` the card spend (minor units by currency) at which it may. ``crossings``
    are the sets of needs that a volume made due, with when it did.
    """

    requirements: Requirements
    future: FutureRequirements
    standings: dict[str, Standing]
    next_deadline_ms: int | None = None
    watches: dict[str, int] = {}
    crossings: dict[str, int] = {}


class _Work(msgspec.Struct):
    """Everything at hand while an account is evaluated, and what has been found so far."""

    account: Account
    persons: list[Person]
    facts: dict[tuple[str, str], Fact]
    circumstances: Circumstances
    now_ms: int
    drafts: Drafts = {}
    future: Drafts = {}
    instants: list[int] = []
    watches: dict[str, int] = {}
    crossings: dict[str, int] = {}

    def subject_of(self, path: str) -> str | None:
        """The person that a need of the account is about: an individual is one."""
        individual = self.account.identity.individual
        return (
            individual.id if individual is not None and path.startswith(INDIVIDUAL_PATH) else None
        )


def evaluate(
    account: Account,
    persons: list[Person],
    facts: list[Fact],
    capabilities: list[Capability],
    now_ms: int,
    circumstances: Circumstances = UNEVENTFUL,
    catalogue: Catalogue | None = None,
) -> Evaluation:
    """The requirements of the requested capabilities and the status of each.

    ``catalogue`` is that of the account's country, unless another one is given.
    """
    paths = [capability.path for capability in capabilities if capability.requested]
    if account.platform_id is None:
        # Who runs the installation let the platform have it; nobody verifies a platform here.
        return Evaluation(Requirements(), FutureRequirements(), dict.fromkeys(paths, ACTIVE))
    catalogue = catalogue or catalogue_of(account.identity.country or "")
    asked = [path for path in paths if not path.startswith("customer.")]
    if catalogue is None:
        nowhere = Standing("unsupported", [UNSUPPORTED_COUNTRY])
        standings = {path: nowhere if path in asked else ACTIVE for path in paths}
        return Evaluation(Requirements(), FutureRequirements(), standings)
    concerned = checked_persons(account, persons)
    by_name = {(fact.subject, fact.name): fact for fact in facts}
    work = _Work(account, concerned, by_name, circumstances, now_ms)
    _ask_by_catalogue(work, catalogue, tuple(asked))
    for added in circumstances.added:
        _ask_added(work, added, persons, asked)
    _add_findings(work, persons, catalogue, facts, asked)
    drafts = ordered(work.drafts)
    closed = _closed(account, circumstances)
    standings = {path: _standing(account, facts, drafts, path, closed) for path in paths}
    later = [draft for key, draft in work.future.items() if key not in work.drafts]
    return Evaluation(
        requirements_of(account, drafts),
        future_of(account, later),
        standings,
        min(work.instants, default=None),
        work.watches,
        work.crossings,
    )


# What the catalogue asks.


def _ask_by_catalogue(work: _Work, catalogue: Catalogue, asked: tuple[str, ...]) -> None:
    """Gather what is not there of everything that applies to an account of this kind."""
    identity = work.account.identity
    if not asked:
        return
    if identity.entity_type is None:
        drafted(work.drafts, "identity.entity_type", None, asked, PAST_DUE, "routine_onboarding")
        return
    details = identity.business_details
    structure = details.structure if details is not None else None
    for line in catalogue.lines(identity.entity_type, structure, asked):
        if line.set.threshold is None and line.set.since_ms is None:
            for need, person in _missing(work, line):
                draft = drafted(
                    work.drafts,
                    need.path,
                    person,
                    line.capabilities,
                    PAST_DUE,
                    "routine_onboarding",
                )
                draft.alternatives = need.offered
        else:
            _ask_waiting(work, line)


def _ask_waiting(work: _Work, line: Line) -> None:
    """Gather what is not there of a set that waits for a date or a volume."""
    missing = list(_missing(work, line))
    if not missing:
        return
    effective_ms = line.set.since_ms
    if line.set.threshold is not None:
        deadline = _by_volume(work, line.set)
        if deadline is None:
            return
    else:
        assert effective_ms is not None, "a set that waits for a date"
        due_ms = effective_ms + line.set.days * DAY_MS
        deadline = deadline_at(due_ms, work.now_ms)
        _note(work, effective_ms, due_ms)
    upcoming = effective_ms is not None and effective_ms > work.now_ms
    into = work.future if upcoming else work.drafts
    for need, person in missing:
        draft = _provided(work, into, need.path, person, line.capabilities, deadline)
        if draft is not None and upcoming:
            draft.effective_ms = effective_ms


def _by_volume(work: _Work, needed: NeedSet) -> Deadline | None:
    """When the needs of a set are due by what the account spent; None while nobody is asked."""
    threshold, volumes = needed.threshold, work.circumstances.volumes
    assert threshold is not None, "a set that waits for a volume"
    crossed_ms = work.circumstances.crossings.get(needed.name)
    reached = [name for name, due in threshold.volume.items() if volumes.get(name, 0) >= due]
    if crossed_ms is None and reached:
        crossed_ms = work.crossings[needed.name] = work.now_ms
    if crossed_ms is not None:
        due_ms = crossed_ms + threshold.days * DAY_MS
        _note(work, due_ms)
        return deadline_at(due_ms, work.now_ms)
    announced = False
    for name, due in threshold.volume.items():
        from_minor = threshold.announced(name)
        known = volumes.get(name, 0) >= from_minor
        announced = announced or known
        at = due if known else from_minor
        work.watches[name] = min(at, work.watches.get(name, at))
    return EVENTUALLY_DUE if announced else None


def _note(work: _Work, *instants: int) -> None:
    """Look again at those instants that are still to come."""
    work.instants.extend(instant for instant in instants if instant > work.now_ms)


def _missing(work: _Work, line: Line) -> Iterator[tuple[WantedEntry, str | None]]:
    """The needs of a set that nothing serves, each with whose member it is."""
    role = line.set.person
    if role is None:
        for need in line.asked:
            paid_out = need.path == _DESTINATION and work.circumstances.bank_account
            if not paid_out and not _served(work.account, need.options):
                yield need, work.subject_of(need.path)
        return
    holders = [person for person in work.persons if role_of(person) == role]
    for person in holders:
        for need in line.asked:
            if not _served(person, need.options):
                yield need, person.id
    # A business has a representative.
    if not holders and role == "representative" and line.set.threshold is None:
        for need in line.asked:
            yield need, None


def _served(root: Any, options: tuple[Steps, ...]) -> bool:
    return any(_reach(root, steps) for steps in options)


# What the operator added.


def _ask_added(work: _Work, added: Added, persons: list[Person], asked: list[str]) -> None:
    """Ask for an added requirement, unless what it asks for is there, or the account has become
    of a kind that has no such member."""
    if not meant_for(work.account.identity.entity_type, added.path):
        return
    root: Any = work.account
    path, person = added.path, added.person
    if added.role_path is not None:
        holder = next((one for one in persons if _is_asked(one, added)), None)
        if holder is None and person is not None:
            return
        root, path = holder, path.partition(".")[2]
        person = None if holder is None else holder.id
    else:
        person = work.subject_of(path)
    _note(work, added.effective_ms, added.due_ms)
    document = _document_fact(work, added.path, person)
    if present(root, path) and (document is None or document.verified):
        return
    held = held_back(work.account, asked, added.restricts)
    deadline = deadline_at(added.due_ms, work.now_ms)
    upcoming = added.effective_ms > work.now_ms
    into = work.future if upcoming else work.drafts
    draft = _provided(work, into, added.path, person, held, deadline)
    if draft is not None and upcoming:
        draft.effective_ms = added.effective_ms


def _is_asked(person: Person, added: Added) -> bool:
    if added.person is not None:
        return person.id == added.person
    return role_of(person) == "representative"


def _provided(
    work: _Work,
    into: Drafts,
    path: str,
    person: str | None,
    held: tuple[str, ...] | list[str],
    deadline: Deadline,
) -> Draft | None:
    """Draft what is not there yet, or is there as a document that is looked at or was refused."""
    if not held:
        return None
    draft = drafted(into, path, person, held, deadline, "routine_verification")
    fact = _document_fact(work, path, person)
    if fact is not None and fact.pending:
        draft.pending = True
    elif fact is not None and fact.failed and fact.outcome not in _STANDINGS:
        draft.codes.extend(code for code in (fact.outcome or "",) if code not in draft.codes)
    return draft


def _document_fact(work: _Work, path: str, person: str | None) -> Fact | None:
    """What is known of the document that a path asks for."""
    steps = path.split(".")
    if len(steps) < 2 or steps[-2] != "documents":
        return None
    name = _DOCUMENT_CHECKS.get(steps[-1], steps[-1])
    return work.facts.get((person or work.account.id, name))


# What verification found.


def _add_findings(
    work: _Work,
    persons: list[Person],
    catalogue: Catalogue,
    facts: list[Fact],
    asked: list[str],
) -> None:
    """Draft what is being verified and what could not be."""
    for finding in findings_of(work.account, persons, catalogue, facts):
        person = None if finding.subject == work.account.id else finding.subject
        concerned = [path for path in asked if finding.concerns(path)]
        if not concerned:
            continue
        deadline = PAST_DUE
        if finding.pending:
            deadline = CURRENTLY_DUE
        elif finding.due_ms is not None:
            deadline = deadline_at(finding.due_ms, work.now_ms)
            _note(work, finding.due_ms)
        known = (finding.path, person) in work.drafts
        draft = drafted(
            work.drafts, finding.path, person, concerned, deadline, "routine_verification"
        )
        draft.codes.extend(code for code in finding.codes if code not in draft.codes)
        draft.pending = finding.pending and (draft.pending or not known)


def present(root: Any, path: str) -> bool:
    """Whether the member at a dotted path is filled in; id numbers are named by their kind."""
    return _reach(root, tuple(path.split(".")))


def _reach(root: Any, steps: Steps) -> bool:
    value = root
    for step in steps:
        if isinstance(value, list):
            value = next((item for item in value if item.type == step), None)
        else:
            value = getattr(value, step, None)
        if value is None:
            return False
    return _filled(value)


def _filled(value: Any) -> bool:
    if isinstance(value, Acceptance):
        return bool(value.date and value.ip)
    # A document is its files; of two sides the back alone is none.
    if isinstance(value, FilesDocument):
        return bool(value.files)
    if isinstance(value, TwoSidedDocument):
        return bool(value.front_back.front)
    if isinstance(value, msgspec.Struct):
        return any(_filled(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, str):
        # Blanks and dots are no name.
        return any(map(str.isalnum, value))
    # The number 0 is an answer; an empty list and "no" are not.
    return (
        value is not None
        and value is not UNSET
        and (value == 0 or bool(value))
        and (value is not False)
    )


def terms_accepted(account: Account) -> bool:
    """Whether any terms of cards are accepted."""
    return present(account, _CARD_TERMS)


def _closed(account: Account, circumstances: Circumstances) -> StatusDetail | None:
    """Why issuing is closed. What was closed for inactivity opens again when cards are asked for
    and their terms, which were cleared, are accepted anew."""
    closure = circumstances.closure
    if closure is None or (closure.asked_again and terms_accepted(account)):
        return None
    return _CLOSED.get(closure.reason, _UNCLEAR)


def _standing(
    account: Account,
    facts: list[Fact],
    drafts: list[Draft],
    path: str,
    closed: StatusDetail | None,
) -> Standing:
    """The status of one requested capability; ``closed`` says why issuing is."""
    if path.startswith("customer."):
        return ACTIVE
    code = _REJECTED[account.rejection] if account.rejection is not None else None
    for fact in facts:
        if fact.failed:
            code = code or _STANDINGS.get(fact.outcome or "")
    if code is not None:
        return Standing("restricted", [StatusDetail(code=code, resolution="contact_stripe")])
    if closed is not None and path.startswith(ISSUING):
        return Standing("restricted", [closed])
    if any(draft.restricts(path) for draft in drafts):
        return Standing("restricted", [MISSED])
    if any(draft.delays(path) for draft in drafts):
        return Standing("pending", [VERIFYING])
    return ACTIVE
