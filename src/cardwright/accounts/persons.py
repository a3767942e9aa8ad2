"""What happens to the persons of an account. The transaction acts as the account."""

import msgspec

from cardwright.accounts import person_rules, refusals
from cardwright.accounts.announce import announce_person
from cardwright.accounts.flows import persons_changed, update_account
from cardwright.accounts.record import documents
from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import Account, AccountState
from cardwright.accounts.record.store import load_state, lock_state
from cardwright.accounts.verification import flows as verification
from cardwright.kernel import clock, ids
from cardwright.kernel.clock import rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import secrets
from cardwright.wire import rows
from cardwright.wire.given import Given, build, merge
from cardwright.wire.resource import Moment


class PersonState(msgspec.Struct, frozen=True):
    """A person and the account it belongs to."""

    state: AccountState
    person: Person


async def find_person(tx: Tx, person_id: str) -> PersonState:
    """A person of the acting account; an individual account's own person is one too."""
    state = await load_state(tx)
    individual = state.account.identity.individual
    if individual is not None and individual.id == person_id:
        return PersonState(state, individual)
    return PersonState(state, await rows.get(tx, Person, person_id, param="person"))


async def create_person(tx: Tx, given: Given[Person]) -> PersonState:
    """A new person of the acting account."""
    before = await lock_state(tx)
    now = Moment(rfc3339(tx.now_ms))
    person = build(
        Person,
        given,
        id=ids.new_id(Person.prefix),
        account=tx.account_id,
        created=now,
        updated=now,
        livemode=tx.livemode,
    )
    person_rules.check_persons(before.account, before.persons, person)
    person_rules.check_person_past(person, clock.latest_ms(tx.now_ms))
    await documents.check_person(tx, None, person)
    person = await verification.seal_person(tx, person)
    await rows.insert(tx, person)
    state = await persons_changed(tx, before, [*before.persons, person])
    announce_person(tx, "created", person)
    return PersonState(state, person)


async def update_person(tx: Tx, person_id: str, given: Given[Person]) -> PersonState:
    """A person of the acting account with the given members changed."""
    before = await lock_state(tx)
    individual = before.account.identity.individual
    if individual is not None and individual.id == person_id:
        whole = Given(Account, {"identity": {"individual": given.tree}}, given.style)
        state = await update_account(tx, whole)
        after = state.account.identity.individual
        assert after is not None, "the individual of the account"
        return PersonState(state, after)
    old = await rows.get(tx, Person, person_id, param="person")
    person = merge(old, given)
    others = [other for other in before.persons if other.id != person_id]
    person_rules.check_persons(before.account, others, person, old)
    person_rules.check_person_past(person, clock.latest_ms(tx.now_ms))
    await documents.check_person(tx, old, person)
    sealed = await verification.seal_person(tx, person)
    if sealed == old and not _renumbered(person):
        return PersonState(before, old)
    sealed = msgspec.structs.replace(sealed, updated=Moment(rfc3339(tx.now_ms)))
    await rows.save(tx, sealed)
    persons = [sealed if other.id == person_id else other for other in before.persons]
    state = await persons_changed(tx, before, persons)
    announce_person(tx, "updated", sealed, old)
    return PersonState(state, sealed)


async def delete_person(tx: Tx, person_id: str) -> PersonState:
    """Remove a person of the acting account; an individual cannot be removed from its own."""
    before = await lock_state(tx)
    individual = before.account.identity.individual
    if individual is not None and individual.id == person_id:
        fail(refusals.INDIVIDUAL_PERSON_KEPT)
    person = await rows.get(tx, Person, person_id, param="person")
    await rows.delete(tx, person)
    await secrets.forget(tx, person.id)
    others = [other for other in before.persons if other.id != person_id]
    state = await persons_changed(tx, before, others)
    announce_person(tx, "deleted", person)
    return PersonState(state, person)


def _renumbered(person: Person) -> bool:
    """Whether an id number was given, which the sealed person does not show."""
    return any(number.value is not msgspec.UNSET for number in person.id_numbers)
