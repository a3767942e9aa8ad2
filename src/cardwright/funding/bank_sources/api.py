"""``/v1/sources``, for bank accounts that top-ups are pulled from."""

from typing import Any

from cardwright.funding import verbs
from cardwright.funding.bank_sources import flows
from cardwright.funding.bank_sources.model import BankSource, NewSource, Verification
from cardwright.kernel.database import Tx
from cardwright.wire import rows
from cardwright.wire.operation import Call, Operation

SOURCES = "/v1/sources"
ONE = f"{SOURCES}/{{id}}"


async def create(tx: Tx, call: Call[NewSource]) -> BankSource:
    """Keep a bank account."""
    return await flows.create_source(tx, call.given)


async def retrieve(tx: Tx, call: Call[Any]) -> BankSource:
    """Retrieve a source."""
    return await rows.get(tx, BankSource, call.path["id"])


async def update(tx: Tx, call: Call[BankSource]) -> BankSource:
    """Change a source's owner or metadata."""
    return await flows.update_source(tx, call.path["id"], call.given)


async def verify(tx: Tx, call: Call[Verification]) -> BankSource:
    """Verify a source with the amounts that were sent to it."""
    return await flows.verify(tx, call.path["id"], call.given)


async def confirm(tx: Tx, call: Call[Any]) -> BankSource:
    """The operator confirms that the bank account may be debited."""
    return await verbs.confirm_source(tx, call.path["id"])


OPERATIONS = (
    Operation(method="POST", path=SOURCES, handler=create, takes=NewSource, returns=BankSource),
    Operation(method="GET", path=ONE, handler=retrieve, returns=BankSource),
    Operation(
        method="POST", path=ONE, handler=update, takes=BankSource, letter="u", returns=BankSource
    ),
    Operation(
        method="POST",
        path=f"{ONE}/verify",
        handler=verify,
        takes=Verification,
        returns=BankSource,
    ),
    Operation(
        method="POST",
        path="/_cardwright/sources/{id}/confirm",
        handler=confirm,
        returns=BankSource,
    ),
)
