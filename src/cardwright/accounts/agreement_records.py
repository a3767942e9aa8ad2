"""The record of agreements: what was accepted, by whom, in which version, and when that ended.

Rows are added and never changed. The member of the account or person says what is accepted now;
the record says what has been.
"""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from cardwright.accounts.record.identity import Acceptance
from cardwright.accounts.record.model import AccountState
from cardwright.kernel import ids
from cardwright.kernel.clock import parse_rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.wire import rows
from cardwright.wire.resource import Mark, Moment, Resource, Timestamp

QUERIES = load(__file__, "agreements.sql")
# Members of accounts are named from here on.
ATTESTATIONS = "identity.attestations."
BY_REQUEST = "withdrawn by request"

# By (subject, name): the subject is the account or a person.
Acceptances = dict[tuple[str, str], Acceptance]


class Agreement(Resource, tag="agreement"):
    """One row of the record: something was ``accepted``, or that was ``cleared``."""

    prefix: ClassVar[str] = "agmt_"
    table: ClassVar[str] = "account_agreements"

    created: Annotated[Timestamp, Mark("l", column=True)]
    account: str
    agreement: Annotated[str, Mark("l", column=True)]
    date: Moment | None = None
    ip: str | None = None
    # The key that the request was made with, masked; none for pages and the command line.
    key: str | None = None
    kind: Annotated[Literal["accepted", "cleared"], Mark("l", column=True)]
    livemode: bool
    reason: str | None = None
    request: str | None = None
    subject: Annotated[str, Mark("l", column=True)]
    url: str | None = None
    user_agent: str | None = None
    version: str | None = None


_VERSION = QUERIES.value("version_in_force", str)


async def record(
    tx: Tx, before: AccountState | None, after: AccountState, reason: str | None = None
) -> None:
    """Add what the acting account accepted, and what it has not accepted any more (``reason``)."""
    if before is not None and _same(before, after):
        return
    known = {} if before is None else acceptances(before)
    current = acceptances(after)
    for (subject, name), acceptance in current.items():
        if known.get((subject, name)) != acceptance:
            await _add(tx, subject, name, "accepted", acceptance)
    for (subject, name), acceptance in known.items():
        gone = (subject, name) not in current
        # With a person goes what they accepted; that needs no reason.
        if gone and (subject == tx.account_id or _has_person(after, subject)):
            await _add(tx, subject, name, "cleared", acceptance, reason or BY_REQUEST)


async def _add(
    tx: Tx,
    subject: str,
    name: str,
    kind: Literal["accepted", "cleared"],
    acceptance: Acceptance,
    reason: str | None = None,
) -> None:
    accepted_ms = parse_rfc3339(acceptance.date) if acceptance.date else tx.now_ms
    version = await _VERSION(
        tx.connection, platform_id=tx.platform_id, agreement=name, accepted_ms=accepted_ms
    )
    agreement = Agreement(
        id=ids.new_id(Agreement.prefix),
        created=Timestamp(tx.now),
        account=tx.account_id,
        agreement=name,
        date=acceptance.date,
        ip=acceptance.ip,
        key=tx.key,
        kind=kind,
        livemode=tx.livemode,
        reason=reason,
        request=tx.request_id,
        subject=subject,
        url=acceptance.url,
        user_agent=acceptance.user_agent,
        version=version,
    )
    await rows.insert(tx, agreement)


def acceptances(state: AccountState) -> Acceptances:
    """Everything that is accepted now, by the account and by its persons."""
    account = state.account
    found: Acceptances = {}
    for name, acceptance in _walk(account.identity.attestations):
        found[account.id, name] = acceptance
    individual = account.identity.individual
    for person in [*state.persons, *([individual] if individual is not None else [])]:
        terms = person.additional_terms_of_service
        for name, acceptance in _walk(terms, "additional_terms_of_service."):
            found[person.id, name] = acceptance
    return found


def _walk(holder: Any, path: str = "") -> Iterator[tuple[str, Acceptance]]:
    if not isinstance(holder, msgspec.Struct):
        return
    for name in holder.__struct_fields__:
        value = getattr(holder, name)
        if isinstance(value, Acceptance) and value.date is not None:
            yield f"{path}{name}", value
        yield from _walk(value, f"{path}{name}.")


def _same(before: AccountState, after: AccountState) -> bool:
    """Whether nothing was touched that can hold an acceptance."""
    one, other = before.account.identity, after.account.identity
    return (
        one.attestations == other.attestations
        and one.individual == other.individual
        and before.persons == after.persons
    )


def _has_person(state: AccountState, person_id: str) -> bool:
    individual = state.account.identity.individual
    itself = individual is not None and individual.id == person_id
    return itself or any(person.id == person_id for person in state.persons)
