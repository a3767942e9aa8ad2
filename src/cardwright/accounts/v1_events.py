"""The v1 events of a change of an account: what differs between the two views of it."""

from typing import Any

from cardwright.accounts import v1_render
from cardwright.accounts.model import AccountState
from cardwright.kernel.database import Tx

Body = dict[str, Any]


def emit(tx: Tx, before: AccountState, after: AccountState) -> None:
    """Emit ``person.*``, ``capability.updated`` and ``account.updated`` as far as they are true.

    The creation of an account has no event in v1: there is nothing to emit it from.
    """
    account_id = after.account.id
    earlier = {person.id: v1_render.person_body(before, person) for person in before.persons}
    for person in after.persons:
        body = v1_render.person_body(after, person)
        was = earlier.pop(person.id, None)
        if was is None:
            tx.emit("person.created", body, account_id=account_id)
        elif was != body:
            previous = difference(was, body)
            tx.emit("person.updated", body, previous=previous, account_id=account_id)
    for body in earlier.values():
        tx.emit("person.deleted", body, account_id=account_id)
    names = v1_render.grouped(after.capabilities) | v1_render.grouped(before.capabilities)
    for name in sorted(names):
        was = v1_render.capability_body(before, name)
        body = v1_render.capability_body(after, name)
        if was != body:
            previous = difference(was, body)
            tx.emit("capability.updated", body, previous=previous, account_id=account_id)
    was, body = v1_render.account_body(before), v1_render.account_body(after)
    if was != body:
        previous = difference(was, body)
        tx.emit("account.updated", body, previous=previous, account_id=account_id)


def difference(before: Body, after: Body) -> Body:
    """The old values of what differs, hash by hash, as ``previous_attributes`` shows them."""
    old: Body = {}
    for name in before.keys() | after.keys():
        was, now = before.get(name), after.get(name)
        if was != now:
            nested = isinstance(was, dict) and isinstance(now, dict)
            old[name] = difference(was, now) if nested else was  # type: ignore[arg-type]
    return old
