"""``/v2/core/accounts``: accounts and their persons in v2. Calls are made by the platform."""

from typing import Annotated, Any

import msgspec

from cardwright.accounts import flows, persons, refusals
from cardwright.accounts.identity_rules import check_declared
from cardwright.accounts.operations import v2_tokens
from cardwright.accounts.record.acting import acting
from cardwright.accounts.record.configurations import CONFIGURATIONS
from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import Account, AccountState
from cardwright.accounts.record.store import load_state
from cardwright.accounts.record.token_shapes import AccountGiven, PersonGiven
from cardwright.accounts.views.v2_render import (
    PREVIEW_KEYS,
    account_body,
    from_words,
    included,
    person_body,
)
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import pages, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.given import Given
from cardwright.wire.operation import Call, Handler, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import PREVIEW_HINT, Body

PATH = "/v2/core/accounts"
_NAMES = frozenset({*CONFIGURATIONS, "storer"})


class AccountList(Parameters):
    """Filters of the list of accounts."""

    applied_configurations: Annotated[list[str], Mark(choices=_NAMES)] = msgspec.field(
        default_factory=list
    )
    closed: bool | None = None


class AccountClose(Parameters):
    """What closing asks: all configurations that the account has applied."""

    applied_configurations: Annotated[list[str], Mark(choices=_NAMES)] = msgspec.field(
        default_factory=list
    )


async def on_account(tx: Tx, account_id: str, *, closed: bool = False) -> Tx:
    """The transaction acting as the named account; refuses with ``not_found``."""
    found = await acting(tx, account_id, closed=closed)
    if found is not None:
        return found
    if not closed and await acting(tx, account_id, closed=True) is not None:
        fail(tenancy_refusals.ACCOUNT_CLOSED, account=account_id)
    if account_id.startswith("cus_"):
        fail(refusals.V1_CUSTOMER_INSTEAD_OF_V2_ACCOUNT, id=account_id[:200])
    fail(wire_refusals.NOT_FOUND, object="account", id=account_id[:200])


def _shown(call: Call[Any], state: AccountState) -> Body:
    return account_body(state, included(call.include, call.version), call.version)


def _check_given(call: Call[AccountGiven]) -> None:
    """Refuse, before anything is done, what the parser of the shape cannot know."""
    included(call.include, call.version)
    responsibilities = (call.given.get("defaults") or {}).get("responsibilities") or {}
    if "requirements_collector" in responsibilities and not call.version.preview:
        param = "defaults.responsibilities.requirements_collector"
        fail(wire_refusals.FIELD_UNKNOWN, param=param, hint=PREVIEW_HINT)


async def create(tx: Tx, call: Call[AccountGiven]) -> Body:
    """Create an account."""
    _check_given(call)
    check_declared(call.given.get("identity") or {})
    given = await v2_tokens.with_account_token(tx, call.given)
    return _shown(call, await flows.create_account(tx, _on_clock(given)))


def _on_clock(given: Given[Account]) -> Given[Account]:
    """The same, where a customer's test clock is the clock of the account."""
    customer = (given.get("configuration") or {}).get("customer") or {}
    clock_id = customer.get("test_clock")
    if clock_id is None:
        return given
    return Given(Account, {**given.tree, "test_clock": clock_id}, given.style)


async def retrieve(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve an account, closed ones too."""
    wanted = included(call.include, call.version)
    at = await on_account(tx, call.path["id"], closed=True)
    if not any(name.startswith("configuration.") for name in wanted):
        # The account alone says the rest.
        account = await rows.get(at, Account, at.account_id, param="account")
        return account_body(AccountState(account, [], {}), wanted, call.version)
    return _shown(call, await load_state(at))


async def update(tx: Tx, call: Call[AccountGiven]) -> Body:
    """Update an account."""
    _check_given(call)
    at = await on_account(tx, call.path["id"])
    given = await v2_tokens.with_account_token(at, call.given)
    return _shown(call, await flows.update_account(at, given))


async def close(tx: Tx, call: Call[AccountClose]) -> Body:
    """Close an account."""
    included(call.include, call.version)
    named = [from_words(name) for name in call.given.get("applied_configurations") or []]
    at = await on_account(tx, call.path["id"])
    return _shown(call, await flows.close_account(at, named))


async def list_all(tx: Tx, call: Call[AccountList]) -> pages.Page[Body]:
    """List the platform's accounts, newest first."""
    names = call.given.get("applied_configurations") or []
    hidden = PREVIEW_KEYS if not call.version.preview else frozenset()
    fixed: Body = {
        "closed": bool(call.given.get("closed") or False),
        "applied_configurations": [from_words(name) for name in names] or None,
    }
    if hidden & set(fixed["applied_configurations"] or []):
        fail(refusals.CONFIGURATION_OF_PREVIEW, param="applied_configurations")
    page = await pages.list_page(
        tx.connection,
        Account,
        tx.account_id,
        None,
        call.page,
        owner="platform_id",
        fixed=fixed,
        cursor_param=False,
    )
    nothing: frozenset[str] = frozenset()
    bodies = [
        account_body(AccountState(account, [], {}), nothing, call.version) for account in page.data
    ]
    return pages.Page(bodies, page.has_more, page.request)


async def current(tx: Tx, call: Call[Any], account_id: str) -> Body:
    """The account that a repeated key made, closed or changed, as it is now."""
    at = await on_account(tx, account_id, closed=True)
    return _shown(call, await load_state(at))


# Persons.


async def create_person(tx: Tx, call: Call[PersonGiven]) -> Body:
    """Create a person."""
    at = await on_account(tx, call.path["id"])
    given = await v2_tokens.with_person_token(at, call.given, at.account_id)
    made = await persons.create_person(at, given)
    return person_body(made.person, call.version)


async def retrieve_person(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a person."""
    return await _person(tx, call, call.path["person"])


async def update_person(tx: Tx, call: Call[PersonGiven]) -> Body:
    """Update a person."""
    at = await on_account(tx, call.path["id"])
    given = await v2_tokens.with_person_token(at, call.given, at.account_id)
    changed = await persons.update_person(at, call.path["person"], given)
    return person_body(changed.person, call.version)


async def delete_person(tx: Tx, call: Call[Any]) -> Body:
    """Delete a person."""
    at = await on_account(tx, call.path["id"])
    gone = await persons.delete_person(at, call.path["person"])
    return _deleted(gone.person.id)


async def list_persons(tx: Tx, call: Call[Any]) -> pages.Page[Body]:
    """List the persons of an account, newest first."""
    at = await on_account(tx, call.path["id"], closed=True)
    page = await pages.list_page(
        tx.connection, Person, at.account_id, None, call.page, cursor_param=False
    )
    bodies = [person_body(person, call.version) for person in page.data]
    return pages.Page(bodies, page.has_more, page.request)


async def current_person(tx: Tx, call: Call[Any], person_id: str) -> Body:
    """The person that a repeated key made or changed, as it is now."""
    return await _person(tx, call, person_id)


async def deleted_person(_tx: Tx, _call: Call[Any], person_id: str) -> Body:
    """The answer to a repeated deletion."""
    return _deleted(person_id)


async def _person(tx: Tx, call: Call[Any], person_id: str) -> Body:
    at = await on_account(tx, call.path["id"], closed=True)
    found = await persons.find_person(at, person_id)
    return person_body(found.person, call.version)


def _deleted(person_id: str) -> Body:
    return {"id": person_id, "object": "v2.deleted_object"}


def _operation(method: str, path: str, handler: Handler, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


def _related(path: str, handler: Handler, **more: Any) -> Operation:
    """What thin events are about: the official SDKs fetch it in the context of the account."""
    return Operation(method="GET", path=path, handler=handler, **more)


OPERATIONS = (
    _operation(
        "POST", PATH, create, takes=AccountGiven, letter="c", current=current, includes=True
    ),
    _operation("GET", PATH, list_all, takes=AccountList, letter="l", is_list=True),
    _related(f"{PATH}/{{id}}", retrieve, includes=True),
    _operation(
        "POST",
        f"{PATH}/{{id}}",
        update,
        takes=AccountGiven,
        letter="u",
        current=current,
        includes=True,
    ),
    _operation(
        "POST",
        f"{PATH}/{{id}}/close",
        close,
        takes=AccountClose,
        invalidates=True,
        current=current,
        includes=True,
    ),
    _operation(
        "POST",
        f"{PATH}/{{id}}/persons",
        create_person,
        takes=PersonGiven,
        letter="c",
        current=current_person,
    ),
    _operation("GET", f"{PATH}/{{id}}/persons", list_persons, is_list=True),
    _related(f"{PATH}/{{id}}/persons/{{person}}", retrieve_person),
    _operation(
        "POST",
        f"{PATH}/{{id}}/persons/{{person}}",
        update_person,
        takes=PersonGiven,
        letter="u",
        current=current_person,
    ),
    _operation(
        "DELETE", f"{PATH}/{{id}}/persons/{{person}}", delete_person, current=deleted_person
    ),
)
