"""``cardwright programs``: what a platform may issue."""

from cyclopts import App

from cardwright.accounts.record.capabilities import ISSUING_COUNTRIES
from cardwright.cli import options
from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.tables import Columns, Json, line, table
from cardwright.cli.transaction import Said, as_platform, working
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.programs import flows, verbs
from cardwright.programs.flows import OwnProgram
from cardwright.programs.offerings import OFFERINGS, Brand
from cardwright.programs.verbs import CardType, Definition

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
    return table(await flows.own_programs(tx), COLUMNS, json=json, none=none)


@app.command
@working
async def define(
    name: str,
    *,
    offering: str,
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
        Whose currency, capability and source of funds it has; `cardwright programs list` names
        them.
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
    if offering not in OFFERINGS:
        raise StartError(f"The offering is one of {', '.join(sorted(OFFERINGS))}.")
    given = Definition(
        bin=bin,
        brand=brand,
        card_types=card_type,
        countries=[one.upper() for one in country] if country else None,  # type: ignore[misc]
        name=name,
        offering=offering,
    )
    async with platform.transaction() as tx:
        return line(await verbs.define_program(tx, given), COLUMNS)


@app.command
@as_platform
async def close(tx: Tx, program: options.Program) -> Said:
    """Let a program issue no more: no further account, no further card."""
    return line(await verbs.close_program(tx, program), COLUMNS)


@app.command
@as_platform
async def reopen(tx: Tx, program: options.Program) -> Said:
    """Let a program issue again."""
    return line(await verbs.reopen_program(tx, program), COLUMNS)


@app.command(name="on-own-account")
@as_platform
async def on_own_account(tx: Tx, country: str) -> Said:
    """Let the platform issue cards on its own account, under the standard program of a country.

    The test environment begins with it (`cardwright serve --country`).

    Parameters
    ----------
    country
        In two letters: US, GB or a euro country.
    """
    if country.upper() not in ISSUING_COUNTRIES:
        raise StartError(f"The country is one of {', '.join(sorted(ISSUING_COUNTRIES))}.")
    return line(await verbs.issue_on_own_account(tx, country.upper()), COLUMNS)
