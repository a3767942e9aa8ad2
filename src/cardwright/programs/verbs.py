"""What an operator does with the programs of a platform's own: define, close, open again, issue on
the platform's own account.

The acting account is the platform. The public API shows of a program that it is there; what it
issues is said here.
"""

from typing import Annotated, Literal

import msgspec

from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.programs import flows, refusals, rules
from cardwright.programs.flows import QUERIES, NewProgram, OwnProgram
from cardwright.programs.model import Program
from cardwright.programs.offerings import OFFERINGS, Brand, Terms
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire.resource import Country, Mark, Parameters, Timestamp

CardType = Literal["physical", "virtual"]


class Definition(Parameters):
    """A new program. It has the currency, capability and source of funds of an offering; ``bin``
    are the leading digits of its card numbers."""

    bin: Annotated[str, Mark(need="c", pattern=r"[0-9]{6,11}")]
    brand: Brand = "Visa"
    card_types: list[CardType] | None = None
    countries: list[Country] | None = None
    name: Annotated[str, Mark(need="c", longest=100)]
    offering: Annotated[str, Mark(need="c", choices=frozenset(OFFERINGS))]


_CLOSE = QUERIES.run("close_program")


@operator_verb(kind="widens_risk")
async def define_program(tx: Tx, given: Definition) -> OwnProgram:
    """A new program of the acting platform's own, which it may attach to its accounts."""
    offering = OFFERINGS[given.offering]
    card_types = offering.card_types if given.card_types is None else given.card_types
    countries = offering.countries if given.countries is None else given.countries
    terms = Terms(
        bin=given.bin,
        brand=given.brand,
        card_types=frozenset(card_types),
        countries=frozenset(countries),
    )
    rules.check_terms(terms, offering)
    program = Program(
        id=ids.new_id(Program.prefix),
        created=Timestamp(tx.now),
        metadata={
            "name": given.name,
            "region": offering.region,
            "currency": offering.currency,
            "capability": offering.capability,
        },
    )
    kept = msgspec.json.encode(terms, order="deterministic").decode()
    await flows.insert_programs(tx, [NewProgram(program, offering.name, kept)])
    return OwnProgram(program.id, offering.name, kept, False)


@operator_verb(kind="none")
async def close_program(tx: Tx, program_id: str) -> OwnProgram:
    """Let a program issue no more: no further account, no further card. Cards that there are go
    on."""
    return await _set_closed(tx, program_id, closed=True)


@operator_verb(kind="widens_risk")
async def reopen_program(tx: Tx, program_id: str) -> OwnProgram:
    """Let a program issue again."""
    return await _set_closed(tx, program_id, closed=False)


@operator_verb(kind="widens_risk")
async def issue_on_own_account(tx: Tx, country: str) -> OwnProgram:
    """Let the platform issue cards on its own account, under the standard program of a country."""
    return await flows.issue_on_platform(tx, country)


async def _set_closed(tx: Tx, program_id: str, *, closed: bool) -> OwnProgram:
    if all(one.id != program_id for one in await flows.own_programs(tx)):
        fail(refusals.PROGRAM_NOT_OWN, param="id", id=program_id[:200])
    await _CLOSE(tx.connection, account_id=tx.account_id, id=program_id, closed=closed)
    return next(one for one in await flows.own_programs(tx) if one.id == program_id)
