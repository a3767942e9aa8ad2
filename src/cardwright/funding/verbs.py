"""What an operator says became of money that a bank moves, where no bank statement says it.

The acting account is the one whose payment it is.
"""

from cardwright.funding.balance_transfers import flows as balance_transfers
from cardwright.funding.balance_transfers.model import BalanceTransfer
from cardwright.funding.bank_sources import flows as bank_sources
from cardwright.funding.bank_sources.model import BankSource
from cardwright.funding.payouts import flows as payouts
from cardwright.funding.payouts.model import Payout
from cardwright.funding.topups import flows as topups
from cardwright.funding.topups.model import Topup
from cardwright.kernel.database import Tx
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows


@operator_verb(kind="moves_money")
async def mark_payout_paid(tx: Tx, payout_id: str) -> Payout:
    """The bank has the money of a payout."""
    return await payouts.conclude(tx, payout_id)


@operator_verb(kind="moves_money")
async def fail_payout(tx: Tx, payout_id: str, failure_code: str) -> Payout:
    """The bank did not take the money of a payout, or sent it back."""
    return await payouts.conclude(tx, payout_id, failure_code)


@operator_verb(kind="moves_money")
async def mark_topup_succeeded(tx: Tx, topup_id: str) -> Topup:
    """The money of a pending top-up has arrived."""
    return await topups.conclude(tx, topup_id)


@operator_verb(kind="moves_money")
async def fail_topup(tx: Tx, topup_id: str, failure_code: str) -> Topup:
    """A pending top-up will not arrive."""
    return await topups.conclude(tx, topup_id, failure_code)


@operator_verb(kind="moves_money")
async def reverse_topup(tx: Tx, topup_id: str, failure_code: str) -> Topup:
    """The bank has taken a top-up back that had arrived."""
    return await topups.reverse(tx, topup_id, failure_code)


async def fail_or_reverse_topup(tx: Tx, topup_id: str, failure_code: str) -> Topup:
    """The bank has not moved the money of a top-up, or has taken it back."""
    found = await rows.get(tx, Topup, topup_id)
    end = reverse_topup if found.status == "succeeded" else fail_topup
    return await end(tx, topup_id, failure_code)


@operator_verb(kind="moves_money")
async def mark_balance_transfer_arrived(tx: Tx, transfer_id: str) -> BalanceTransfer:
    """The money of a balance transfer has arrived."""
    return await balance_transfers.mark_arrived(tx, transfer_id)


@operator_verb(kind="widens_risk")
async def confirm_source(tx: Tx, source_id: str) -> BankSource:
    """A bank account may be debited for top-ups; refuses one that is decided on already."""
    return await bank_sources.confirm_pending(tx, source_id)
