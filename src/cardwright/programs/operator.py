"""``/_cardwright/programs``: the programs that a platform may attach, for whoever defines them.

The public API shows of a program that it is there. What it issues is said here: form, answers and
errors are those of v1.
"""

from typing import Annotated, Any, Literal

import msgspec

from cardwright.accounts.record.capabilities import ISSUING_COUNTRIES
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.programs import flows, refusals, rules
from cardwright.programs.flows import NewProgram, OwnProgram
from cardwright.programs.model import Program
from cardwright.programs.offerings import OFFERINGS, Brand, Terms
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Country, Mark, Parameters, Timestamp
from cardwright.wire.versions import Body

QUERIES = load(__file__)
PATH = "/_cardwright/programs"
OWN_ISSUING = "/_cardwright/own_issuing"
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


class OwnIssuing(Parameters):
    """Where the platform's own account issues cards."""

    country: Annotated[Country, Mark(need="c", choices=ISSUING_COUNTRIES)]


_CLOSE = QUERIES.run("close_program")


async def define(tx: Tx, given: Definition) -> OwnProgram:
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


async def listed(tx: Tx) -> list[OwnProgram]:
    """Every program of the acting platform's own, oldest first."""
    return await flows.own_programs(tx)


async def close(tx: Tx, program_id: str, *, closed: bool) -> OwnProgram:
    """Let a program issue no more, or again. Cards that there are go on."""
    if all(one.id != program_id for one in await listed(tx)):
        fail(refusals.PROGRAM_NOT_OWN, param="id", id=program_id[:200])
    await _CLOSE(tx.connection, account_id=tx.account_id, id=program_id, closed=closed)
    return next(one for one in await listed(tx) if one.id == program_id)


# Operations.


async def list_all(tx: Tx, _call: Call[Any]) -> Body:
    """List the platform's own programs with what they issue."""
    found = [one.shown for one in await listed(tx)]
    return {"object": "list", "data": found, "has_more": False, "url": PATH}


async def define_operation(tx: Tx, call: Call[Definition]) -> Body:
    """Define a program."""
    return (await define(tx, call.given.value())).shown


async def close_operation(tx: Tx, call: Call[Any]) -> Body:
    """Let a program issue no more."""
    return (await close(tx, call.path["id"], closed=True)).shown


async def reopen_operation(tx: Tx, call: Call[Any]) -> Body:
    """Let a program issue again."""
    return (await close(tx, call.path["id"], closed=False)).shown


async def own_issuing_operation(tx: Tx, call: Call[OwnIssuing]) -> Body:
    """Let the platform issue cards on its own account; the answer is its default program."""
    return (await flows.issue_on_platform(tx, call.given.value().country)).shown


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


OPERATIONS = (
    _operation("GET", PATH, list_all),
    _operation("POST", PATH, define_operation, takes=Definition),
    _operation("POST", OWN_ISSUING, own_issuing_operation, takes=OwnIssuing),
    _operation("POST", f"{PATH}/{{id}}/close", close_operation),
    _operation("POST", f"{PATH}/{{id}}/reopen", reopen_operation),
)
