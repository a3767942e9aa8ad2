"""What the test environment does with financial accounts by itself."""

from cardwright.financial_accounts import flows, treasury
from cardwright.financial_accounts.moves import inbound, outbound
from cardwright.financial_accounts.record.model import FinancialAddress
from cardwright.financial_accounts.record.movements import (
    CreditReversal,
    DebitReversal,
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
)
from cardwright.kernel.database import Tx
from cardwright.tenancy import deadlines
from cardwright.wire import rows


async def take_step(tx: Tx, subject: str) -> None:
    """Money of a financial account arrives, or one of its addresses becomes active."""
    if subject.startswith(OutboundTransfer.prefix):
        await outbound.step(tx, OutboundTransfer, subject)
    elif subject.startswith(OutboundPayment.prefix):
        await outbound.step(tx, OutboundPayment, subject)
    elif subject.startswith(InboundTransfer.prefix):
        await inbound.step(tx, subject)
    elif subject.startswith((CreditReversal.prefix, DebitReversal.prefix)):
        await treasury.step(tx, subject)
    else:
        address = await rows.find(tx.connection, FinancialAddress, tx.account_id, subject)
        if address is not None and address.status == "pending":
            await flows.activate_address(tx, subject)


HANDLERS: dict[str, deadlines.Handler] = {flows.STEP: take_step}
