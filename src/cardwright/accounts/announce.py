"""The events of a change to an account, in both families: thin v2 events, v1 snapshots."""

from cardwright.accounts.record.bank_account import BankAccount
from cardwright.accounts.record.configurations import CONFIGURATIONS
from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import Account, AccountState
from cardwright.accounts.record.v1_capabilities import grouped
from cardwright.accounts.views import v1_render
from cardwright.kernel.database import Tx
from cardwright.wire.given import changed, difference
from cardwright.wire.render import render
from cardwright.wire.versions import Body

TYPE = "v2.core.account"
PERSON_TYPE = "v2.core.account_person"
# What of the record is not on the wire of v2.
_UNSAID = frozenset({"platform_id", "rejection", "v1"})
_PARTS = ("defaults", "future_requirements", "identity", "requirements")


def announce(tx: Tx, before: AccountState | None, after: AccountState) -> None:
    """Emit what changed; ``before`` is None for a new account."""
    account = after.account
    body = _said(account)
    if before is None:
        tx.emit(f"{TYPE}.created", body)
    elif before.account != account:
        old = difference(_said(before.account), body)
        if old:
            tx.emit(f"{TYPE}.updated", body, previous=old)
        for part in _PARTS:
            if part in old:
                tx.emit(f"{TYPE}[{part}].updated", body, previous={part: old[part]})
    _announce_configurations(tx, before, after)
    _announce_individual(tx, before.account if before is not None else None, account)
    # v1 has no event for the creation of an account: there is nothing to emit it from.
    _announce_v1(tx, before, after)


def _said(account: Account) -> Body:
    """The account as v2 says it: what is kept for v1 alone is no part of it."""
    body = render(account)
    return {name: value for name, value in body.items() if name not in _UNSAID}


def _announce_individual(tx: Tx, before: Account | None, after: Account) -> None:
    """Emit in v2 what happened to the person who is the account."""
    was = before.identity.individual if before is not None else None
    now = after.identity.individual
    if now is not None and was is None:
        announce_person(tx, "created", now)
    elif now is None and was is not None:
        announce_person(tx, "deleted", was)
    elif now is not None and now != was:
        announce_person(tx, "updated", now, was)


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
    body = render(person)
    previous = difference(render(before), body) if before is not None else None
    tx.emit(f"{PERSON_TYPE}.{verb}", body, previous=previous)


def _everybody(state: AccountState) -> list[Person]:
    """The persons of an account, an individual's own one among them."""
    individual = state.account.identity.individual
    return [*state.persons, individual] if individual is not None else state.persons


def _announce_v1(tx: Tx, known: AccountState | None, after: AccountState) -> None:
    """Emit what differs between the two v1 views: person, capability, account; a new account was
    nothing but itself before."""
    before = known or AccountState(after.account, [], {})
    earlier = {
        person.id: v1_render.person_body(before, person)
        for person in (_everybody(known) if known is not None else ())
    }
    for person in _everybody(after):
        body = v1_render.person_body(after, person)
        was = earlier.pop(person.id, None)
        if was is None:
            tx.emit("person.created", body)
        elif was != body:
            tx.emit("person.updated", body, previous=difference(was, body))
    for body in earlier.values():
        tx.emit("person.deleted", body)
    names = grouped(after.capabilities).keys()
    for name in sorted(names | grouped(before.capabilities).keys()):
        was = v1_render.capability_body(before, name)
        body = v1_render.capability_body(after, name)
        if was != body:
            tx.emit("capability.updated", body, previous=difference(was, body))
    was, body = v1_render.account_body(before), v1_render.account_body(after)
    if was != body:
        tx.emit("account.updated", body, previous=difference(was, body))


def announce_bank_account(tx: Tx, before: BankAccount, after: BankAccount) -> None:
    """Emit in v1 what changed of what is shown of a bank account."""
    shown = render(after).keys()
    previous = {name: value for name, value in changed(before, after).items() if name in shown}
    if previous:
        tx.emit("account.external_account.updated", after, previous=previous)
