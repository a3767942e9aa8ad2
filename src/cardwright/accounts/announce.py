"""The events of a change to an account, in both families: thin v2 events, v1 snapshots."""

from cardwright.accounts import v1_render
from cardwright.accounts.configurations import CONFIGURATIONS
from cardwright.accounts.identity import Person
from cardwright.accounts.model import AccountState
from cardwright.kernel.database import Tx
from cardwright.wire.given import changed, difference

TYPE = "v2.core.account"
PERSON_TYPE = "v2.core.account_person"
# What of the record is not on the wire of v2.
_UNSAID = frozenset({"platform_id", "rejection", "v1"})
_PARTS = ("defaults", "future_requirements", "identity", "requirements")


def announce(tx: Tx, before: AccountState | None, after: AccountState) -> None:
    """Emit what changed; ``before`` is None for a new account."""
    account = after.account
    if before is None:
        tx.emit(f"{TYPE}.created", account)
    else:
        old = changed(before.account, account)
        previous = {name: value for name, value in old.items() if name not in _UNSAID}
        if previous:
            tx.emit(f"{TYPE}.updated", account, previous=previous)
        for part in _PARTS:
            if getattr(before.account, part) != getattr(account, part):
                tx.emit(f"{TYPE}[{part}].updated", account)
    _announce_configurations(tx, before, after)
    # v1 has no event for the creation of an account: there is nothing to emit it from.
    _announce_v1(tx, before or AccountState(account, [], {}), after)


def _announce_configurations(tx: Tx, before: AccountState | None, after: AccountState) -> None:
    account = after.account
    for name in CONFIGURATIONS:
        was = getattr(before.account.configuration, name) if before is not None else None
        if before is not None and was != getattr(account.configuration, name):
            tx.emit(f"{TYPE}[configuration.{name}].updated", account)
    for path, capability in after.capabilities.items():
        old = before.capabilities.get(path) if before is not None else None
        if old is None or old.status != capability.status:
            tx.emit(
                f"{TYPE}[configuration.{capability.configuration}].capability_status_updated",
                account,
                data={"updated_capability": capability.name},
            )


def announce_person(tx: Tx, verb: str, person: Person, before: Person | None = None) -> None:
    """Emit in v2 that a person was ``created``, ``updated`` or ``deleted``."""
    previous = changed(before, person) if before is not None else None
    tx.emit(f"{PERSON_TYPE}.{verb}", person, previous=previous)


def _announce_v1(tx: Tx, before: AccountState, after: AccountState) -> None:
    """Emit what differs between the two v1 views: person, capability, account."""
    earlier = {person.id: v1_render.person_body(before, person) for person in before.persons}
    for person in after.persons:
        body = v1_render.person_body(after, person)
        was = earlier.pop(person.id, None)
        if was is None:
            tx.emit("person.created", body)
        elif was != body:
            tx.emit("person.updated", body, previous=difference(was, body))
    for body in earlier.values():
        tx.emit("person.deleted", body)
    names = v1_render.grouped(after.capabilities).keys()
    for name in sorted(names | v1_render.grouped(before.capabilities).keys()):
        was = v1_render.capability_body(before, name)
        body = v1_render.capability_body(after, name)
        if was != body:
            tx.emit("capability.updated", body, previous=difference(was, body))
    was, body = v1_render.account_body(before), v1_render.account_body(after)
    if was != body:
        tx.emit("account.updated", body, previous=difference(was, body))
