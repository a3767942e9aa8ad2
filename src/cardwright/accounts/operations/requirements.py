"""``/_cardwright/accounts/:id/requirements``: what the operator asks of one account beyond the
catalogue, and the same as a test helper.

The public API has no such thing, so the path stands outside of it; form, answers and errors are
those of v1.
"""

from typing import Annotated, Any

from cardwright.accounts import asking as flows
from cardwright.accounts.asking import Wish
from cardwright.accounts.record.acting import named_account
from cardwright.accounts.record.model import AccountState
from cardwright.accounts.record.store import load_state
from cardwright.accounts.requirements.circumstances import Added, Consequence
from cardwright.kernel.clock import SECOND_MS
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import pages
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters, Timestamp
from cardwright.wire.versions import Body

PATH = "/_cardwright/accounts/{id}/requirements"
TEST_PATH = "/v1/test_helpers/accounts/{id}/requirements"
CONSEQUENCES: frozenset[str] = frozenset({"issuing", "payouts"})


class NewRequirement(Parameters):
    """What is asked for, and when it begins to count.

    ``requirement`` is the path of a member in the words of v2; of a person's member the path
    opens with the role (``representative``, ``owners``, ``directors``, ``executives``) and
    ``person`` says who. Until ``effective_at`` (now, unless given) it is a future requirement; at
    ``deadline`` it restricts what ``restricts`` names.
    """

    requirement: Annotated[str, Mark(need="c", longest=200)]
    person: Annotated[str | None, Mark(longest=255)] = None
    effective_at: Timestamp | None = None
    deadline: Annotated[Timestamp, Mark(need="c")]
    restricts: Annotated[list[str] | None, Mark(choices=CONSEQUENCES)] = None


async def add(tx: Tx, call: Call[NewRequirement]) -> Body:
    """Ask an account for something more."""
    at = await named_account(tx, call.path["id"])
    given = call.given.value()
    added = await flows.add_requirement(at, wish_of(at, given))
    return body_of(at, added, await load_state(at))


def wish_of(tx: Tx, given: NewRequirement) -> Wish:
    """What is asked for; what takes effect now and was due before is due now."""
    due_ms = given.deadline * SECOND_MS
    if given.effective_at is None:
        return Wish(
            given.requirement,
            given.person,
            consequences(given.restricts),
            tx.now_ms,
            max(due_ms, tx.now_ms),
        )
    effective_ms = given.effective_at * SECOND_MS
    restricts = consequences(given.restricts)
    return Wish(given.requirement, given.person, restricts, effective_ms, due_ms)


def consequences(names: list[str] | None) -> tuple[Consequence, ...]:
    """What is held back, once each; issuing unless something is said."""
    wanted = names or ["issuing"]
    known: tuple[Consequence, ...] = ("issuing", "payouts")
    return tuple(name for name in known if name in wanted)


async def list_all(tx: Tx, call: Call[Any]) -> pages.Page[Body]:
    """List what was added to an account, newest first."""
    at = await named_account(tx, call.path["id"], closed=True)
    state = await load_state(at)
    found = [body_of(at, added, state) for added in await flows.added_requirements(at)][::-1]
    page = call.page
    cursor = page.starting_after or page.ending_before
    place = next((place for place, one in enumerate(found) if one["id"] == cursor), None)
    if cursor is not None and place is None:
        param = "starting_after" if page.starting_after is not None else "ending_before"
        fail(tenancy_refusals.RESOURCE_MISSING, param=param, object="requirement", id=cursor[:200])
    if page.ending_before is not None:
        newer = found[:place]
        return pages.Page(newer[-page.limit :], len(newer) > page.limit, page)
    older = found if place is None else found[place + 1 :]
    return pages.Page(older[: page.limit], len(older) > page.limit, page)


async def withdraw(tx: Tx, call: Call[Any]) -> Body:
    """Ask for it no longer."""
    at = await named_account(tx, call.path["id"])
    gone = await flows.withdraw_requirement(at, call.path["requirement"])
    return {"id": gone.id, "object": "added_requirement", "deleted": True}


def body_of(tx: Tx, added: Added, state: AccountState) -> Body:
    """An added requirement on the wire."""
    return {
        "id": added.id,
        "object": "added_requirement",
        "account": tx.account_id,
        "created": added.created_ms // SECOND_MS,
        "deadline": added.due_ms // SECOND_MS,
        "effective_at": added.effective_ms // SECOND_MS,
        "livemode": tx.livemode,
        "person": added.person,
        "requirement": added.path,
        "restricts": list(added.restricts),
        "status": flows.status_of(state, added),
    }


OPERATIONS = (
    Operation(
        method="POST",
        path=PATH,
        handler=add,
        takes=NewRequirement,
        platform_only=True,
    ),
    Operation(method="GET", path=PATH, handler=list_all, is_list=True, platform_only=True),
    Operation(
        method="DELETE",
        path=f"{PATH}/{{requirement}}",
        handler=withdraw,
        platform_only=True,
    ),
    Operation(
        method="POST",
        path=TEST_PATH,
        handler=add,
        takes=NewRequirement,
        platform_only=True,
        test_only=True,
    ),
)
