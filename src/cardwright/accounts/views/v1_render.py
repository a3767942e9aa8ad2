"""The v1 face: account, person and capability objects as views of the record."""

from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import AccountState
from cardwright.accounts.record.v1_capabilities import grouped, status
from cardwright.accounts.views import v1_requirements as requirements
from cardwright.accounts.views.v1_account import ACCOUNT, AccountSeen
from cardwright.accounts.views.v1_person import PERSON, PersonSeen
from cardwright.wire.versions import Body


def account_body(state: AccountState) -> Body:
    """The account as v1 prints it."""
    person = state.account.identity.individual
    seen = AccountSeen(
        state,
        capabilities={name: status(found) for name, found in grouped(state.capabilities).items()},
        due=requirements.of_account(state),
        later=requirements.future_of_account(state),
        individual=person_body(state, person) if person is not None else None,
    )
    return ACCOUNT.view(state.account, seen)


def person_body(state: AccountState, person: Person) -> Body:
    """A person as v1 prints it."""
    due = requirements.of_person(state.account, person.id)
    later = requirements.future_of_person(state.account, person.id)
    numbers = {number.type for number in person.id_numbers}
    return PERSON.view(person, PersonSeen(state, person, due, later, numbers))


def capability_body(state: AccountState, name: str) -> Body:
    """A capability as v1 prints it, requested or not."""
    found = grouped(state.capabilities).get(name, [])
    shown = status(found) if found else "unrequested"
    required = requirements.of_capability(state, found, shown) if found else requirements.nothing()
    requested_ms = min((capability.requested_ms for capability in found), default=None)
    return {
        "id": name,
        "object": "capability",
        "account": state.account.id,
        "future_requirements": requirements.future_of_capability(state, found),
        "requested": bool(found),
        "requested_at": None if requested_ms is None else requested_ms // 1000,
        "requirements": required,
        "status": shown,
    }
