"""``cardwright cardholders``: answer searches of watchlists, block cardholders and lift blocks."""

from typing import Annotated, Literal

from cyclopts import App, Parameter

from cardwright.cardholders import flows
from cardwright.cardholders import screenings as screening_flows
from cardwright.cardholders.requirements import ScreeningStatus
from cardwright.cardholders.screenings import CardholderScreening
from cardwright.cli import options
from cardwright.cli.tables import Columns, Json, instant, line, table
from cardwright.cli.transaction import Said, account_of, as_platform
from cardwright.kernel.database import Tx
from cardwright.wire import pages

app = App(name="cardholders")

Account = Annotated[str, Parameter(help="The account that the cardholder belongs to.")]
Note = Annotated[str | None, Parameter(help="Why, for the file.")]
COLUMNS: Columns[CardholderScreening] = {
    "id": lambda screening: screening.id,
    "status": lambda screening: screening.status,
    "cardholder": lambda screening: screening.cardholder,
    "account": lambda screening: screening.account,
    "created": lambda screening: instant(screening.created),
}
ANSWERS = {
    "cleared": screening_flows.clear,
    "document_requested": screening_flows.request_document,
    "listed": screening_flows.mark_listed,
    "rejected": screening_flows.reject,
}


@app.command
@as_platform
async def screenings(
    tx: Tx,
    *,
    status: ScreeningStatus = "under_review",
    account: str | None = None,
    json: Json = False,
) -> Said:
    """List searches of watchlists, newest first; those that wait for you unless you say otherwise.

    Parameters
    ----------
    status
        The status of the searches.
    account
        The account whose cardholders they are about.
    """
    page = await pages.list_page(
        tx.connection,
        CardholderScreening,
        tx.account_id,
        None,
        pages.PageRequest(limit=options.LISTED_MAX),
        owner="platform_id",
        fixed={"status": status, "account": account, "current": True},
    )
    none = f"No screening has the status {status}."
    return table(page.data, COLUMNS, json=json, more=page.has_more, none=none)


@app.command
@as_platform
async def show(tx: Tx, screening: options.Screening) -> Said:
    """Show a search and the values it is for."""
    at, found = await screening_flows.find_screening(tx, screening)
    whole = await screening_flows.shown_whole(at, found)
    values = whole.pop("values")
    lines = [f"{name}: {value}" for name, value in whole.items() if value is not None]
    if values is None:
        return [*lines, "values: changed since"]
    return [*lines, *(f"values.{name}: {value}" for name, value in values.items())]


@app.command
@as_platform
async def answer(
    tx: Tx,
    screening: options.Screening,
    status: Literal["cleared", "document_requested", "listed", "rejected"],
    *,
    note: Note = None,
) -> Said:
    """Answer a search: the cardholder is cleared, is on a list, is rejected for it, or has to give
    a document."""
    return line(await ANSWERS[status](tx, screening, note), COLUMNS)


@app.command
@as_platform
async def block(tx: Tx, cardholder: options.Cardholder, *, account: Account) -> Said:
    """Block a cardholder: none of its cards pays any more."""
    made = await flows.block_cardholder(await account_of(tx, account), cardholder)
    return f"{made.id}  {made.status}"


@app.command
@as_platform
async def unblock(
    tx: Tx,
    cardholder: options.Cardholder,
    *,
    account: Account,
    status: Literal["active", "inactive"] = "active",
) -> Said:
    """Lift the block of a cardholder.

    Parameters
    ----------
    status
        The status that the cardholder has from now on.
    """
    made = await flows.unblock_cardholder(await account_of(tx, account), cardholder, status)
    return f"{made.id}  {made.status}"
