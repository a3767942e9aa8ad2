"""Requirements that are added to one account: asked, listed, withdrawn. The transaction acts as
the account; whoever asks, the operator or a test, these are the flows."""

from functools import cache
from typing import Any, NamedTuple, get_args, get_origin

import msgspec

from cardwright.accounts import flows, refusals
from cardwright.accounts.record.identity import (
    BusinessIdNumber,
    Person,
    PersonIdNumber,
    id_number_types,
)
from cardwright.accounts.record.model import Account, AccountState
from cardwright.accounts.record.store import lock_state
from cardwright.accounts.requirements import store as requirements_store
from cardwright.accounts.requirements.catalogue import ROLE_PATHS
from cardwright.accounts.requirements.checks import role_of
from cardwright.accounts.requirements.circumstances import Added, Consequence, held_back, meant_for
from cardwright.accounts.requirements.evaluation import present
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.resource import members

PREFIX = "areq_"
# What of an account can be asked for.
ROOTS = ("configuration", "defaults", "identity")
REPRESENTATIVE = ROLE_PATHS["representative"]
# Members that nobody gives, or that are not about the business.
_NOT_GIVEN = frozenset(
    {"account", "applied", "capabilities", "created", "id", "livemode", "metadata", "updated"}
)
_NUMBERED = {BusinessIdNumber: "business", PersonIdNumber: "individual"}


class Wish(NamedTuple):
    """What is asked for: the path of a member, whose it is, and what is held back when."""

    path: str
    person: str | None
    restricts: tuple[Consequence, ...]
    effective_ms: int
    due_ms: int


@operator_verb(kind="none")
async def add_requirement(tx: Tx, wish: Wish) -> Added:
    """Ask the acting account for something more.

    Refuses a path that is no member, or of no account of this kind, a member that is there already,
    a person who does not exist and what would hold nothing back.
    """
    before = await lock_state(tx)
    _check_path(wish.path)
    _check_kind(before, wish.path)
    _check_person(before, wish)
    _check_missing(before, wish)
    if wish.due_ms < wish.effective_ms:
        fail(refusals.REQUIREMENT_DUE_BEFORE_EFFECT, param="deadline")
    if not held_back(before.account, list(before.capabilities), wish.restricts):
        fail(
            refusals.REQUIREMENT_RESTRICTS_NOTHING,
            param="restricts",
            restricts=_listed(wish.restricts),
        )
    added = Added(
        id=ids.new_id(PREFIX),
        path=wish.path,
        person=wish.person,
        restricts=wish.restricts,
        effective_ms=wish.effective_ms,
        due_ms=wish.due_ms,
        created_ms=tx.now_ms,
    )
    if not await requirements_store.add(tx, added):
        fail(refusals.REQUIREMENT_ADDED_ALREADY, param="requirement")
    await flows.reevaluate(tx)
    return added


async def added_requirements(tx: Tx) -> list[Added]:
    """What the acting account is asked for beyond the catalogue, oldest first."""
    return await requirements_store.added_of(tx.connection, tx.account_id)


@operator_verb(kind="widens_risk")
async def withdraw_requirement(tx: Tx, added_id: str) -> Added:
    """Ask the acting account for it no longer."""
    await lock_state(tx)
    for added in await added_requirements(tx):
        if added.id == added_id:
            await requirements_store.withdraw(tx, added_id)
            await flows.reevaluate(tx)
            return added
    fail(
        tenancy_refusals.RESOURCE_MISSING,
        param="requirement",
        object="requirement",
        id=added_id[:200],
    )


def status_of(state: AccountState, added: Added) -> str:
    """How far it is: ``met``, ``pending`` (looked at), ``future`` or the status of its deadline."""
    for entry in state.account.requirements.entries:
        if _tells_of(state, entry.description, entry.reference, added):
            pending = entry.awaiting_action_from == "stripe"
            return "pending" if pending else entry.minimum_deadline.status
    for entry in state.account.future_requirements.entries:
        if _tells_of(state, entry.description, entry.reference, added):
            return "future"
    return "met"


def _tells_of(state: AccountState, path: str, reference: Any, added: Added) -> bool:
    if path != added.path:
        return False
    return added.person is None or reference is None or reference.resource == added.person


def _check_path(path: str) -> None:
    """Refuse what is no member of an account or of a person."""
    head, _, rest = path.partition(".")
    of_person = head in ROLE_PATHS.values() and _has(Person, rest)
    if not of_person and not (head in ROOTS and _has(Account, path)):
        fail(wire_refusals.PARAMETER_PATTERN, param="requirement", value=path[:200])


def _check_kind(state: AccountState, path: str) -> None:
    """Refuse what an account of this kind never has."""
    kind = state.account.identity.entity_type
    if not meant_for(kind, path):
        fail(refusals.REQUIREMENT_NOT_OF_KIND, param="requirement", kind=kind, path=path)


@cache
def _has(shape: Any, path: str) -> bool:
    """Whether a shape has a member at a dotted path; id numbers are named by their kind."""
    step, _, rest = path.partition(".")
    found = members(shape).get(step)
    if found is None or step in _NOT_GIVEN:
        return False
    kind = found.type
    if get_origin(kind) is list:
        numbered = _NUMBERED.get(get_args(kind)[0])
        return not rest or (numbered is not None and rest in id_number_types(numbered))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return not rest or _has(kind, rest)
    return not rest


def _check_person(state: AccountState, wish: Wish) -> None:
    """Refuse a person who is not of the account, and a role of many without a person."""
    head = wish.path.partition(".")[0]
    if head not in ROLE_PATHS.values():
        if wish.person is not None:
            fail(refusals.REQUIREMENT_PERSON_NOT_NEEDED, param="person")
        return
    if wish.person is None:
        if head != REPRESENTATIVE:
            fail(wire_refusals.PARAMETER_MISSING, param="person")
        return
    person = _person(state, wish.person)
    if person is None:
        fail(
            tenancy_refusals.RESOURCE_MISSING, param="person", object="person", id=wish.person[:200]
        )
    role = role_of(person)
    if role is None or ROLE_PATHS[role] != head:
        fail(refusals.REQUIREMENT_PERSON_OF_OTHER_ROLE, param="person", role=head)


def _person(state: AccountState, person_id: str) -> Person | None:
    return next((person for person in state.persons if person.id == person_id), None)


def _check_missing(state: AccountState, wish: Wish) -> None:
    """Refuse to ask for what is there."""
    head, _, rest = wish.path.partition(".")
    root: Any = state.account
    path = wish.path
    if head in ROLE_PATHS.values():
        path = rest
        holders = [one for one in state.persons if role_of(one) == "representative"]
        root = next(iter(holders), None) if wish.person is None else _person(state, wish.person)
    if present(root, path):
        fail(refusals.REQUIREMENT_MET_ALREADY, param="requirement", path=wish.path)


def _listed(restricts: tuple[Consequence, ...]) -> str:
    return " or ".join(restricts)
