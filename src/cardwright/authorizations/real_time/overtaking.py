"""What the network does to an authorization that the platform is still asked about.

The network does not wait for the answer: what it does closes the question as declined, and what
the platform says afterwards is late.
"""

from cardwright.authorizations import flows
from cardwright.authorizations.flows import Opened
from cardwright.authorizations.real_time import answering
from cardwright.authorizations.real_time.answering import Verdict
from cardwright.kernel.database import Tx

OVERTAKEN = Verdict(
    source="network",
    verdict="overtaken",
    message="The network went on before the question was answered.",
)


async def opened(tx: Tx, authorization_id: str) -> Opened:
    """Lock the gate and read the authorization; a question about more on it is closed first."""
    work = await flows.opened(tx, authorization_id)
    if work.now.pending_request is None or not work.now.approved:
        return work
    await answering.answer(tx, authorization_id, OVERTAKEN)
    return await flows.opened(tx, authorization_id)
