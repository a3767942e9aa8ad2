"""``cardwright programs``: what a platform may issue."""

from cyclopts import App

from cardwright.cli import options
from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.tables import Columns, Json, line, table
from cardwright.cli.transaction import Said, as_platform, working
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.programs import operator
from cardwright.programs.offerings import Brand
from cardwright.programs.operator import CardType, Definition, OfferingName, OwnProgram

app = App(name="programs")
DIGITS_LEAST, DIGITS_MOST = 6, 11


COLUMNS: Columns[OwnProgram] = {
    "id": lambda program: program.id,
    "status": lambda program: program.shown["status"],
    "offering": lambda program: program.offering,
    "brand": lambda program: program.shown["brand"],
    "bin": lambda program: program.shown["bin"],
    "currency": lambda program: program.shown["currency"],
    "spends": lambda program: program.shown["spends"],
    "card_types": lambda program: program.shown["card_types"],
    "countries": lambda program: program.shown["countries"],
}


@app.command(name="list")
@as_platform
async def list_programs(tx: Tx, *, json: Json = False) -> Said:
    """List the platform's own programs, oldest first."""
    none = "The platform has no program of its own."
    return table(await operator.listed(tx), COLUMNS, json=json, none=none)


@app.command
@working
async def define(
    name: str,
    *,
    offering: OfferingName,
    bin: str,  # noqa: A002 - the word of the field
    brand: Brand = "Visa",
    country: list[str] | None = None,
    card_type: list[CardType] | None = None,
    platform: Platform = PLATFORM,
) -> Said:
    """Define a program, which the platform may attach to its accounts.

    Parameters
    ----------
    name
        What it is called, in its metadata.
    offering
        Whose currency, capability and source of funds it has.
    bin
        The leading digits of its card numbers, six to eleven.
    brand
        The card network.
    country
        Where its accounts are, each in two letters; all of the offering's unless given.
    card_type
        What it issues; both unless given.
    """
    if not (bin.isascii() and bin.isdigit() and DIGITS_LEAST <= len(bin) <= DIGITS_MOST):
        raise StartError("The leading digits are six to eleven digits.")
    given = Definition(
        bin=bin,
        brand=brand,
        card_types=card_type,
        countries=[one.upper() for one in country] if country else None,  # type: ignore[misc]
        name=name,
        offering=offering,
    )
    async with platform.transaction() as tx:
        return line(await operator.define(tx, given), COLUMNS)


@app.command
@as_platform
async def close(tx: Tx, program: options.Program) -> Said:
    """Let a program issue no more: no further account, no further card."""
    return line(await operator.close(tx, program, closed=True), COLUMNS)


@app.command
@as_platform
async def reopen(tx: Tx, program: options.Program) -> Said:
    """Let a program issue again."""
    return line(await operator.close(tx, program, closed=False), COLUMNS)
