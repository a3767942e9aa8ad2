"""What funding brings."""

from cardwright.features.declaration import Feature
from cardwright.features.happenings import on
from cardwright.funding import api, deadlines, loaders
from cardwright.funding.low_balance import flows as low_balance
from cardwright.funding.payouts import exporting
from cardwright.funding.statements import api as statements_api
from cardwright.funding.statements import flows as statements
from cardwright.funding.statements import line_handlers
from cardwright.ledger.model import MoneyMoved

FEATURE = Feature(
    operations=(*api.OPERATIONS, *statements_api.OPERATIONS),
    loaders=loaders.LOADERS,
    deadlines={**deadlines.HANDLERS, **statements.HANDLERS},
    listeners=(on(MoneyMoved, low_balance.observe),),
    extensions=(
        exporting.SOURCES.entries(exporting.PAYOUTS),
        statements.LINE_HANDLERS.entries(line_handlers.LINE_HANDLERS),
    ),
)
