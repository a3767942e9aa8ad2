"""The deadlines of money that moves: a top-up or balance transfer arrives, a payout leaves and
arrives, in the test environment alone; and of balances that are too low."""

from cardwright.funding.balance_transfers import flows as balance_transfers
from cardwright.funding.low_balance import flows as low_balance
from cardwright.funding.payouts import flows as payouts
from cardwright.funding.topups import flows as topups
from cardwright.tenancy.deadlines import Handler

HANDLERS: dict[str, Handler] = {
    **balance_transfers.HANDLERS,
    **low_balance.HANDLERS,
    **payouts.HANDLERS,
    **topups.HANDLERS,
}
