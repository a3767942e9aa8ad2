"""What happens to card programs: provision, attach, update, choose."""

import msgspec

from cardwright.accounts import flows as accounts
from cardwright.accounts import store
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.errors import fail
from cardwright.kernel.queries import load
from cardwright.programs import rules
from cardwright.programs.model import Program
from cardwright.programs.offerings import OFFERINGS, Offering
from cardwright.wire import rows
from cardwright.wire.given import Given, merge
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)


class ProgramKey(msgspec.Struct, frozen=True):
    """What the programs of an account are told apart by."""

    id: str
    is_default: bool
    platform_program: str | None


class IssuingProgram(msgspec.Struct, frozen=True):
    """A program of an account together with its terms."""

    id: str
    offering: Offering


_INSERT = QUERIES.run("insert_program")
_OFFERING = QUERIES.value("get_offering", str)
_LOCK = QUERIES.many("lock_programs", ProgramKey)
_CLEAR_DEFAULT = QUERIES.run("clear_default")
_DEFAULT = QUERIES.value("default_program", str)


async def create_platform_programs(tx: Tx) -> None:
    """Give a new platform one program of its own for each region; the metadata tells which."""
    for offering in OFFERINGS.values():
        program = Program(
            id=ids.new_id(Program.prefix),
            created=Timestamp(tx.now),
            metadata={
                "region": offering.region,
                "currency": offering.currency,
                "capability": offering.capability,
            },
        )
        await _insert(tx, program, offering)


async def attach_program(tx: Tx, given: Given[Program]) -> Program:
    """A program for the acting connected account, following one of its platform's.

    Requests the capability that the program needs. The account's first program becomes its
    default unless the call says otherwise; a new default takes the place of the old one.
    """
    if tx.account_id == tx.platform_id:
        fail("program_on_platform")
    platform_program = str(given.get("platform_program"))
    name = await _OFFERING(tx.connection, account_id=tx.platform_id, id=platform_program)
    if name is None:
        rows.missing(Program, platform_program, "platform_program")
    offering = OFFERINGS[str(name)]
    state = await store.lock_state(tx)
    rules.check_region(offering, state.account.identity.country)
    attached = await _LOCK(tx.connection, account_id=tx.account_id)
    rules.check_unattached(platform_program, [key.platform_program for key in attached])
    await accounts.request_capability(tx, offering.capability)
    is_default = given.get("is_default")
    program = Program(
        id=ids.new_id(Program.prefix),
        created=Timestamp(tx.now),
        is_default=not attached if is_default is None else is_default,
        platform_program=platform_program,
    )
    if program.is_default:
        await _CLEAR_DEFAULT(tx.connection, account_id=tx.account_id)
    await _insert(tx, program, offering)
    return program


async def update_program(tx: Tx, program_id: str, given: Given[Program]) -> Program:
    """The program with its default mark or its metadata changed."""
    await _LOCK(tx.connection, account_id=tx.account_id)
    before = await rows.get(tx, Program, program_id)
    after = merge(before, given)
    if after.is_default and not before.is_default:
        await _CLEAR_DEFAULT(tx.connection, account_id=tx.account_id)
    await rows.save(tx, after)
    return after


async def choose_program(tx: Tx, program_id: str | None = None) -> IssuingProgram:
    """The named program of the acting account, or its default, to issue a card under.

    Refuses with ``resource_missing`` or, when the account has no default, ``program_missing``.
    """
    chosen = program_id or await _DEFAULT(tx.connection, account_id=tx.account_id)
    if chosen is None:
        fail("program_missing")
    name = await _OFFERING(tx.connection, account_id=tx.account_id, id=chosen)
    if name is None:
        rows.missing(Program, chosen, "program")
    return IssuingProgram(chosen, OFFERINGS[str(name)])


async def _insert(tx: Tx, program: Program, offering: Offering) -> None:
    _, body = rows.encode(program)
    await _INSERT(
        tx.connection,
        account_id=tx.account_id,
        id=program.id,
        created=program.created,
        is_default=program.is_default,
        platform_program=program.platform_program,
        offering=offering.name,
        body=body,
    )
