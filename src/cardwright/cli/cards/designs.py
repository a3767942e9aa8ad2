"""``cardwright designs``: the review of designs of physical cards."""

from typing import get_args

from cyclopts import App

from cardwright.cli import acting, options
from cardwright.designs import flows
from cardwright.designs.model import (
    CardLogoReason,
    CarrierTextReason,
    Design,
    DesignStatus,
    PersonalizationDesign,
    RejectionReasons,
)
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.wire import pages

app = App(name="designs")


@app.command(name="list")
def list_designs(
    *,
    status: DesignStatus = "review",
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List designs of all accounts, newest first; those in review unless you say otherwise.

    Parameters
    ----------
    status
        The status of the designs.
    """

    async def work(tx: Tx) -> list[str]:
        page = await pages.list_page(
            tx.connection,
            Design,
            tx.account_id,
            None,
            pages.PageRequest(limit=options.LISTED_MAX),
            owner="platform_id",
            fixed={"status": status},
        )
        lines = [line(design, design.account) for design in page.data]
        return options.listed(lines, more=page.has_more, none=f"No design has the status {status}.")

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def activate(
    *designs: options.Ids,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Approve designs: their cards are made. All of them or, when one is refused, none."""
    _review(designs, "active", None, live, data_dir, database_url)


@app.command
def deactivate(
    *designs: options.Ids,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Withdraw designs: no more cards are ordered with them."""
    _review(designs, "inactive", None, live, data_dir, database_url)


@app.command
def reject(
    design: options.Design,
    *,
    card_logo: list[str] | None = None,
    carrier_text: list[str] | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Reject a design; cards that wait to be made with it are canceled.

    Parameters
    ----------
    card_logo
        What is wrong with the logo, as network_name; may be repeated.
    carrier_text
        What is wrong with the text, as promotional_material; may be repeated.
    """
    for given, known in ((card_logo, CardLogoReason), (carrier_text, CarrierTextReason)):
        for reason in given or ():
            if reason not in get_args(known):
                raise StartError(
                    f"{reason} is no reason. Reasons are {', '.join(get_args(known))}."
                )
    reasons = RejectionReasons(card_logo=card_logo, carrier_text=carrier_text)  # type: ignore[arg-type]
    _review((design,), "rejected", reasons, live, data_dir, database_url)


def _review(
    designs: tuple[str, ...],
    status: DesignStatus,
    reasons: RejectionReasons | None,
    live: options.Live,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> None:
    async def work(tx: Tx) -> list[str]:
        lines = []
        for design_id in designs:
            owner = await flows.find_owner(tx, design_id)
            made = await flows.review(owner, design_id, status, reasons)
            lines.append(line(made, owner.account_id))
        return lines

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


def line(design: Design | PersonalizationDesign, account: str) -> str:
    """A design on one line."""
    parts = [design.id, design.status, account, design.physical_bundle, design.name or ""]
    return "  ".join(parts).rstrip()
