"""The way into the lanes for every door: hand a request over, ask if need be, say the decision."""

import asyncio

import asyncpg
import msgspec

from cardwright.authorizations import presented_pins, refusals, whole
from cardwright.authorizations.conversion import RequestedAmounts, in_card_currency
from cardwright.authorizations.decision import estimates
from cardwright.authorizations.increments import Increment, increment
from cardwright.authorizations.lane.lanes import Lanes
from cardwright.authorizations.lane.work import Attempt, LaneOutcome, Question, Sender
from cardwright.authorizations.model import Authorization
from cardwright.authorizations.real_time.asking import Asker
from cardwright.authorizations.rendering import Shown, Snapshot, StoredAnswer, encoded
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.authorizations.response import AuthorizationResponse, response_of
from cardwright.events import log
from cardwright.kernel import ids
from cardwright.kernel.database import RETRYABLE
from cardwright.kernel.refusal import fail
from cardwright.tenancy import registry
from cardwright.tenancy.registry import Tenant
from cardwright.tokens import flows as tokens
from cardwright.wire import idempotency, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.resource import Currency

ATTEMPTS = 3


class Authorizer:
    """Decides requests; what a caller is shown of a decision is the caller's affair."""

    def __init__(self, lanes: Lanes, asker: Asker) -> None:
        self._lanes = lanes
        self._asker = asker

    async def authorize(
        self, sender: Sender, request: AuthorizationRequest
    ) -> AuthorizationResponse:
        """Decide the request. Raises what it is refused with."""
        request = estimates.whole(request)
        request = await presented_pins.checked(self._lanes.database, sender, request)
        attempt = Attempt(
            id=ids.new_id(Authorization.prefix),
            tenant=sender.tenant,
            version=sender.version,
            request_id=sender.request_id,
            claim=sender.claim,
            request=request,
            listened=self._asker.listens(sender.tenant),
        )
        outcome = await self._lanes.decide(attempt)
        asked = outcome.question is not None
        shown: Shown
        if outcome.question is not None:
            shown = await self._ask(sender, outcome.authorization_id, outcome.question)
        else:
            shown = outcome.made or await self._read(sender, outcome)
        return response_of(shown, request.amount_minor, asked=asked, replayed=outcome.replayed)

    async def increment(
        self, sender: Sender, authorization_id: str, amount_minor: int, *, controllable: bool
    ) -> AuthorizationResponse:
        """Decide on so much more for an authorization. Raises what it is refused with."""
        wanted = Increment(
            amount_minor=amount_minor,
            is_amount_controllable=controllable,
            version=sender.version,
            key=sender.key,
            listened=self._asker.listens(sender.tenant),
        )
        shown, question = await self._decide_more(sender, authorization_id, wanted)
        if question is not None:
            shown = await self._ask(sender, authorization_id, question)
        return response_of(
            shown,
            amount_minor,
            asked=question is not None,
            replayed=question is None and isinstance(shown, StoredAnswer),
            additional=True,
        )

    async def _ask(self, sender: Sender, authorization_id: str, question: Question) -> Shown:
        """Ask the platform: the authorization with its answer. When something else decided, the
        authorization may have gone on since; a repeat of the request is told the same."""
        answered = await self._asker.ask(sender, authorization_id, question)
        if answered.late and sender.claim is not None:
            database = self._lanes.database
            async with database.connection() as connection:
                stored = await idempotency.answer_of(
                    connection, database.vault, sender.account_id, sender.claim.key
                )
            if stored:
                return StoredAnswer(stored)
        return answered.authorization

    async def _read(self, sender: Sender, outcome: LaneOutcome) -> Shown:
        """What an earlier request was answered, or else the authorization as it is."""
        if outcome.stored:
            return StoredAnswer(outcome.stored)
        account_id, id_ = sender.account_id, outcome.authorization_id
        async with registry.reading(self._lanes.database, sender.tenant) as tx:
            if outcome.event_id is not None:
                found = await log.by_id(tx.connection, account_id, [outcome.event_id])
                event = found.get(outcome.event_id)
                if event is not None and event.snapshot is not None:
                    return Snapshot(event.snapshot.encode())
            stored = await rows.find(tx.connection, Authorization, account_id, id_)
            assert stored is not None, f"{id_} is gone"
            [shown] = await whole.shown(tx.connection, account_id, [stored])
            return shown

    async def _decide_more(
        self, sender: Sender, authorization_id: str, wanted: Increment
    ) -> tuple[Shown, Question | None]:
        """The answer stored under the key, or the authorization and what to ask about it; tried
        again while PostgreSQL says that trying again may help."""
        for attempt in range(ATTEMPTS):
            try:
                return await self._decide_more_once(sender, authorization_id, wanted)
            except asyncpg.PostgresError as error:
                if error.sqlstate not in RETRYABLE:
                    raise
                await asyncio.sleep(0.01 * (attempt + 1))
        fail(wire_refusals.LOCK_TIMEOUT)

    async def _decide_more_once(
        self, sender: Sender, authorization_id: str, wanted: Increment
    ) -> tuple[Shown, Question | None]:
        vault, claim = self._lanes.database.vault, sender.claim
        async with registry.transaction(self._lanes.database, sender.account_id) as tx:
            stored = None
            if claim is not None:
                stored = await idempotency.claim(tx.connection, claim)
            if stored is not None:
                if stored.status == idempotency.OPEN:
                    fail(wire_refusals.IDEMPOTENCY_KEY_IN_USE, key=wanted.key)
                return StoredAnswer(vault.unseal(stored.answer, idempotency.SEAL_CONTEXT)), None
            tx.request_id, tx.idempotency_key = sender.request_id, wanted.key
            shown, question = await increment(tx, authorization_id, wanted)
            if claim is not None:
                status = 200 if question is None else idempotency.OPEN
                answer = encoded(shown, sender.version)
                await idempotency.keep(tx.connection, vault, claim, status, answer)
        return shown, question

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
