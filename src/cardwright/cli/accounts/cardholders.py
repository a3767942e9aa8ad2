"""``cardwright cardholders``: answer searches of watchlists, block cardholders and lift blocks."""

from typing import Annotated, Literal

from cyclopts import App, Parameter

from cardwright.accounts.record.acting import acting as acting_as
from cardwright.cardholders import flows
from cardwright.cardholders import screenings as screening_flows
from cardwright.cardholders.requirements import ScreeningStatus
from cardwright.cardholders.screenings import CardholderScreening
from cardwright.cli import acting, options
from cardwright.kernel.clock import SECOND_MS, rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.wire import pages

app = App(name="cardholders")

Account = Annotated[str, Parameter(help="The account that the cardholder belongs to.")]
Note = Annotated[str | None, Parameter(help="Why, for the file.")]


@app.command
def screenings(
    *,
    status: ScreeningStatus = "under_review",
    account: str | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List searches of watchlists, newest first; those that wait for you unless you say otherwise.

    Parameters
    ----------
    status
        The status of the searches.
    account
        The account whose cardholders they are about.
    """

    async def work(tx: Tx) -> list[str]:
        page = await pages.list_page(
            tx.connection,
            CardholderScreening,
            tx.account_id,
            None,
            pages.PageRequest(limit=options.LISTED_MAX),
            owner="platform_id",
            fixed={"status": status, "account": account, "current": True},
        )
        return options.listed(
            map(line, page.data), more=page.has_more, none=f"No screening has the status {status}."
        )

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def show(
    screening: options.Screening,
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Show a search and the values it is for."""

    async def work(tx: Tx) -> list[str]:
        at, found = await screening_flows.find_screening(tx, screening)
        whole = await screening_flows.shown_whole(at, found)
        values = whole.pop("values")
        lines = [f"{name}: {value}" for name, value in whole.items() if value is not None]
        if values is None:
            return [*lines, "values: changed since"]
        return [*lines, *(f"values.{name}: {value}" for name, value in values.items())]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def answer(
    screening: options.Screening,
    status: Literal["cleared", "document_requested", "listed", "rejected"],
    *,
    note: Note = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Answer a search: the cardholder is cleared, is on a list, is rejected for it, or has to give
    a document."""

    async def work(tx: Tx) -> list[str]:
        return [line(await screening_flows.answer(tx, screening, status, note))]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def block(
    cardholder: options.Cardholder,
    *,
    account: Account,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Block a cardholder: none of its cards pays any more."""

    async def work(tx: Tx) -> list[str]:
        made = await flows.block_cardholder(await _named(tx, account), cardholder)
        return [f"{made.id}  {made.status}"]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def unblock(
    cardholder: options.Cardholder,
    *,
    account: Account,
    status: Literal["active", "inactive"] = "active",
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Lift the block of a cardholder.

    Parameters
    ----------
    status
        The status that the cardholder has from now on.
    """

    async def work(tx: Tx) -> list[str]:
        made = await flows.unblock_cardholder(await _named(tx, account), cardholder, status)
        return [f"{made.id}  {made.status}"]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


def line(screening: CardholderScreening) -> str:
    """A search on one line."""
    at = rfc3339(screening.created * SECOND_MS)
    return "  ".join((screening.id, screening.status, screening.cardholder, screening.account, at))


async def _named(tx: Tx, account: str) -> Tx:
    found = await acting_as(tx, account)
    if found is None:
        raise StartError(f"There is no account {account}.")
    return found
