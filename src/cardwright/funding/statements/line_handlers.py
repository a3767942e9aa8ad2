"""What a line of a bank statement does to the payout or top-up that it names."""

from cardwright.funding import refusals
from cardwright.funding.payouts import flows as payouts
from cardwright.funding.payouts.model import Payout
from cardwright.funding.statements.flows import LineHandler
from cardwright.funding.statements.model import BankStatementLine
from cardwright.funding.topups import flows as topups
from cardwright.funding.topups.model import Topup
from cardwright.kernel.database import Tx
from cardwright.kernel.money import decimal_text
from cardwright.kernel.refusal import fail
from cardwright.wire import rows

# The bank sends back what it could not deliver, and says no more of why.
RETURNED = "could_not_process"


async def book_payout(tx: Tx, payout_id: str, line: BankStatementLine) -> None:
    """The payout has left, or it came back."""
    payout = await rows.get(tx, Payout, payout_id)
    check_amount(line, abs(payout.amount), payout.currency)
    delivered = (line.amount > 0) == payout.is_return
    await payouts.conclude(tx, payout_id, "paid" if delivered else RETURNED)


async def book_topup(tx: Tx, topup_id: str, line: BankStatementLine) -> None:
    """The top-up has arrived, or the bank took it back."""
    topup = await rows.get(tx, Topup, topup_id)
    check_amount(line, topup.amount, topup.currency)
    if line.amount > 0:
        await topups.conclude(tx, topup_id)
    else:
        await topups.reverse(tx, topup_id, RETURNED)


def check_amount(line: BankStatementLine, amount_minor: int, currency: str) -> None:
    """Refuse a line of another amount than the payment that it names."""
    if (abs(line.amount), line.currency) != (amount_minor, currency):
        fail(
            refusals.STATEMENT_LINE_AMOUNT,
            amount=decimal_text(amount_minor, currency),
            currency=currency,
        )


LINE_HANDLERS: dict[str, LineHandler] = {"po_": book_payout, "tu_": book_topup}
