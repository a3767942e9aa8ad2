"""``/_cardwright/programs``: the programs that a platform may attach, for whoever defines them.

The public API has no such thing, so the path stands outside of it; form, answers and errors are
those of v1.
"""

from typing import Annotated, Any

from cardwright.accounts.record.capabilities import ISSUING_COUNTRIES
from cardwright.kernel.database import Tx
from cardwright.programs import flows, verbs
from cardwright.programs.verbs import Definition
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Country, Mark, Parameters
from cardwright.wire.versions import Body

PATH = "/_cardwright/programs"
OWN_ISSUING = "/_cardwright/own_issuing"


class OwnIssuing(Parameters):
    """Where the platform's own account issues cards."""

    country: Annotated[Country, Mark(need="c", choices=ISSUING_COUNTRIES)]


async def list_all(tx: Tx, _call: Call[Any]) -> Body:
    """List the platform's own programs with what they issue."""
    found = [one.shown for one in await flows.own_programs(tx)]
    return {"object": "list", "data": found, "has_more": False, "url": PATH}


async def define(tx: Tx, call: Call[Definition]) -> Body:
    """Define a program."""
    return (await verbs.define_program(tx, call.given.value())).shown


async def close(tx: Tx, call: Call[Any]) -> Body:
    """Let a program issue no more."""
    return (await verbs.close_program(tx, call.path["id"])).shown


async def reopen(tx: Tx, call: Call[Any]) -> Body:
    """Let a program issue again."""
    return (await verbs.reopen_program(tx, call.path["id"])).shown


async def issue_on_own_account(tx: Tx, call: Call[OwnIssuing]) -> Body:
    """Let the platform issue cards on its own account; the answer is its default program."""
    return (await verbs.issue_on_own_account(tx, call.given.value().country)).shown


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


OPERATIONS = (
    _operation("GET", PATH, list_all),
    _operation("POST", PATH, define, takes=Definition),
    _operation("POST", OWN_ISSUING, issue_on_own_account, takes=OwnIssuing),
    _operation("POST", f"{PATH}/{{id}}/close", close),
    _operation("POST", f"{PATH}/{{id}}/reopen", reopen),
)
