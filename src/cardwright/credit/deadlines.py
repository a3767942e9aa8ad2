"""The deadlines of credit: money to move after the fact, periods that end, due dates."""

from cardwright.credit import allotment, liability, obligations
from cardwright.tenancy import deadlines

HANDLERS: dict[str, deadlines.Handler] = {
    allotment.ALLOT: allotment.allot_due,
    liability.RESERVE: liability.reserve,
    obligations.PERIOD_END: obligations.end_period,
    obligations.DUE: obligations.fall_due,
}
