"""What compliance brings."""

from cardwright.accounts.record.model import AccountEvaluated
from cardwright.compliance import api, deadlines
from cardwright.features.declaration import Feature
from cardwright.features.happenings import on

FEATURE = Feature(
    operations=api.OPERATIONS,
    deadlines=deadlines.HANDLERS,
    listeners=(on(AccountEvaluated, deadlines.account_changed),),
)
