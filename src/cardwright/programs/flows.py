"""What happens to card programs: provision, attach, update, choose."""

import msgspec

from cardwright.accounts import flows as accounts
from cardwright.accounts.record import store
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.programs import refusals, rules
from cardwright.programs.model import Program
from cardwright.programs.offerings import OFFERINGS, Offering, Terms, with_terms
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import rows
from cardwright.wire.given import Given, merge
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)


class ProgramKey(msgspec.Struct, frozen=True):
    """What the programs of an account are told apart by."""

    id: str
    is_default: bool
    platform_program: str | None


class Issues(msgspec.Struct, frozen=True):
    """What a program issues: an offering, terms of its own (JSON), and whether it still does."""

    offering: str
    terms: str | None
    closed: bool

    @property
    def whole(self) -> Offering:
        """The offering with the terms."""
        terms = None if self.terms is None else msgspec.json.decode(self.terms, type=Terms)
        return with_terms(OFFERINGS[self.offering], terms)


class IssuingProgram(msgspec.Struct, frozen=True):
    """A program of an account together with its terms."""

    id: str
    offering: Offering
    closed: bool


_INSERT = QUERIES.run("insert_program")
_ISSUES = QUERIES.one("get_terms", Issues)
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
        await insert_program(tx, program, offering.name, None)


async def attach_program(tx: Tx, given: Given[Program]) -> Program:
    """A program for the acting connected account, following one of its platform's.

    Requests the capability that the program needs. The account's first program becomes its
    default unless the call says otherwise; a new default takes the place of the old one.
    """
    if tx.account_id == tx.platform_id:
        fail(refusals.PROGRAM_ON_PLATFORM)
    platform_program = str(given.get("platform_program"))
    issues = await _issues_of(tx, tx.platform_id, platform_program, "platform_program")
    rules.check_open(platform_program, closed=issues.closed)
    offering = issues.whole
    state = await store.lock_state(tx)
    rules.check_region(offering, state.account.identity.country)
    attached = await _LOCK(tx.connection, account_id=tx.account_id)
    rules.check_unattached(platform_program, [key.platform_program for key in attached])
    others = [await _issues_of(tx, tx.account_id, key.id, "program") for key in attached]
    rules.check_currency(offering, [other.whole for other in others])
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
    await insert_program(tx, program, issues.offering, issues.terms)
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
        fail(refusals.PROGRAM_MISSING)
    issues = await _issues_of(tx, tx.account_id, chosen, "program")
    return IssuingProgram(chosen, issues.whole, issues.closed)


async def _issues_of(tx: Tx, account_id: str, program_id: str, param: str) -> Issues:
    """What a program of the account issues; refuses with the name of the parameter."""
    found = await _ISSUES(
        tx.connection, account_id=account_id, platform_id=tx.platform_id, id=program_id
    )
    if found is None:
        fail(tenancy_refusals.RESOURCE_MISSING, param=param, object="program", id=program_id[:200])
    return found


async def insert_program(tx: Tx, program: Program, offering: str, terms: str | None) -> None:
    """Write a new program of the acting account."""
    _, body = rows.encode(program)
    await _INSERT(
        tx.connection,
        account_id=tx.account_id,
        id=program.id,
        created=program.created,
        is_default=program.is_default,
        platform_program=program.platform_program,
        offering=offering,
        terms=terms,
        body=body,
    )
