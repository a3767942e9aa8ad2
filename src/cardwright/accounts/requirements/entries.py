"""From what is missing to the entries that tell of it: gathered, ordered, written out."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import msgspec
from msgspec import UNSET

from cardwright.accounts.record.model import (
    Account,
    Alternative,
    Deadline,
    DeadlineStatus,
    Entry,
    FutureRequirements,
    Impact,
    Option,
    OptionEntry,
    OriginalEntry,
    Reference,
    RequestedReason,
    RequirementError,
    Requirements,
    RestrictsCapability,
    Summary,
)
from cardwright.accounts.requirements.error_words import ERROR_WORDS
from cardwright.kernel.clock import rfc3339
from cardwright.wire.resource import Moment

_ORDER = {"past_due": 0, "currently_due": 1, "eventually_due": 2}
_FOREVER = "9999"
# The part of a path behind which stands the kind of an id number, and what makes up for one.
_ID_NUMBERS = ".id_numbers."
_DOCUMENT_INSTEAD = ".documents.primary_verification"

Reason = Literal["routine_onboarding", "routine_verification"]
PAST_DUE = Deadline(status="past_due")
CURRENTLY_DUE = Deadline(status="currently_due")
EVENTUALLY_DUE = Deadline(status="eventually_due")
_TIMELESS = {one.status: one for one in (PAST_DUE, CURRENTLY_DUE, EVENTUALLY_DUE)}
_REASONS: dict[Reason, RequestedReason] = {
    "routine_onboarding": RequestedReason(code="routine_onboarding"),
    "routine_verification": RequestedReason(code="routine_verification"),
}


def deadline_at(due_ms: int, now_ms: int) -> Deadline:
    """Currently due until an instant, past due from then on."""
    if due_ms <= now_ms:
        return PAST_DUE
    return Deadline(status="currently_due", time=Moment(rfc3339(due_ms)))


def urgency(deadline: Deadline) -> tuple[int, str]:
    """What sorts deadlines, the most pressing first."""
    time = deadline.time if isinstance(deadline.time, str) else _FOREVER
    return _ORDER[deadline.status], time


def nearer(one: Deadline, other: Deadline) -> Deadline:
    """The more pressing of two deadlines."""
    return one if one is other or urgency(one) <= urgency(other) else other


class Draft(msgspec.Struct):
    """An entry while the capabilities that depend on it are gathered, each with its deadline;
    ``deadline`` is the nearest of them."""

    path: str
    person: str | None
    reason: Reason
    deadline: Deadline
    held: dict[str, Deadline] = {}
    # Whether all capabilities have that one deadline.
    uniform: bool = True
    codes: list[str] = []
    alternatives: list[str] = []
    pending: bool = False
    # When it becomes a requirement, if it is not one yet.
    effective_ms: int | None = None

    def hold(self, capabilities: Iterable[str], deadline: Deadline) -> None:
        """Hold back capabilities; of two deadlines the nearer one counts."""
        if not self.held:
            self.held = dict.fromkeys(capabilities, deadline)
            return
        self.uniform = self.uniform and deadline is self.deadline
        self.deadline = nearer(self.deadline, deadline)
        for path in capabilities:
            self.held[path] = nearer(self.held.get(path, deadline), deadline)

    def restricts(self, capability: str) -> bool:
        """Whether it holds this capability back now."""
        held = self.held.get(capability)
        return held is not None and held.status == "past_due" and not self.pending

    def delays(self, capability: str) -> bool:
        """Whether this capability waits for an answer: not for one to what is due later."""
        held = self.held.get(capability)
        return held is not None and self.pending and held in (PAST_DUE, CURRENTLY_DUE)


# By path and person.
Drafts = dict[tuple[str, str | None], Draft]


def drafted(
    drafts: Drafts,
    path: str,
    person: str | None,
    capabilities: Iterable[str],
    deadline: Deadline,
    reason: Reason,
) -> Draft:
    """The draft of a need, which is one however many rules ask for it."""
    draft = drafts.get((path, person))
    if draft is None:
        draft = drafts[path, person] = Draft(path, person, reason, deadline)
    draft.hold(capabilities, deadline)
    return draft


def ordered(drafts: Drafts) -> list[Draft]:
    """The drafts, most pressing first; equals in the order in which they were asked."""
    return sorted(drafts.values(), key=lambda draft: urgency(draft.deadline))


def requirements_of(account: Account, drafts: list[Draft]) -> Requirements:
    """The entries of ordered drafts."""
    return Requirements(
        alternatives=_alternatives(account, drafts),
        entries=[_entry(account, draft) for draft in drafts],
        summary=Summary(minimum_deadline=drafts[0].deadline if drafts else None),
    )


def future_of(account: Account, drafts: list[Draft]) -> FutureRequirements:
    """The entries of ordered drafts that are not required yet."""
    begin_ms = min((draft.effective_ms or 0 for draft in drafts), default=None)
    return FutureRequirements(
        alternatives=_alternatives(account, drafts),
        entries=[_entry(account, draft) for draft in drafts],
        minimum_transition_date=None if begin_ms is None else Moment(rfc3339(begin_ms)),
        summary=Summary(minimum_deadline=drafts[0].deadline if drafts else None),
    )


def _reference(account: Account, draft: Draft) -> Reference | None:
    """The person that an entry is about; an individual is the account itself, which entries say
    by their path."""
    individual = account.identity.individual
    itself = individual is not None and individual.id == draft.person
    if draft.person is None or itself:
        return None
    return Reference(type="person", resource=draft.person)


def _impact(draft: Draft) -> Impact:
    deadline = draft.deadline
    if draft.uniform and deadline.time is UNSET:
        return _same_impact(tuple(draft.held), deadline.status)
    restricted = [_restriction(path, deadline) for path, deadline in draft.held.items()]
    return Impact(restricts_capabilities=restricted)


@lru_cache(maxsize=1024)
def _same_impact(held: tuple[str, ...], status: DeadlineStatus) -> Impact:
    """The impact of most needs, made once: that of the same capabilities and no time."""
    deadline = _TIMELESS[status]
    return Impact(restricts_capabilities=[_restriction(path, deadline) for path in held])


def _restriction(path: str, deadline: Deadline) -> RestrictsCapability:
    configuration, _, capability = path.partition(".")
    return RestrictsCapability(
        capability=capability, configuration=configuration, deadline=deadline
    )


def _entry(account: Account, draft: Draft) -> Entry:
    return Entry(
        awaiting_action_from="stripe" if draft.pending else "user",
        description=draft.path,
        errors=[RequirementError(code=code, description=ERROR_WORDS[code]) for code in draft.codes],
        impact=_impact(draft),
        minimum_deadline=draft.deadline,
        reference=_reference(account, draft),
        requested_reasons=[_REASONS[draft.reason]],
    )


def _alternatives(account: Account, drafts: list[Draft]) -> list[Alternative]:
    """What serves instead, where the user has the choice."""
    found = []
    for draft in drafts:
        offered = draft.alternatives
        if draft.codes and _ID_NUMBERS in draft.path:
            offered = [draft.path.partition(_ID_NUMBERS)[0] + _DOCUMENT_INSTEAD]
        if not offered or draft.pending:
            continue
        reference = _reference(account, draft)
        options = [
            Option(entries=[OptionEntry(description=path, reference=reference)]) for path in offered
        ]
        original = OriginalEntry(description=draft.path, reference=reference)
        found.append(Alternative(options=options, original_entries=[original]))
    return found
