"""The deadlines of money that moves: a top-up or balance transfer arrives, a payout leaves and
arrives. In the test environment alone."""

from cardwright.funding.balance_transfers import flows as balance_transfers
from cardwright.funding.payouts import flows as payouts
from cardwright.funding.topups import flows as topups
from cardwright.kernel.deadlines import Handler

HANDLERS: dict[str, Handler] = {
    **balance_transfers.HANDLERS,
    **payouts.HANDLERS,
    **topups.HANDLERS,
}
