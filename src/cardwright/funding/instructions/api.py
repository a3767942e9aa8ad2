"""``/v1/issuing/funding_instructions``, funding in test mode, and the operator's bank accounts."""

from typing import Any

import msgspec

from cardwright.funding.instructions import flows
from cardwright.funding.instructions.model import (
    FundBalance,
    FundingInstructions,
    NewInstructions,
    OperatorBank,
)
from cardwright.kernel.database import Tx
from cardwright.wire import pages
from cardwright.wire.operation import Call, Operation
from cardwright.wire.versions import Body

PATH = "/v1/issuing/funding_instructions"
BANKS = "/_cardwright/bank_accounts"


async def create(tx: Tx, call: Call[NewInstructions]) -> FundingInstructions:
    """Say where to send money for cards."""
    return await flows.create_instructions(tx, call.given)


async def list_all(tx: Tx, _call: Call[Any]) -> pages.Page[FundingInstructions]:
    """List the funding instructions of an account, one for each currency."""
    return pages.Page(await flows.list_instructions(tx), has_more=False)


async def fund(tx: Tx, call: Call[FundBalance]) -> FundingInstructions:
    """Put money into the Issuing balance of a test account."""
    return await flows.fund_balance(tx, call.given)


async def set_bank(tx: Tx, call: Call[OperatorBank]) -> Body:
    """Set the operator's bank account for a currency."""
    return _shown(await flows.set_bank(tx, call.given))


async def list_banks(tx: Tx, _call: Call[Any]) -> Body:
    """The operator's bank accounts."""
    found = await flows.banks_of(tx.connection, tx.platform_id)
    return {"object": "list", "data": [_shown(bank) for bank in found]}


def _shown(bank: OperatorBank) -> Body:
    return {"object": "operator_bank_account", **msgspec.to_builtins(bank)}


OPERATIONS = (
    Operation(
        method="POST",
        path=PATH,
        handler=create,
        takes=NewInstructions,
        returns=FundingInstructions,
    ),
    Operation(
        method="GET",
        path=PATH,
        handler=list_all,
        returns=FundingInstructions,
        is_list=True,
    ),
    Operation(
        method="POST",
        path="/v1/test_helpers/issuing/fund_balance",
        handler=fund,
        takes=FundBalance,
        test_only=True,
    ),
    Operation(method="GET", path=BANKS, handler=list_banks, platform_only=True),
    Operation(method="POST", path=BANKS, handler=set_bank, takes=OperatorBank, platform_only=True),
)
