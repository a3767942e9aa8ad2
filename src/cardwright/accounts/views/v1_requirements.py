"""Requirements in the words of v1: names in lists, made from the entries of the record."""

from collections.abc import Iterable
from typing import Any

from cardwright.accounts.record.model import (
    Account,
    AccountState,
    Alternative,
    Capability,
    Entry,
    FutureRequirements,
    OptionEntry,
    OriginalEntry,
    Requirements,
)
from cardwright.accounts.requirements.catalogue import ROLE_PATHS
from cardwright.accounts.views.v1_account import ACCOUNT
from cardwright.accounts.views.v1_person import PERSON
from cardwright.kernel.clock import parse_rfc3339

Body = dict[str, Any]

# What has a path and may refer to a person.
Named = Entry | OptionEntry | OriginalEntry
# What opens the path of a need of a person, where v1 has the person's id or the same word.
PERSON_KINDS = frozenset(ROLE_PATHS.values())
# What closes issuing and nothing else of an account.
_CLOSED = ("rejected_incomplete_verification", "rejected_terms_of_service")
DISABLED_REASONS = {
    "fraud": "rejected.fraud",
    "inactivity": "rejected.inactivity",
    "listed": "rejected.listed",
    "other": "rejected.other",
    "platform_fraud": "rejected.platform_fraud",
    "platform_other": "rejected.platform_other",
    "platform_terms_of_service": "rejected.platform_terms_of_service",
    "terms_of_service": "rejected.terms_of_service",
}


def names(entry: Named) -> list[str]:
    """What v1 calls the need; often more than one name."""
    head, _, rest = entry.description.partition(".")
    if head in PERSON_KINDS:
        person = entry.reference.resource if entry.reference is not None else head
        return [f"{person}.{name}" for name in PERSON.named(rest) or [rest]] if rest else [person]
    return ACCOUNT.named(entry.description) or [entry.description]


def lists(
    entries: Iterable[Entry], naming: Any = names, alternatives: Iterable[Alternative] = ()
) -> Body:
    """The lists of v1; each due list holds the more pressing ones too."""
    past: list[str] = []
    current: list[str] = []
    later: list[str] = []
    pending: list[str] = []
    errors: list[Body] = []
    for entry in entries:
        called = naming(entry)
        errors += [
            {"code": error.code, "reason": error.description, "requirement": name}
            for error in entry.errors
            for name in called
        ]
        if entry.awaiting_action_from == "stripe":
            pending += called
            continue
        status = entry.minimum_deadline.status
        past += called if status == "past_due" else []
        current += called if status in ("past_due", "currently_due") else []
        later += called
    return {
        "alternatives": _alternatives(alternatives, naming, later),
        "currently_due": _once(current),
        "errors": errors,
        "eventually_due": _once(later),
        "past_due": _once(past),
        "pending_verification": _once(pending),
    }


def _alternatives(found: Iterable[Alternative], naming: Any, listed: list[str]) -> list[Body]:
    """What serves instead of names that are listed, one for each option."""
    shown = []
    for alternative in found:
        original = [name for entry in alternative.original_entries for name in naming(entry)]
        if original[0] in listed:
            shown += [
                {
                    "alternative_fields_due": _once(
                        [name for entry in option.entries for name in naming(entry)]
                    ),
                    "original_fields_due": _once(original),
                }
                for option in alternative.options
            ]
    return shown


def _once(found: list[str]) -> list[str]:
    return list(dict.fromkeys(found))


def current_deadline(entries: Iterable[Entry]) -> int | None:
    """The nearest instant, in seconds, at which something becomes past due."""
    times = [
        parse_rfc3339(entry.minimum_deadline.time)
        for entry in entries
        if isinstance(entry.minimum_deadline.time, str)
        and entry.minimum_deadline.status == "currently_due"
    ]
    return min(times) // 1000 if times else None


def of_account(state: AccountState) -> Body:
    """``account.requirements``."""
    entries = state.account.requirements.entries
    found = lists(entries, alternatives=state.account.requirements.alternatives)
    reason = None
    if state.rejection is not None:
        reason = DISABLED_REASONS[state.rejection]
    elif found["past_due"]:
        reason = "requirements.past_due"
    elif found["pending_verification"]:
        reason = "requirements.pending_verification"
    return {**found, "current_deadline": current_deadline(entries), "disabled_reason": reason}


def of_capability(state: AccountState, held: list[Capability], status: str) -> Body:
    """The requirements of one v1 capability, which may stand for several of the record."""
    entries = _holding(state.account.requirements.entries, held)
    found = lists(entries, alternatives=state.account.requirements.alternatives)
    reason = None
    if state.rejection is not None:
        reason = DISABLED_REASONS[state.rejection]
        reason = reason if state.rejection in ("inactivity", "other") else "rejected.other"
    elif any(capability.is_held_by("restricted_other") for capability in held):
        reason = "paused.inactivity"
    elif any(capability.is_held_by("rejected_other") for capability in held):
        reason = "rejected.inactivity"
    elif any(capability.is_held_by(code) for code in _CLOSED for capability in held):
        reason = "rejected.other"
    elif status == "pending":
        reason = "pending.review"
    elif status == "inactive":
        reason = "requirements.fields_needed" if found["currently_due"] else "pending.onboarding"
    return {**found, "current_deadline": current_deadline(entries), "disabled_reason": reason}


def future_of_account(state: AccountState) -> Body:
    """``account.future_requirements``."""
    return _future(state, state.account.future_requirements.entries)


def future_of_capability(state: AccountState, held: list[Capability]) -> Body:
    """The future requirements of one v1 capability."""
    return _future(state, _holding(state.account.future_requirements.entries, held))


def _future(state: AccountState, entries: list[Entry]) -> Body:
    """Entries that are not required yet; the deadline is when they will be."""
    begin = state.account.future_requirements.minimum_transition_date
    found = lists(entries, alternatives=state.account.future_requirements.alternatives)
    deadline = parse_rfc3339(begin) // 1000 if entries and begin is not None else None
    return {**found, "current_deadline": deadline, "disabled_reason": None}


def _holding(entries: list[Entry], held: list[Capability]) -> list[Entry]:
    """The entries that some capabilities depend on."""
    capability_paths = {capability.path for capability in held}
    return [
        entry
        for entry in entries
        if any(
            f"{restricted.configuration}.{restricted.capability}" in capability_paths
            for restricted in entry.impact.restricts_capabilities
        )
    ]


def of_person(account: Account, person_id: str) -> Body:
    """``person.requirements``: names without the person in front, and no reason or deadline."""
    return _of_person(account, person_id, account.requirements)


def future_of_person(account: Account, person_id: str) -> Body:
    """``person.future_requirements``."""
    return _of_person(account, person_id, account.future_requirements)


def _of_person(
    account: Account, person_id: str, required: Requirements | FutureRequirements
) -> Body:
    def naming(entry: Named) -> list[str]:
        return [name.partition(".")[2] or name for name in names(entry)]

    individual = account.identity.individual
    itself = individual is not None and individual.id == person_id

    def is_mine(entry: Named) -> bool:
        if entry.reference is not None:
            return entry.reference.resource == person_id
        return itself and entry.description.startswith("identity.individual.")

    mine = [entry for entry in required.entries if is_mine(entry)]
    instead = [one for one in required.alternatives if is_mine(one.original_entries[0])]
    return lists(mine, naming, instead)


def nothing() -> Body:
    """No requirements."""
    return {**lists(()), "current_deadline": None, "disabled_reason": None}
