"""The way into the lanes for every door: hand a request over, ask if need be, show the result."""

import asyncio

import asyncpg
import msgspec

from cardwright.authorizations import presented_pins, refusals, views
from cardwright.authorizations.conversion import RequestedAmounts, in_card_currency
from cardwright.authorizations.decision import estimates
from cardwright.authorizations.increments import Increment, increment
from cardwright.authorizations.lane.lanes import Lanes
from cardwright.authorizations.lane.work import Attempt, LaneOutcome, Question
from cardwright.authorizations.model import Authorization, ShownAuthorization
from cardwright.authorizations.real_time.asking import Asker
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.events import log
from cardwright.kernel.database import RETRYABLE, Connection
from cardwright.kernel.refusal import fail
from cardwright.tenancy import registry
from cardwright.tenancy.registry import Tenant
from cardwright.tokens import flows as tokens
from cardwright.wire import expand, idempotency, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.render import needs_reshaping, render, reshaper
from cardwright.wire.resource import Currency
from cardwright.wire.versions import Body, Version

ATTEMPTS = 3


class Shown(msgspec.Struct, frozen=True):
    """What a caller is told."""

    body: bytes
    replayed: bool


class Authorizer:
    """Decides requests and shows what came of them."""

    def __init__(self, lanes: Lanes, asker: Asker) -> None:
        self._lanes = lanes
        self._asker = asker

    async def authorize(self, item: Attempt, tree: expand.Tree) -> Shown:
        """Decide the request; ``tree`` names what to expand. Raises what it is refused with."""
        item.listened = self._asker.listens(item.tenant)
        item.request = estimates.whole(item.request)
        item.request = await presented_pins.checked(self._lanes.database, item)
        outcome = await self._lanes.decide(item)
        answered: ShownAuthorization | None = None
        if outcome.question is not None:
            asked = await self._asker.ask(item, outcome.authorization_id, outcome.question)
            answered = asked.authorization
            if asked.late:
                outcome = await self._answered(item, outcome.authorization_id)
                answered = None if outcome.body else answered
        if outcome.body and not tree:
            return Shown(outcome.body, outcome.replayed)
        return await self._shown(item, outcome, answered, tree)

    async def increment(
        self, item: Attempt, authorization_id: str, *, controllable: bool, tree: expand.Tree
    ) -> Shown:
        """Decide on more for an authorization: what ``item`` asks for. Raises what it is refused
        with."""
        wanted = Increment(
            amount_minor=item.request.amount_minor,
            is_amount_controllable=controllable,
            version=item.version,
            key=item.claim.key if item.claim is not None else None,
            listened=self._asker.listens(item.tenant),
        )
        outcome = LaneOutcome(authorization_id)
        stored, shown, question = await self._decide_more(item, authorization_id, wanted)
        if stored is not None:
            return Shown(stored, replayed=True)
        if question is not None:
            asked = await self._asker.ask(item, authorization_id, question)
            if asked.late:
                outcome = await self._answered(item, authorization_id)
            shown = None if outcome.body else asked.authorization
        return await self._shown(item, outcome, shown, tree)

    async def _answered(self, item: Attempt, authorization_id: str) -> LaneOutcome:
        """The answer under the key of a request that something else decided: the authorization may
        have gone on since, and a repeat is told the same."""
        if item.claim is None:
            return LaneOutcome(authorization_id)
        database = self._lanes.database
        async with database.connection() as connection:
            body = await idempotency.answer_of(
                connection, database.vault, item.account_id, item.claim.key
            )
        return LaneOutcome(authorization_id, body or b"")

    async def _decide_more(
        self, item: Attempt, authorization_id: str, wanted: Increment
    ) -> tuple[bytes | None, ShownAuthorization | None, Question | None]:
        """The answer stored under the key, or the authorization and what to ask about it; tried
        again while PostgreSQL says that trying again may help."""
        for attempt in range(ATTEMPTS):
            try:
                return await self._decide_more_once(item, authorization_id, wanted)
            except asyncpg.PostgresError as error:
                if error.sqlstate not in RETRYABLE:
                    raise
                await asyncio.sleep(0.01 * (attempt + 1))
        fail(wire_refusals.LOCK_TIMEOUT)

    async def _decide_more_once(
        self, item: Attempt, authorization_id: str, wanted: Increment
    ) -> tuple[bytes | None, ShownAuthorization | None, Question | None]:
        vault, claim = self._lanes.database.vault, item.claim
        async with registry.transaction(self._lanes.database, item.account_id) as tx:
            stored = None
            if claim is not None:
                stored = await idempotency.claim(tx.connection, claim)
            if stored is not None:
                if stored.status == idempotency.OPEN:
                    fail(wire_refusals.IDEMPOTENCY_KEY_IN_USE, key=wanted.key)
                return vault.unseal(stored.answer, idempotency.SEAL_CONTEXT), None, None
            tx.request_id, tx.idempotency_key = item.request_id, wanted.key
            shown, question = await increment(tx, authorization_id, wanted)
            if claim is not None:
                status = 200 if question is None else idempotency.OPEN
                answer = msgspec.json.encode(render(shown, item.version))
                await idempotency.keep(tx.connection, vault, claim, status, answer)
        return None, shown, question

    async def _shown(
        self,
        item: Attempt,
        outcome: LaneOutcome,
        answered: ShownAuthorization | None,
        tree: expand.Tree,
    ) -> Shown:
        """What came of a request, in the caller's vocabulary and expanded."""
        async with registry.reading(self._lanes.database, item.tenant) as tx:
            body = await _body(tx.connection, item, outcome, answered)
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
    ) -> RequestedAmounts:
        """Both amounts of a request before it is decided: at least one of them is given."""
        async with registry.reading(self._lanes.database, tenant) as tx:
            return await in_card_currency(
                tx,
                card_id,
                merchant_currency,
                amount_minor=amount_minor,
                merchant_amount_minor=merchant_amount_minor,
            )

    async def tokenized(
        self, tenant: Tenant, request: AuthorizationRequest
    ) -> AuthorizationRequest:
        """The request with the wallet of the token it is made with, if any; refuses a token of
        another card, and one that cannot pay."""
        if request.token is None:
            return request
        async with registry.reading(self._lanes.database, tenant) as tx:
            token = await tokens.token_for_payment(tx, request.token, request.card)
        if request.wallet is not None and request.wallet != token.wallet_provider:
            fail(
                refusals.TOKEN_OF_OTHER_WALLET,
                param="wallet",
                token=token.id,
                wallet=request.wallet,
            )
        return msgspec.structs.replace(request, wallet=token.wallet_provider)


async def _body(
    connection: Connection, item: Attempt, outcome: LaneOutcome, answered: ShownAuthorization | None
) -> Body:
    """The authorization in the caller's vocabulary, from wherever it is."""
    if answered is not None:
        return render(answered, item.version)
    if outcome.body:
        body: Body = msgspec.json.decode(outcome.body)
        return body
    if outcome.event_id is not None:
        events = await log.by_id(connection, item.account_id, [outcome.event_id])
        event = events.get(outcome.event_id)
        if event is not None and event.snapshot is not None:
            return in_version(event.snapshot, item.version)
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
