"""``/v1/accounts``: the v1 operations on accounts, persons and capabilities.

Each translates what was given, calls the flow that v2 calls, and shows the record in v1's words.
"""

from typing import Any, TypeVar

import msgspec

from cardwright.accounts import external_accounts, flows, persons, refusals
from cardwright.accounts.operations import v1_tokens
from cardwright.accounts.record import store
from cardwright.accounts.record.acting import acting
from cardwright.accounts.record.identity import Person
from cardwright.accounts.record.model import Account, AccountState, Rejection
from cardwright.accounts.record.v1_capabilities import V1_CAPABILITIES, grouped
from cardwright.accounts.views import v1_render, v1_translate
from cardwright.accounts.views.v1_account import AccountParameters, ShownAccount
from cardwright.accounts.views.v1_person import PersonListParameters, PersonParameters, ShownPerson
from cardwright.accounts.views.v1_shapes import (
    AccountListParameters,
    CapabilityList,
    CapabilityParameters,
    RejectParameters,
    ShownCapability,
)
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.refusal import Failure, fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy import registry
from cardwright.wire import expand, instants, pages, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.given import Given
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Resource

PATH = "/v1/accounts"
ACCOUNT = f"{PATH}/{{id}}"
# The names that a request may use; others are shown when the record has them.
REQUESTABLE = V1_CAPABILITIES
# What the record says of each reason of a platform, by the first word of the reason.
REJECTIONS: dict[str, Rejection] = {
    "credit": "platform_other",
    "fraud": "platform_fraud",
    "other": "platform_other",
    "terms": "platform_terms_of_service",
}
# Where an account is when neither the call nor the platform's own account says.
COUNTRY = "US"

Body = dict[str, Any]


async def account_tx(tx: Tx, account_id: str) -> Tx:
    """The transaction acting as the named account; refuses with ``account_invalid`` one that does
    not exist, was deleted, or is another platform's: v1 does not tell them apart."""
    found = await acting(tx, account_id)
    if found is None:
        fail(wire_refusals.ACCOUNT_INVALID, key=tx.key, account=account_id[:100])
    return found


# Accounts.


async def create(tx: Tx, call: Call[AccountParameters]) -> Body:
    """Create a connected account."""
    given = await v1_tokens.with_account_token(tx, call.given.tree)
    own = await rows.find(tx.connection, Account, tx.account_id, tx.account_id)
    country = given.get("country") or (own.identity.country if own is not None else None)
    tree = v1_translate.new_account_tree(given, country or COUNTRY)
    if given.get("test_clock") is not None:
        tree["test_clock"] = given["test_clock"]
    try:
        state = await flows.create_account(tx, Given(Account, tree, "v1"))
    except Failure as failure:
        raise v1_translate.in_v1_words(failure) from failure
    made = await account_tx(tx, state.account.id)
    return v1_render.account_body(await _with_external_account(made, given, state))


async def _with_external_account(account: Tx, given: Body, state: AccountState) -> AccountState:
    """The account with the bank account that the call brought, in place of the default one."""
    details = given.get("external_account")
    if not details:
        return state
    await external_accounts.add(account, details, replacing=True)
    return await store.load_state(account)


async def retrieve(tx: Tx, call: Call[AccountParameters]) -> Body:
    """Retrieve an account."""
    account = await account_tx(tx, call.path["id"])
    return v1_render.account_body(await store.load_state(account))


async def retrieve_own(tx: Tx, call: Call[AccountParameters]) -> Body:
    """Retrieve the account of the caller."""
    return v1_render.account_body(await store.load_state(tx))


async def update(tx: Tx, call: Call[AccountParameters]) -> Body:
    """Update an account."""
    account = await account_tx(tx, call.path["id"])
    before = await store.lock_state(account)
    country = before.account.identity.country
    given = await v1_tokens.with_account_token(account, call.given.tree)
    state = await _updated(account, v1_translate.account_tree(given, country, before))
    return v1_render.account_body(await _with_external_account(account, given, state))


async def _updated(account: Tx, tree: Body) -> AccountState:
    try:
        return await flows.update_account(account, Given(Account, tree, "v1"))
    except Failure as failure:
        raise v1_translate.in_v1_words(failure) from failure


async def delete(tx: Tx, call: Call[AccountParameters]) -> Body:
    """Close an account."""
    account = await account_tx(tx, call.path["id"])
    await flows.close_account(account)
    return {"id": account.account_id, "object": "account", "deleted": True}


async def reject(tx: Tx, call: Call[RejectParameters]) -> Body:
    """Reject an account on the platform's behalf: nothing that it provides helps afterwards."""
    account = await account_tx(tx, call.path["id"])
    reason: str = call.given.get("reason")
    if account.account_id == tx.account_id:
        fail(refusals.PLATFORM_NOT_REJECTED)
    state = await flows.reject_account(account, REJECTIONS[reason.partition("_")[0]])
    return v1_render.account_body(state)


async def list_all(tx: Tx, call: Call[AccountListParameters]) -> pages.Page[Body]:
    """List the platform's accounts, newest first."""
    page = await pages.list_page(
        tx.connection,
        Account,
        tx.account_id,
        None,
        call.page,
        owner="platform_id",
        fixed={
            "closed": False,
            "created": instants.as_texts(instants.of_seconds(call.given.get("created"))),
        },
    )
    bodies = []
    for account in page.data:
        on_account = await account_tx(tx, account.id)
        bodies.append(v1_render.account_body(await store.load_state(on_account)))
    return pages.Page(bodies, page.has_more, page.request)


async def load(connection: Connection, account_id: str, ids: list[str]) -> dict[str, Any]:
    """Accounts by their ids: the acting one, and those that it is the platform of."""
    found = {}
    for tenant in await registry.find_tenants(connection, ids):
        if account_id in (tenant.account_id, tenant.platform_id):
            state = await store.find_state(connection, tenant.account_id)
            if state is not None:
                found[tenant.account_id] = v1_render.account_body(state)
    return found


LOADER = expand.Loader(ShownAccount, load)

# Persons.


async def _find_person(account: Tx, person_id: str) -> persons.PersonState:
    """A person of the account; a refusal calls it what v1 does."""
    try:
        return await persons.find_person(account, person_id)
    except Failure as failure:
        if failure.refusal != tenancy_refusals.RESOURCE_MISSING:
            raise
    fail(tenancy_refusals.RESOURCE_MISSING, param="person", object="person", id=person_id[:200])


async def create_person(tx: Tx, call: Call[PersonParameters]) -> Body:
    """Add a person to an account."""
    account = await account_tx(tx, call.path["id"])
    state = await store.lock_state(account)
    given = await v1_tokens.with_person_token(account, call.given.tree)
    tree = v1_translate.person_tree(given, state.account.identity.country, None)
    try:
        made = await persons.create_person(account, Given(Person, tree, "v1"))
    except Failure as failure:
        raise v1_translate.in_v1_words(failure, person=True) from failure
    return v1_render.person_body(made.state, made.person)


async def retrieve_person(tx: Tx, call: Call[PersonParameters]) -> Body:
    """Retrieve a person of an account."""
    account = await account_tx(tx, call.path["id"])
    found = await _find_person(account, call.path["person"])
    return v1_render.person_body(found.state, found.person)


async def update_person(tx: Tx, call: Call[PersonParameters]) -> Body:
    """Update a person of an account."""
    account = await account_tx(tx, call.path["id"])
    await store.lock_state(account)
    found = await _find_person(account, call.path["person"])
    country = found.state.account.identity.country
    given = await v1_tokens.with_person_token(account, call.given.tree)
    tree = v1_translate.person_tree(given, country, found.person)
    try:
        updated = await persons.update_person(
            account, call.path["person"], Given(Person, tree, "v1")
        )
    except Failure as failure:
        raise v1_translate.in_v1_words(failure, person=True) from failure
    return v1_render.person_body(updated.state, updated.person)


async def delete_person(tx: Tx, call: Call[PersonParameters]) -> Body:
    """Remove a person from an account."""
    account = await account_tx(tx, call.path["id"])
    await store.lock_state(account)
    await _find_person(account, call.path["person"])
    deleted = await persons.delete_person(account, call.path["person"])
    return {"id": deleted.person.id, "object": "person", "deleted": True}


async def list_persons(tx: Tx, call: Call[PersonListParameters]) -> pages.Page[Body]:
    """List the persons of an account, newest first; the filter names what they are to it."""
    account = await account_tx(tx, call.path["id"])
    state = await store.load_state(account)
    individual = state.account.identity.individual
    everybody = [*state.persons, *([individual] if individual is not None else [])]
    wanted: dict[str, bool] = call.given.get("relationship") or {}
    shown = [
        person
        for person in reversed(everybody)
        if all(
            bool(getattr(person.relationship, name, None)) == value
            for name, value in wanted.items()
        )
    ]
    page = slice_of(Person, shown, call.page)
    bodies = [v1_render.person_body(state, person) for person in page.data]
    return pages.Page(bodies, page.has_more, page.request)


ResourceT = TypeVar("ResourceT", bound=Resource)


def slice_of(
    kind: type[ResourceT], found: list[ResourceT], request: pages.PageRequest
) -> pages.Page[ResourceT]:
    """A page of the few objects of a kind that an account has, newest first."""
    cursor = request.starting_after or request.ending_before
    place = next((index for index, person in enumerate(found) if person.id == cursor), None)
    if cursor is not None and place is None:
        param = "starting_after" if request.starting_after is not None else "ending_before"
        rows.missing(kind, cursor, param)
    if request.ending_before is not None:
        newer = found[:place]
        return pages.Page(newer[-request.limit :], len(newer) > request.limit, request)
    older = found if place is None else found[place + 1 :]
    return pages.Page(older[: request.limit], len(older) > request.limit, request)


# Capabilities.


async def list_capabilities(tx: Tx, call: Call[CapabilityParameters]) -> Body:
    """List the capabilities of an account, also those that it has not requested."""
    account = await account_tx(tx, call.path["id"])
    state = await store.load_state(account)
    names = sorted({*REQUESTABLE, *grouped(state.capabilities)})
    bodies = [v1_render.capability_body(state, name) for name in names]
    return {"object": "list", "url": call.url, "has_more": False, "data": bodies}


async def retrieve_capability(tx: Tx, call: Call[CapabilityParameters]) -> Body:
    """Retrieve a capability of an account."""
    account = await account_tx(tx, call.path["id"])
    state = await store.load_state(account)
    _check_name(call.path["capability"], state)
    return v1_render.capability_body(state, call.path["capability"])


async def update_capability(tx: Tx, call: Call[CapabilityParameters]) -> Body:
    """Request a capability, or take the request back."""
    account = await account_tx(tx, call.path["id"])
    before = await store.lock_state(account)
    name = call.path["capability"]
    _check_name(name, before)
    requested = call.given.get("requested")
    if requested is not None and (name in REQUESTABLE or not requested):
        tree = v1_translate.capability_tree(name, before, requested=requested)
        await _updated(account, tree)
    return v1_render.capability_body(await store.load_state(account), name)


def _check_name(name: str, state: AccountState) -> None:
    if name not in REQUESTABLE and name not in grouped(state.capabilities):
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="capability",
            object="capability",
            id=name[:200],
        )


def _operations(
    path: str,
    returns: type[Resource],
    takes: type[msgspec.Struct],
    *,
    listing: type[msgspec.Struct],
    **handlers: Any,
) -> tuple[Operation, ...]:
    """The five operations of accounts and of persons below their paths."""
    one, many = path, path.rpartition("/")[0]
    alone = many == PATH
    return (
        Operation(
            method="POST",
            path=many,
            handler=handlers["create"],
            takes=takes,
            returns=returns,
            letter="c",
            platform_only=alone,
        ),
        Operation(
            method="GET",
            path=many,
            handler=handlers["list_all"],
            takes=listing,
            returns=returns,
            letter="l",
            is_list=True,
            platform_only=alone,
        ),
        Operation(method="GET", path=one, handler=handlers["retrieve"], returns=returns),
        Operation(
            method="POST",
            path=one,
            handler=handlers["update"],
            takes=takes,
            returns=returns,
            letter="u",
        ),
        Operation(method="DELETE", path=one, handler=handlers["delete"], invalidates=alone),
    )


_PERSON_HANDLERS = {
    "create": create_person,
    "list_all": list_persons,
    "retrieve": retrieve_person,
    "update": update_person,
    "delete": delete_person,
}
OPERATIONS = (
    Operation(method="GET", path="/v1/account", handler=retrieve_own, returns=ShownAccount),
    *_operations(
        ACCOUNT,
        ShownAccount,
        AccountParameters,
        listing=AccountListParameters,
        create=create,
        list_all=list_all,
        retrieve=retrieve,
        update=update,
        delete=delete,
    ),
    Operation(
        method="POST",
        path=f"{ACCOUNT}/reject",
        handler=reject,
        takes=RejectParameters,
        returns=ShownAccount,
        platform_only=True,
    ),
    *_operations(
        f"{ACCOUNT}/persons/{{person}}",
        ShownPerson,
        PersonParameters,
        listing=PersonListParameters,
        **_PERSON_HANDLERS,
    ),
    # The older name of the same.
    *_operations(
        f"{ACCOUNT}/people/{{person}}",
        ShownPerson,
        PersonParameters,
        listing=PersonListParameters,
        **_PERSON_HANDLERS,
    ),
    Operation(
        method="GET",
        path=f"{ACCOUNT}/capabilities",
        handler=list_capabilities,
        returns=CapabilityList,
    ),
    Operation(
        method="GET",
        path=f"{ACCOUNT}/capabilities/{{capability}}",
        handler=retrieve_capability,
        returns=ShownCapability,
    ),
    Operation(
        method="POST",
        path=f"{ACCOUNT}/capabilities/{{capability}}",
        handler=update_capability,
        takes=CapabilityParameters,
        returns=ShownCapability,
        letter="u",
    ),
)
