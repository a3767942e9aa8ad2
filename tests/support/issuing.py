"""Connected accounts that can issue at once, for tests of what comes after onboarding.

The journeys onboard accounts through the API; here the facts that onboarding ends with are written
directly, so that a test of cards is about cards.
"""

from cardwright.kernel import clock, ids
from cardwright.programs.offerings import OFFERINGS
from cardwright.tenancy import registry
from tests.support.server import Platform

PROGRAM = """
insert into programs (account_id, id, created, is_default, platform_program, offering, body)
values ($1, $2, 1, $3, $4, $5, '{"metadata": {}}')
"""
CAPABILITY = """
insert into account_capabilities (
    account_id, path, requested, status, status_details, requested_ms
)
values ($1, $2, true, $3, '[]', 1)
"""


async def issuing_account(
    platform: Platform,
    offering: str = "gb_charge_card",
    *,
    capability: str | None = "active",
    program: bool = True,
) -> str:
    """A connected account with a default program and the capability it needs in that status."""
    account_id = ids.new_id("acct_")
    terms = OFFERINGS[offering]
    database = platform.live.application.database
    async with database.connection() as connection, connection.transaction():
        await registry.register(
            connection,
            account_id=account_id,
            platform_id=platform.keys.account_id,
            livemode=False,
            created_ms=clock.machine_ms(),
        )
        if capability is not None:
            await connection.execute(CAPABILITY, account_id, terms.capability, capability)
    if program:
        await add_program(platform, account_id, offering, is_default=True)
    return account_id


async def add_program(
    platform: Platform, account_id: str, offering: str, *, is_default: bool = False
) -> str:
    """Another program on the account."""
    program_id = ids.new_id("iprg_")
    await platform.live.application.database.pool.execute(
        PROGRAM, account_id, program_id, is_default, ids.new_id("iprg_"), offering
    )
    return program_id
