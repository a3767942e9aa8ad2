"""What the ledger brings."""

from cardwright.features.declaration import Feature
from cardwright.ledger import pending
from cardwright.ledger.model import BalanceTransaction
from cardwright.wire import expand

FEATURE = Feature(
    loaders={"balance_transaction": expand.loader(BalanceTransaction)},
    deadlines=pending.HANDLERS,
)
