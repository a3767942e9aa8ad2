"""After a lost connection: what of a batch was committed after all."""

from cardwright.authorizations.lane.batch import Result
from cardwright.authorizations.lane.columns import as_column
from cardwright.authorizations.lane.work import Attempt, LaneOutcome
from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load

QUERIES = load(__file__)
_COMMITTED = QUERIES.many("committed_authorizations", str)


async def committed(connection: Connection, items: list[Attempt]) -> list[Result]:
    """The results of those requests that did commit; their door renders what is stored."""
    attempts = {item.id: item for item in items}
    found = await _COMMITTED(
        connection,
        account_ids=as_column(item.account_id for item in attempts.values()),
        ids=as_column(attempts),
    )
    return [Result(attempts[made], LaneOutcome(made)) for made in found]
