"""``cardwright designs``: the review of designs of physical cards."""

from typing import get_args

from cyclopts import App

from cardwright.cli import options
from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.tables import Columns, Json, line, table
from cardwright.cli.transaction import Said, as_platform, working
from cardwright.designs import flows, verbs
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

# A design, and the account that it belongs to.
Owned = tuple[Design | PersonalizationDesign, str]
COLUMNS: Columns[Owned] = {
    "id": lambda owned: owned[0].id,
    "status": lambda owned: owned[0].status,
    "account": lambda owned: owned[1],
    "physical_bundle": lambda owned: owned[0].physical_bundle,
    "name": lambda owned: owned[0].name,
}


@app.command(name="list")
@as_platform
async def list_designs(tx: Tx, *, status: DesignStatus = "review", json: Json = False) -> Said:
    """List designs of all accounts, newest first; those in review unless you say otherwise.

    Parameters
    ----------
    status
        The status of the designs.
    """
    page = await pages.list_page(
        tx.connection,
        Design,
        tx.account_id,
        None,
        pages.PageRequest(limit=options.LISTED_MAX),
        owner="platform_id",
        fixed={"status": status},
    )
    owned = [(design, design.account) for design in page.data]
    none = f"No design has the status {status}."
    return table(owned, COLUMNS, json=json, more=page.has_more, none=none)


@app.command
@as_platform
async def activate(tx: Tx, *designs: options.Ids) -> Said:
    """Approve designs: their cards are made. All of them or, when one is refused, none."""
    return [await _line(tx, await verbs.activate_design(tx, design)) for design in designs]


@app.command
@as_platform
async def deactivate(tx: Tx, *designs: options.Ids) -> Said:
    """Withdraw designs: no more cards are ordered with them."""
    return [await _line(tx, await verbs.deactivate_design(tx, design)) for design in designs]


@app.command
@working
async def reject(
    design: options.Design,
    *,
    card_logo: list[str] | None = None,
    carrier_text: list[str] | None = None,
    platform: Platform = PLATFORM,
) -> Said:
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
    async with platform.transaction() as tx:
        return await _line(tx, await verbs.reject_design(tx, design, reasons))


async def _line(tx: Tx, design: PersonalizationDesign) -> str:
    owner = await flows.find_owner(tx, design.id)
    return line((design, owner.account_id), COLUMNS)
