"""What an account has."""

import msgspec

from cardwright.accounts.record.model import Account
from cardwright.funding import rules
from cardwright.funding.model import Balance
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import flows as ledger
from cardwright.wire import rows

QUERIES = load(__file__)


class InstantDestination(msgspec.Struct, frozen=True):
    """A bank account that takes instant payouts in a currency."""

    currency: str
    id: str


_INSTANT = QUERIES.many("list_instant_destinations", InstantDestination)


async def read_balance(tx: Tx) -> Balance:
    """What the acting account has."""
    account = await rows.find(tx.connection, Account, tx.account_id, tx.account_id)
    default = account.defaults.currency if account is not None else None
    country = account.identity.country if account is not None else None
    instant = await _INSTANT(tx.connection, account_id=tx.account_id)
    return rules.balance(
        await ledger.balances_of(tx.connection, tx.account_id),
        default or rules.national_currency(country),
        {each.currency: each.id for each in instant},
        is_platform=tx.account_id == tx.platform_id,
        livemode=tx.livemode,
    )
