"""The deadlines of accounts: a verification ends, a requirement begins to restrict."""

from cardwright.accounts import flows
from cardwright.accounts.requirements import store as requirements_store
from cardwright.accounts.verification import flows as verification
from cardwright.kernel.database import Tx
from cardwright.tenancy.deadlines import Handler


async def complete(tx: Tx, _account_id: str) -> None:
    """The answers of the test environment have come."""
    await flows.complete_verifications(tx)


async def complete_on_clock(tx: Tx, _account_id: str) -> None:
    """The clock passes the second that the answers of the test environment take."""
    await flows.complete_verifications(tx)


async def restrict(tx: Tx, _account_id: str) -> None:
    """A requirement may have become past due."""
    await flows.reevaluate(tx)


async def ask_by_volume(tx: Tx, _account_id: str) -> None:
    """What the cards of the account spent may have made a requirement due."""
    await flows.reevaluate(tx)


HANDLERS: dict[str, Handler] = {
    verification.COMPLETION: complete,
    verification.COMPLETION_ON_CLOCK: complete_on_clock,
    flows.REQUIREMENT: restrict,
    requirements_store.VOLUME: ask_by_volume,
}
