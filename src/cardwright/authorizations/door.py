"""The way into the lanes for every door: hand a request over, ask if need be, show the result."""

import msgspec

from cardwright.authorizations import views
from cardwright.authorizations.asking import Asker
from cardwright.authorizations.conversion import Asked, in_card_currency
from cardwright.authorizations.lanes import Lanes
from cardwright.authorizations.model import Authorization, ShownAuthorization
from cardwright.authorizations.work import Attempt, Outcome
from cardwright.kernel.database import Connection, vault_of
from cardwright.kernel.queries import load
from cardwright.tenancy import registry
from cardwright.tenancy.registry import Tenant
from cardwright.wire import expand, rows, sealing
from cardwright.wire.render import needs_reshaping, render, reshaper
from cardwright.wire.resource import Currency
from cardwright.wire.versions import Body, Version

QUERIES = load(__file__)
_SNAPSHOT = QUERIES.value("decision_snapshot", str)


class Shown(msgspec.Struct, frozen=True):
    """What a caller is told."""

    body: bytes
    replayed: bool


class Door:
    """Decides requests and shows what came of them."""

    def __init__(self, lanes: Lanes, asker: Asker) -> None:
        self._lanes = lanes
        self._asker = asker

    async def authorize(self, item: Attempt, tree: expand.Tree) -> Shown:
        """Decide the request; ``tree`` names what to expand. Raises what it is refused with."""
        item.listened = self._asker.listens(item.tenant)
        outcome = await self._lanes.decide(item)
        settled: ShownAuthorization | None = None
        if outcome.question is not None:
            asked = await self._asker.ask(item, outcome.authorization_id, outcome.question)
            settled = asked.authorization
        if outcome.body and not tree:
            return Shown(outcome.body, outcome.replayed)
        async with registry.reading(self._lanes.database, item.tenant) as tx:
            body = await _body(tx.connection, item, outcome, settled)
            if tree:
                await expand.fill(
                    tx.connection,
                    item.account_id,
                    ShownAuthorization,
                    [body],
                    tree,
                    item.version,
                )
        return Shown(msgspec.json.encode(body), outcome.replayed)

    async def converted(
        self,
        tenant: Tenant,
        card_id: str,
        merchant_currency: Currency,
        *,
        amount_minor: int | None,
        merchant_amount_minor: int | None,
    ) -> Asked:
        """Both amounts of a request before it is decided: at least one of them is given."""
        async with registry.reading(self._lanes.database, tenant) as tx:
            return await in_card_currency(
                tx,
                card_id,
                merchant_currency,
                amount_minor=amount_minor,
                merchant_amount_minor=merchant_amount_minor,
            )


async def _body(
    connection: Connection, item: Attempt, outcome: Outcome, settled: ShownAuthorization | None
) -> Body:
    """The authorization in the caller's vocabulary, from wherever it is."""
    if settled is not None:
        return render(settled, item.version)
    if outcome.body:
        body: Body = msgspec.json.decode(outcome.body)
        return body
    if outcome.event_id is not None:
        snapshot = await _SNAPSHOT(connection, account_id=item.account_id, id=outcome.event_id)
        if snapshot is not None:
            clear = sealing.unseal_text(snapshot, vault_of(connection), item.account_id)
            return in_version(clear, item.version)
    found = await rows.find(connection, Authorization, item.account_id, outcome.authorization_id)
    assert found is not None, f"{outcome.authorization_id} is gone"
    [shown] = await views.shown(connection, item.account_id, [found])
    return render(shown, item.version)


def in_version(snapshot: str, version: Version) -> Body:
    """The object of an event in the version's vocabulary."""
    body: Body = msgspec.json.decode(snapshot)
    if needs_reshaping(ShownAuthorization, version):
        body = reshaper(ShownAuthorization, version)(body)
    return body
