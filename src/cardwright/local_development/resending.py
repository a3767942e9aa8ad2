"""Sending an event again to the command lines that listen, and to nobody else."""

from cardwright.events import listening, resending, rules
from cardwright.events.model import LoggedEvent
from cardwright.kernel import clock
from cardwright.kernel.database import Tx


async def send_to_listening(tx: Tx, event: LoggedEvent) -> bool:
    """Push an event again; the answer is whether anybody listens for it."""
    owners = sorted({event.account_id, tx.platform_id})
    sessions = [
        session
        for session in await listening.listeners(tx.connection, owners, clock.machine_ms())
        if rules.reaches(session, event.account_id, tx.platform_id)
        and rules.asks_for(session, event.type)
    ]
    for session in sessions:
        await resending.resend(tx, event, session.id)
    return bool(sessions)
