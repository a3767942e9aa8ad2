"""What an account has."""

from cardwright.accounts import external_accounts
from cardwright.accounts.record.model import Account
from cardwright.funding import rules
from cardwright.funding.model import Balance
from cardwright.kernel.database import Tx
from cardwright.ledger import flows as ledger
from cardwright.wire import rows


async def read_balance(tx: Tx) -> Balance:
    """What the acting account has."""
    account = await rows.find(tx.connection, Account, tx.account_id, tx.account_id)
    default = account.defaults.currency if account is not None else None
    country = account.identity.country if account is not None else None
    return rules.balance(
        await ledger.balances_of(tx.connection, tx.account_id),
        default or rules.national_currency(country),
        await external_accounts.instant_of(tx.connection, tx.account_id),
        is_platform=tx.account_id == tx.platform_id,
        livemode=tx.livemode,
    )
