"""What happens to card programs: provision, attach, update, choose."""

from typing import NamedTuple

import msgspec

from cardwright.accounts import flows as accounts
from cardwright.accounts import rules as accounts_rules
from cardwright.accounts.record import store
from cardwright.accounts.record.model import CapabilitiesChanged
from cardwright.accounts.requirements.circumstances import ISSUING
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.programs import refusals, rules
from cardwright.programs.model import Program
from cardwright.programs.offerings import (
    CREDIT_OFFERINGS,
    OFFERINGS,
    Offering,
    Terms,
    standard_of,
    with_terms,
)
from cardwright.tenancy import platforms
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import rows
from cardwright.wire.given import Given, merge
from cardwright.wire.resource import Timestamp
from cardwright.wire.versions import Body

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


class OwnProgram(msgspec.Struct, frozen=True):
    """A program of the platform's own, and what it issues."""

    id: str
    offering: str
    terms: str | None
    closed: bool

    @property
    def whole(self) -> Offering:
        """The offering with the terms of the program."""
        return Issues(self.offering, self.terms, self.closed).whole

    @property
    def shown(self) -> Body:
        """The program as it is listed."""
        whole = self.whole
        return {
            "id": self.id,
            "object": "program_terms",
            "bin": whole.bin,
            "brand": whole.brand,
            "capability": whole.capability,
            "card_types": sorted(whole.card_types),
            "countries": sorted(whole.countries),
            "currency": whole.currency,
            "offering": self.offering,
            "region": whole.region,
            "spends": "credit" if self.offering in CREDIT_OFFERINGS else "own_money",
            "status": "closed" if self.closed else "open",
        }


class IssuingProgram(msgspec.Struct, frozen=True):
    """A program of an account together with its terms."""

    id: str
    offering: Offering
    closed: bool


class NewProgram(NamedTuple):
    """A program to be written, what it issues, and terms of its own (JSON)."""

    program: Program
    offering: str
    terms: str | None = None


_INSERT = QUERIES.run("insert_programs")
_ISSUES = QUERIES.one("get_terms", Issues)
_OWN = QUERIES.many("platform_programs", OwnProgram)
_LOCK = QUERIES.many("lock_programs", ProgramKey)
_CLEAR_DEFAULT = QUERIES.run("clear_default")
_DEFAULT = QUERIES.value("default_program", str)


async def create_platform_programs(tx: Tx) -> None:
    """Give a platform one program of its own for each offering that it has none of yet; the
    metadata tells which. The standard one of the country that it issues in itself is its default.
    """
    _, settings = await platforms.settings_of(tx.connection, tx.account_id)
    country = settings.issuing_country
    there = {one.offering for one in await own_programs(tx)}
    standard = None if country is None else standard_of(country).name
    if standard in there:
        standard = None
    made = [
        NewProgram(
            Program(
                id=ids.new_id(Program.prefix),
                created=Timestamp(tx.now),
                is_default=offering.name == standard,
                metadata={
                    "region": offering.region,
                    "currency": offering.currency,
                    "capability": offering.capability,
                },
            ),
            offering.name,
        )
        for offering in OFFERINGS.values()
        if offering.name not in there
    ]
    await insert_programs(tx, made)


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
    await insert_programs(tx, [NewProgram(program, issues.offering, issues.terms)])
    return program


async def attach_standard(tx: Tx, _changed: CapabilitiesChanged) -> None:
    """Attach the region's standard program to an account that asked for cards in the words of v1
    and may issue them now, unless it has one: no call of that face attaches a program."""
    state = await store.load_state(tx)
    active = [one.path for one in state.capabilities.values() if one.status == "active"]
    wanted = accounts_rules.CARD_ISSUING in state.account.v1
    if not wanted or not any(path.startswith(ISSUING) for path in active):
        return
    if await _LOCK(tx.connection, account_id=tx.account_id):
        return
    country = state.account.identity.country
    for own in await _OWN(tx.connection, account_id=tx.platform_id):
        offering = own.whole
        if own.closed or offering.capability not in active or country not in offering.countries:
            continue
        program = Program(
            id=ids.new_id(Program.prefix),
            created=Timestamp(tx.now),
            is_default=True,
            platform_program=own.id,
        )
        await insert_programs(tx, [NewProgram(program, own.offering, own.terms)])
        return


async def issue_on_platform(tx: Tx, country: str) -> OwnProgram:
    """Let the acting platform issue cards on its own account, under the standard program of a
    country; the answer is that program. Doing it twice changes nothing."""
    await accounts.let_platform_issue(tx, country)
    await create_platform_programs(tx)
    offering = standard_of(country).name
    own = await own_programs(tx)
    standard = next(one for one in own if one.offering == offering and one.terms is None)
    if await _DEFAULT(tx.connection, account_id=tx.account_id) is None:
        await update_program(tx, standard.id, Given(Program, {"is_default": True}, "v1"))
    return standard


async def update_program(tx: Tx, program_id: str, given: Given[Program]) -> Program:
    """The program with its default mark or its metadata changed."""
    await _LOCK(tx.connection, account_id=tx.account_id)
    before = await rows.get(tx, Program, program_id)
    after = merge(before, given)
    if after.is_default and not before.is_default:
        await _CLEAR_DEFAULT(tx.connection, account_id=tx.account_id)
    await rows.save(tx, after)
    return after


async def own_programs(tx: Tx) -> list[OwnProgram]:
    """Every program of the acting platform's own, oldest first."""
    return await _OWN(tx.connection, account_id=tx.account_id)


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


async def insert_programs(tx: Tx, made: list[NewProgram]) -> None:
    """Write new programs of the acting account, all made at one instant."""
    await _INSERT(
        tx.connection,
        account_id=tx.account_id,
        created=tx.now,
        ids=[one.program.id for one in made],
        defaults=[one.program.is_default for one in made],
        platform_programs=[one.program.platform_program for one in made],
        offerings=[one.offering for one in made],
        terms=[one.terms for one in made],
        bodies=[rows.encode(one.program)[1] for one in made],
    )
