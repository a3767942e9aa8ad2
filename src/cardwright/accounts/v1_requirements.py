"""Requirements in the words of v1: names in lists, made from the entries of the record."""

from collections.abc import Iterable
from typing import Any

from cardwright.accounts import v1_paths as paths
from cardwright.accounts.catalogue import ROLE_PATHS
from cardwright.accounts.model import Account, AccountState, Capability, Entry
from cardwright.kernel.clock import parse_rfc3339

Body = dict[str, Any]

# Members that v1 asks for one by one where the record names the whole.
_PARTS = {
    "dob": ("day", "month", "year"),
    "tos_acceptance": ("date", "ip"),
    "ownership_declaration": ("date", "ip"),
}
_ALIKE = {
    "business_profile.annual_revenue.amount": (
        "business_profile.annual_revenue.amount",
        "business_profile.annual_revenue.currency",
    ),
}
_PLACES = {target: source for source, target in (*paths.ACCOUNT_PATHS, *paths.RESHAPED_PATHS)}
_PERSON_PLACES = {
    target: source for source, target in (*paths.PERSON_PATHS, *paths.RESHAPED_PERSON_PATHS)
}
_ELSEWHERE = {
    "configuration.recipient.default_outbound_destination": "external_account",
    "identity.business_details.documents": "company.verification.document",
    "identity.attestations.terms_of_service.card_creator.commercial": (
        "settings.card_issuing.tos_acceptance"
    ),
    "identity.attestations.terms_of_service.card_creator.consumer": (
        "settings.card_issuing.tos_acceptance"
    ),
}
# What opens the path of a need of a person, where v1 has the person's id or the same word.
PERSON_KINDS = frozenset(ROLE_PATHS.values())
DISABLED_REASONS = {
    "fraud": "rejected.fraud",
    "inactivity": "rejected.inactivity",
    "listed": "rejected.listed",
    "other": "rejected.other",
    "terms_of_service": "rejected.terms_of_service",
}


def names(entry: Entry) -> list[str]:
    """What v1 calls the need; often more than one name."""
    head, _, rest = entry.description.partition(".")
    if head in PERSON_KINDS:
        person = entry.reference.resource if entry.reference is not None else head
        return [f"{person}.{name}" for name in person_names(rest)] if rest else [person]
    if entry.description.startswith("identity.individual."):
        rest = entry.description.removeprefix("identity.individual.")
        return [f"individual.{name}" for name in person_names(rest)]
    return _expanded(_renamed(entry.description, _PLACES))


def person_names(path: str) -> list[str]:
    """What v1 calls a member of a person."""
    if path == f"id_numbers.{paths.SSN_LAST_4}":
        return ["ssn_last_4"]
    return _expanded(_renamed(path, _PERSON_PLACES))


def _renamed(path: str, places: dict[str, str]) -> str:
    """The path with its longest known beginning replaced."""
    steps = path.split(".")
    for length in range(len(steps), 0, -1):
        head = ".".join(steps[:length])
        source = places.get(head) or _ELSEWHERE.get(head)
        if source is None:
            continue
        # v1 has one name for every kind of number and for terms of every sponsor.
        if head.endswith("id_numbers") or head in _ELSEWHERE:
            return source
        return ".".join((source, *steps[length:]))
    return path


def _expanded(name: str) -> list[str]:
    if name in _ALIKE:
        return list(_ALIKE[name])
    parts = _PARTS.get(name.rpartition(".")[2])
    return [name] if parts is None else [f"{name}.{part}" for part in parts]


def lists(entries: Iterable[Entry], naming: Any = names) -> Body:
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
        "alternatives": [],
        "currently_due": _once(current),
        "errors": errors,
        "eventually_due": _once(later),
        "past_due": _once(past),
        "pending_verification": _once(pending),
    }


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
    found = lists(entries)
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
    capability_paths = {capability.path for capability in held}
    entries = [
        entry
        for entry in state.account.requirements.entries
        if any(
            f"{restricted.configuration}.{restricted.capability}" in capability_paths
            for restricted in entry.impact.restricts_capabilities
        )
    ]
    found = lists(entries)
    reason = None
    if state.rejection is not None:
        reason = DISABLED_REASONS[state.rejection]
        reason = reason if state.rejection in ("inactivity", "other") else "rejected.other"
    elif any(capability.is_held_by("restricted_other") for capability in held):
        reason = "paused.inactivity"
    elif status == "pending":
        reason = "pending.review"
    elif status == "inactive":
        reason = "requirements.fields_needed" if found["currently_due"] else "pending.onboarding"
    return {**found, "current_deadline": current_deadline(entries), "disabled_reason": reason}


def of_person(account: Account, person_id: str) -> Body:
    """``person.requirements``: names without the person in front, and no reason or deadline."""

    def naming(entry: Entry) -> list[str]:
        return [name.partition(".")[2] or name for name in names(entry)]

    individual = account.identity.individual
    mine = [
        entry
        for entry in account.requirements.entries
        if (entry.reference is not None and entry.reference.resource == person_id)
        or (
            individual is not None
            and individual.id == person_id
            and entry.description.startswith("identity.individual.")
        )
    ]
    return lists(mine, naming)


def nothing(*, whole: bool = True) -> Body:
    """No requirements; a person's have neither a deadline nor a reason."""
    found = lists(())
    return {**found, "current_deadline": None, "disabled_reason": None} if whole else found
