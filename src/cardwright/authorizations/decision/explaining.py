"""Loading what there is to explain an authorization with."""

import msgspec

from cardwright.authorizations.decision.explanation import Answer, Question, explained
from cardwright.authorizations.decision.trace import Seen
from cardwright.authorizations.model import Authorization
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import history
from cardwright.wire import rows
from cardwright.wire.versions import Body

QUERIES = load(__file__, "explaining.sql")
_DECISIONS = QUERIES.value("decisions_of", str)
_ANSWERS = QUERIES.many("answers_of", Answer)
_QUESTION = QUERIES.one("question_of", Question)
_OWNER = QUERIES.value("owner_of", str)


async def explain(tx: Tx, authorization_id: str) -> Body:
    """Why an authorization of the acting account was decided as it was."""
    found = await rows.get(tx, Authorization, authorization_id)
    of = {"account_id": tx.account_id, "authorization_id": found.id}
    kept = await _DECISIONS(tx.connection, **of)
    decisions = msgspec.json.decode(kept, type=list[Seen]) if kept is not None else []
    answers = await _ANSWERS(tx.connection, **of)
    # A reservation shows on no balance transaction, so it is not found by its source.
    reserved = [one.reserved for one in decisions] + [one.transfer_id for one in answers]
    entries = await history.of_sources(
        tx.connection,
        tx.account_id,
        [found.id, *found.transactions],
        [transfer for transfer in reserved if transfer is not None],
    )
    return explained(found, decisions, answers, await _QUESTION(tx.connection, **of), entries)


async def owner_of(tx: Tx, authorization_id: str) -> str | None:
    """The account of a platform that an authorization belongs to."""
    return await _OWNER(
        tx.connection, platform_id=tx.platform_id, authorization_id=authorization_id
    )
