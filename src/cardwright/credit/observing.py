"""What follows when money has moved: seen here, acted on after the transaction."""

from cardwright.credit import allotment, liability
from cardwright.kernel.database import Tx
from cardwright.ledger.chart import is_floored
from cardwright.ledger.model import MoneyMoved
from cardwright.tenancy import gates


async def observe(tx: Tx, moved: MoneyMoved) -> None:
    """Look at the balances that a transfer of an account touched."""
    account_id, before = moved.account_id, moved.before
    for now in moved.after:
        was_minor = before[now.book].available_minor if now.book in before else 0
        if account_id == tx.platform_id:
            if now.book == "issuing" and now.available_minor > max(0, was_minor):
                await allotment.request_shortages(tx, now.currency)
        elif now.book == "credit":
            # Whoever holds the platform's gate is allotting the credit already.
            allotting = gates.held(tx, tx.platform_id)
            grew = now.available_minor > was_minor or now.available_minor < 0
            if grew and not allotting and not await allotment.is_allotted(tx, now):
                await allotment.request(tx, account_id, now.currency)
        elif is_floored(now.book) and min(was_minor, now.available_minor) < 0:
            await liability.request(tx, account_id, now.currency)
