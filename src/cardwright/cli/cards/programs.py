"""``cardwright programs``: what a platform may issue."""

from cyclopts import App

from cardwright.cli import acting, options
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.programs import operator
from cardwright.programs.offerings import Brand
from cardwright.programs.operator import CardType, Definition, OfferingName, OwnProgram

app = App(name="programs")
DIGITS_LEAST, DIGITS_MOST = 6, 11


@app.command(name="list")
def list_programs(
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List the platform's own programs, oldest first."""

    async def work(tx: Tx) -> list[str]:
        return [line(one) for one in await operator.listed(tx)]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def define(
    name: str,
    *,
    offering: OfferingName,
    bin: str,  # noqa: A002 - the word of the field
    brand: Brand = "Visa",
    country: list[str] | None = None,
    card_type: list[CardType] | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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

    async def work(tx: Tx) -> list[str]:
        return [line(await operator.define(tx, given))]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def close(
    program: options.Program,
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Let a program issue no more: no further account, no further card."""

    async def work(tx: Tx) -> list[str]:
        return [line(await operator.close(tx, program, closed=True))]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def reopen(
    program: options.Program,
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Let a program issue again."""

    async def work(tx: Tx) -> list[str]:
        return [line(await operator.close(tx, program, closed=False))]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


def line(program: OwnProgram) -> str:
    """A program on one line."""
    shown = program.shown
    names = ("id", "status", "offering", "brand", "bin", "currency", "spends")
    several = [",".join(shown[name]) for name in ("card_types", "countries")]
    return "  ".join([*(str(shown[name]) for name in names), *several])
