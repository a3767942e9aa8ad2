"""What credit brings."""

from cardwright.accounts.record.model import AccountClosing
from cardwright.credit import allotment, api, deadlines, observing
from cardwright.features.declaration import Feature
from cardwright.features.happenings import on
from cardwright.ledger.model import MoneyMoved

FEATURE = Feature(
    operations=api.OPERATIONS,
    loaders=api.LOADERS,
    deadlines=deadlines.HANDLERS,
    listeners=(on(MoneyMoved, observing.observe), on(AccountClosing, allotment.take_back)),
)
