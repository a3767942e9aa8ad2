"""What a line of a bank statement does to a financial account, or to a payment of one."""

from cardwright.financial_accounts import refusals
from cardwright.financial_accounts.moves import inbound, outbound, receiving
from cardwright.financial_accounts.record.model import Originator
from cardwright.financial_accounts.record.movements import (
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
)
from cardwright.funding.statements.flows import LineHandler
from cardwright.funding.statements.line_handlers import check_amount
from cardwright.funding.statements.model import BankStatementLine
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.wire import rows

# How banks move money of a currency, where the statement does not say.
NETWORKS = {"eur": "sepa_credit_transfer", "gbp": "fps", "usd": "ach"}


async def receive(tx: Tx, financial_account: str, line: BankStatementLine) -> None:
    """Money has arrived for the account: it becomes a received credit."""
    network = NETWORKS[line.currency]
    credit = await receiving.receive_credit(
        tx,
        financial_account,
        line.amount,
        line.currency,
        network=network,
        originator=Originator(network=network, account_holder_name=line.counterparty),
        description=line.description,
    )
    if credit.status == "failed":
        # The money is at the bank, so the line waits for the operator instead.
        fail(refusals.MONEY_NOT_TAKEN)


async def book_transfer(tx: Tx, transfer_id: str, line: BankStatementLine) -> None:
    """The transfer has left, or it came back."""
    sent = await rows.get(tx, OutboundTransfer, transfer_id)
    check_amount(line, sent.amount.value, sent.amount.currency)
    move = outbound.post if line.amount < 0 else outbound.return_sent
    await move(tx, OutboundTransfer, transfer_id)


async def book_payment(tx: Tx, payment_id: str, line: BankStatementLine) -> None:
    """The payment has left, or it came back."""
    sent = await rows.get(tx, OutboundPayment, payment_id)
    check_amount(line, sent.amount.value, sent.amount.currency)
    move = outbound.post if line.amount < 0 else outbound.return_sent
    await move(tx, OutboundPayment, payment_id)


async def book_inbound(tx: Tx, transfer_id: str, line: BankStatementLine) -> None:
    """The money was pulled in, or the bank took it back."""
    pulled = await rows.get(tx, InboundTransfer, transfer_id)
    check_amount(line, pulled.amount.value, pulled.amount.currency)
    await (inbound.succeed if line.amount > 0 else inbound.return_pulled)(tx, transfer_id)


LINE_HANDLERS: dict[str, LineHandler] = {
    "fa_": receive,
    "ibt_": book_inbound,
    "obp_": book_payment,
    "obt_": book_transfer,
}
