"""What an account still needs, and what that makes of its capabilities. Pure: no storage.

Nothing but ``evaluate`` says that a capability is active, and it says so from stored facts.
"""

from typing import Any, Literal

import msgspec
from msgspec import UNSET

from cardwright.accounts import checks
from cardwright.accounts.catalogue import (
    INDIVIDUAL_PATH,
    ROLE_PATHS,
    Catalogue,
    NeedSet,
    catalogue_of,
)
from cardwright.accounts.checks import Fact, checked_persons, findings_of, role_of
from cardwright.accounts.error_words import ERROR_WORDS
from cardwright.accounts.identity import Acceptance, Person
from cardwright.accounts.model import (
    Account,
    Capability,
    Deadline,
    Entry,
    Impact,
    Reference,
    RequestedReason,
    RequirementError,
    Requirements,
    RestrictsCapability,
    StatusDetail,
    Summary,
)
from cardwright.kernel.clock import rfc3339
from cardwright.wire.resource import Moment

PAST_DUE = StatusDetail(code="requirements_past_due", resolution="provide_info")
VERIFYING = StatusDetail(code="requirements_pending_verification", resolution="no_resolution")
UNSUPPORTED_COUNTRY = StatusDetail(code="unsupported_country", resolution="no_resolution")
_REJECTED = {
    "fraud": "rejected_fraud",
    "inactivity": "rejected_other",
    "listed": "rejected_listed",
    "other": "rejected_other",
    "terms_of_service": "rejected_terms_of_service",
}
# Standings found by verification, as the code of a status.
_STANDINGS = {checks.LISTED: "rejected_listed", checks.DORMANT: "restricted_other"}
_ORDER = {"past_due": 0, "currently_due": 1, "eventually_due": 2}


class Standing(msgspec.Struct, frozen=True):
    """The status of a capability and why it is not active."""

    status: str
    details: list[StatusDetail]


ACTIVE = Standing("active", [])


class Evaluation(msgspec.Struct, frozen=True):
    """What is needed, the status of every requested capability by path, and the next instant at
    which the answer may change without anything being written."""

    requirements: Requirements
    standings: dict[str, Standing]
    next_deadline_ms: int | None


class Draft(msgspec.Struct):
    """An entry while the capabilities that depend on it are gathered."""

    path: str
    person: str | None
    deadline: Deadline
    codes: list[str]
    pending: bool
    reason: Literal["routine_onboarding", "routine_verification"]
    capabilities: list[str]

    @property
    def restricts(self) -> bool:
        """Whether it holds its capabilities back now."""
        return not self.pending and self.deadline.status == "past_due"


Drafts = dict[tuple[str, str | None], Draft]


def evaluate(
    account: Account,
    persons: list[Person],
    facts: list[Fact],
    capabilities: list[Capability],
    now_ms: int,
) -> Evaluation:
    """The requirements of the requested capabilities and the status of each."""
    paths = [capability.path for capability in capabilities if capability.requested]
    catalogue = catalogue_of(account.identity.country or "")
    asked = [path for path in paths if not path.startswith("customer.")]
    if catalogue is None:
        nowhere = Standing("unsupported", [UNSUPPORTED_COUNTRY])
        standings = {path: nowhere if path in asked else ACTIVE for path in paths}
        return Evaluation(Requirements(), standings, None)
    drafts: Drafts = {}
    for path in asked:
        _missing(drafts, account, persons, catalogue, path)
    due = []
    for finding in findings_of(account, persons, catalogue, facts):
        person = None if finding.subject == account.id else finding.subject
        concerned = [path for path in asked if finding.concerns(path)]
        if not concerned:
            continue
        deadline = Deadline(status="past_due")
        if finding.pending:
            deadline = Deadline(status="currently_due")
        elif finding.due_ms is not None and finding.due_ms > now_ms:
            due.append(finding.due_ms)
            deadline = Deadline(status="currently_due", time=Moment(rfc3339(finding.due_ms)))
        draft = drafts.setdefault(
            (finding.path, person),
            Draft(finding.path, person, deadline, [], finding.pending, "routine_verification", []),
        )
        draft.codes.extend(code for code in finding.codes if code not in draft.codes)
        draft.pending = draft.pending and finding.pending
        draft.capabilities.extend(path for path in concerned if path not in draft.capabilities)
    entries = sorted(drafts.values(), key=lambda draft: _ORDER[draft.deadline.status])
    standings = {path: _standing(account, facts, entries, path) for path in paths}
    minimum = entries[0].deadline if entries else None
    requirements = Requirements(
        entries=[_entry(account, draft) for draft in entries],
        summary=Summary(minimum_deadline=minimum),
    )
    return Evaluation(requirements, standings, min(due, default=None))


def _missing(
    drafts: Drafts, account: Account, persons: list[Person], catalogue: Catalogue, path: str
) -> None:
    """Gather what is not there for one capability."""
    entity_type = account.identity.entity_type
    if entity_type is None:
        _add(drafts, "identity.entity_type", None, path)
        return
    for needed in catalogue.sets:
        if entity_type not in needed.entity_types or not needed.concerns(path):
            continue
        if needed.person is None:
            individual = account.identity.individual
            for need in needed.needs:
                if not any(present(account, option) for option in (need.path, *need.alternatives)):
                    about = need.path.startswith(INDIVIDUAL_PATH) and individual is not None
                    _add(drafts, need.path, individual.id if about and individual else None, path)
        else:
            _missing_of_persons(drafts, checked_persons(account, persons), needed, path)


def _missing_of_persons(drafts: Drafts, persons: list[Person], needed: NeedSet, path: str) -> None:
    """Gather what is not there of the persons of a role; a business has a representative."""
    assert needed.person is not None
    prefix = ROLE_PATHS[needed.person]
    holders = [person for person in persons if role_of(person) == needed.person]
    for person in holders:
        for need in needed.needs:
            if not any(present(person, option) for option in (need.path, *need.alternatives)):
                _add(drafts, f"{prefix}.{need.path}", person.id, path)
    if not holders and needed.person == "representative":
        for need in needed.needs:
            _add(drafts, f"{prefix}.{need.path}", None, path)


def _add(drafts: Drafts, need: str, person: str | None, capability: str) -> None:
    draft = drafts.setdefault(
        (need, person),
        Draft(need, person, Deadline(status="past_due"), [], False, "routine_onboarding", []),
    )
    if capability not in draft.capabilities:
        draft.capabilities.append(capability)


def present(root: Any, path: str) -> bool:
    """Whether the member at a dotted path is filled in; id numbers are named by their kind."""
    value = root
    for step in path.split("."):
        if isinstance(value, list):
            value = next((item for item in value if item.type == step), None)
        else:
            value = getattr(value, step, None)
    return _filled(value)


def _filled(value: Any) -> bool:
    if isinstance(value, Acceptance):
        return bool(value.date and value.ip)
    if isinstance(value, msgspec.Struct):
        return any(_filled(getattr(value, name)) for name in value.__struct_fields__)
    # The number 0 is an answer; an empty text, an empty list and "no" are not.
    return (
        value is not None
        and value is not UNSET
        and (value == 0 or bool(value))
        and (value is not False)
    )


def _standing(account: Account, facts: list[Fact], drafts: list[Draft], path: str) -> Standing:
    """The status of one requested capability."""
    if path.startswith("customer."):
        return ACTIVE
    code = _REJECTED[account.rejection] if account.rejection is not None else None
    for fact in facts:
        if fact.failed:
            code = code or _STANDINGS.get(fact.outcome or "")
    if code is not None:
        return Standing("restricted", [StatusDetail(code=code, resolution="contact_stripe")])
    concerned = [draft for draft in drafts if path in draft.capabilities]
    if any(draft.restricts for draft in concerned):
        return Standing("restricted", [PAST_DUE])
    if any(draft.pending for draft in concerned):
        return Standing("pending", [VERIFYING])
    return ACTIVE


def _entry(account: Account, draft: Draft) -> Entry:
    restricted = [
        RestrictsCapability(
            capability=path.partition(".")[2],
            configuration=path.partition(".")[0],
            deadline=draft.deadline,
        )
        for path in draft.capabilities
    ]
    # An individual is the account itself; its entries say so by their path.
    individual = account.identity.individual
    itself = individual is not None and individual.id == draft.person
    reference = (
        None if draft.person is None or itself else Reference(type="person", resource=draft.person)
    )
    return Entry(
        awaiting_action_from="stripe" if draft.pending else "user",
        description=draft.path,
        errors=[RequirementError(code=code, description=ERROR_WORDS[code]) for code in draft.codes],
        impact=Impact(restricts_capabilities=restricted),
        minimum_deadline=draft.deadline,
        reference=reference,
        requested_reasons=[RequestedReason(code=draft.reason)],
    )
