"""What financial accounts bring."""

from cardwright.accounts.record.model import CapabilitiesChanged
from cardwright.features.declaration import Feature
from cardwright.features.happenings import on
from cardwright.financial_accounts import flows
from cardwright.financial_accounts.moves import deadlines, exporting, statement_lines
from cardwright.financial_accounts.operations import (
    operator,
    v1_accounts,
    v1_loaders,
    v1_moves,
    v1_test_helpers,
    v2_accounts,
    v2_moves,
)
from cardwright.funding.payouts.exporting import SOURCES
from cardwright.funding.statements.flows import LINE_HANDLERS

FEATURE = Feature(
    operations=(
        *v2_accounts.OPERATIONS,
        *v2_moves.OPERATIONS,
        *operator.OPERATIONS,
        *v1_accounts.OPERATIONS,
        *v1_moves.OPERATIONS,
        *v1_test_helpers.OPERATIONS,
    ),
    loaders=v1_loaders.LOADERS,
    deadlines=deadlines.HANDLERS,
    listeners=(on(CapabilitiesChanged, flows.open_pending),),
    extensions=(
        SOURCES.entries(exporting.OUTBOUND),
        LINE_HANDLERS.entries(statement_lines.LINE_HANDLERS),
    ),
)
