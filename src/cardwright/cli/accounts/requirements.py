"""``cardwright requirements``: ask one account for more than the catalogue does."""

from datetime import UTC, datetime
from typing import Annotated

from cyclopts import App, Parameter

from cardwright.accounts import asking as flows
from cardwright.accounts.operations.requirements import consequences
from cardwright.accounts.record.model import AccountState
from cardwright.accounts.record.store import load_state
from cardwright.accounts.requirements.circumstances import Added, Consequence
from cardwright.cli.tables import Columns, Json, table
from cardwright.cli.transaction import Said, as_account
from cardwright.kernel.clock import SECOND_MS, rfc3339
from cardwright.kernel.database import Tx

app = App(name="requirements", help="Ask an account for more, or for it no longer.")

When = Annotated[datetime, Parameter(help="A day or an instant (UTC) as 2027-06-18T12:00:00.")]


@app.command
@as_account
async def add(
    tx: Tx,
    requirement: str,
    *,
    deadline: When,
    effective: When | None = None,
    person: str | None = None,
    restricts: Annotated[tuple[Consequence, ...], Parameter(negative="")] = ("issuing",),
) -> Said:
    """Ask an account for something more.

    Parameters
    ----------
    requirement
        The path of a member in the words of v2, such as representative.documents.passport.
    deadline
        When it begins to restrict.
    effective
        When it becomes a requirement; a future requirement until then.
    person
        Whose member it is, for owners, directors and executives.
    restricts
        What stops at the deadline.
    """
    begin_ms = tx.now_ms if effective is None else milliseconds(effective)
    due_ms = milliseconds(deadline)
    due_ms = max(due_ms, tx.now_ms) if effective is None else due_ms
    held = consequences(list(restricts))
    wish = flows.Wish(requirement, person, held, begin_ms, due_ms)
    added = await flows.add_requirement(tx, wish)
    return line(added, await load_state(tx))


@app.command(name="list")
@as_account
async def list_added(tx: Tx, *, json: Json = False) -> Said:
    """List what was added to the requirements of an account, oldest first."""
    state = await load_state(tx)
    columns: Columns[Added] = {
        "id": lambda added: added.id,
        "status": lambda added: flows.status_of(state, added),
        "requirement": lambda added: added.path,
        "person": lambda added: added.person,
        "deadline": lambda added: rfc3339(added.due_ms),
        "restricts": lambda added: added.restricts,
    }
    none = "Nothing was added to the requirements of this account."
    return table(await flows.added_requirements(tx), columns, json=json, none=none)


@app.command
@as_account
async def withdraw(tx: Tx, requirement: str) -> Said:
    """Ask for it no longer.

    Parameters
    ----------
    requirement
        The id of what was added.
    """
    gone = await flows.withdraw_requirement(tx, requirement)
    return f"{gone.id}  withdrawn"


def line(added: Added, state: AccountState) -> str:
    """An added requirement on one line."""
    due = rfc3339(added.due_ms)
    held = ", ".join(added.restricts)
    status = flows.status_of(state, added)
    whose = f" of {added.person}" if added.person is not None else ""
    return f"{added.id}  {status}  {added.path}{whose}, by {due}, or {held} stops"


def milliseconds(at: datetime) -> int:
    """An instant; one without a zone is UTC."""
    aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return int(aware.timestamp()) * SECOND_MS
