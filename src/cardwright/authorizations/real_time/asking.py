"""Asking the platform in real time: one signed post, two seconds, then its answer is taken.

Nothing is held while the platform is asked: the question was committed before, and its answer is a
transaction of its own. The receiver may call us meanwhile. An answer that comes after the two
seconds changes nothing any more; it is waited for a little longer, so that it can be shown.
"""

import asyncio
from typing import Any, Literal, Protocol

import asyncpg
import msgspec

from cardwright.authorizations.lane.answers import ANSWER_MS
from cardwright.authorizations.lane.work import PATIENCE_SECONDS, Question, Sender
from cardwright.authorizations.model import PendingRequest
from cardwright.authorizations.real_time import answering
from cardwright.authorizations.real_time.answering import AnsweredQuestion, Verdict
from cardwright.authorizations.real_time.authorization_webhook import SECRET
from cardwright.authorizations.real_time.request_health import AnswerOutcome, RequestHealth
from cardwright.authorizations.rendering import Snapshot
from cardwright.authorizations.webhook_target import WebhookTarget
from cardwright.events import destinations, signing
from cardwright.events.catalogue import REAL_TIME
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Database
from cardwright.kernel.loop import Part, passing
from cardwright.kernel.outbound import Outbound, Reply, UnreachableError
from cardwright.kernel.refusal import Failure, fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy import registry, secrets
from cardwright.tenancy.registry import Tenant
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.given import METADATA_KEYS_MAX
from cardwright.wire.resource import Metadata
from cardwright.wire.values import METADATA_KEY_MAX, METADATA_VALUE_MAX
from cardwright.wire.versions import NEWEST, parse_version

MESSAGE_MAX = 500
# How many late answers are waited for at once.
LATE_MAX = 256
# How long answering is tried again while somebody else holds what it needs; longer than one wait
# for a lock.
ANSWERING_SECONDS, ANSWER_AGAIN_SECONDS = PATIENCE_SECONDS, 0.02
# How verdicts that are no answers are counted.
OUTCOMES: dict[str, AnswerOutcome] = {"error": "errors", "timeout": "timeout"}


class Response(msgspec.Struct, kw_only=True):
    """The body of an answer. What is null is not given; in metadata it deletes the key."""

    approved: bool
    amount: int | None = None
    metadata: dict[str, str | None] | None = None
    send_fraud_challenges: list[Literal["sms"]] | None = None


class _Pending(msgspec.Struct):
    """What of the question decides on its answer."""

    pending_request: PendingRequest


class Listening(Protocol):
    """The command lines that listen."""

    def listens(self, tenant: Tenant) -> bool:
        """Whether one listens for the account that could answer."""

    async def ask(self, tenant: Tenant, payload: bytes, seconds: float) -> Reply | None:
        """What it answered in time, if it did."""


class Nobody:
    """No command line listens."""

    def listens(self, tenant: Tenant) -> bool:
        """Nobody does."""
        return False

    async def ask(self, tenant: Tenant, payload: bytes, seconds: float) -> Reply | None:
        """Nobody answers."""
        return None


class Asker(Part):
    """Asks questions and closes them with what comes back."""

    def __init__(
        self,
        database: Database,
        outbound: Outbound,
        health: RequestHealth,
    ) -> None:
        self._database = database
        self._outbound = outbound
        self._health = health
        self.listening: Listening = Nobody()
        self._late: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        """Wait for no late answers any more."""
        for task in list(self._late):
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)

    def listens(self, tenant: Tenant) -> bool:
        """Whether a command line listens that may answer; live payments are not its business."""
        return not tenant.livemode and self.listening.listens(tenant)

    async def ask(
        self, sender: Sender, authorization_id: str, question: Question
    ) -> AnsweredQuestion:
        """Ask the platform and take its answer; late when something else closed the question."""
        verdict = await self._verdict(sender, authorization_id, question)
        answered = await self._answer(sender, authorization_id, verdict)
        if verdict.heard:
            outcome = OUTCOMES.get(verdict.verdict, "answered")
            approved = answered.authorization.approved
            self._health.note(sender.tenant.platform_id, outcome, approved=approved)
        return answered

    async def _answer(
        self, sender: Sender, authorization_id: str, verdict: Verdict
    ) -> AnsweredQuestion:
        """Close the question with an answer, tried again while that may help: the answer is there
        only once, and those of one account that come together wait for its gate. An account that
        was closed meanwhile is told like any other. What is given up is closed by its deadline."""
        until = clock.monotonic() + ANSWERING_SECONDS
        while clock.monotonic() < until:
            try:
                async with registry.transaction(
                    self._database, sender.account_id, closed=True
                ) as tx:
                    tx.request_id = sender.request_id
                    tx.idempotency_key = sender.key
                    return await answering.answer(tx, authorization_id, verdict)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, Failure) as error:
                if not _may_pass(error):
                    raise
            await asyncio.sleep(ANSWER_AGAIN_SECONDS)
        fail(wire_refusals.LOCK_TIMEOUT)

    async def _verdict(self, sender: Sender, authorization_id: str, question: Question) -> Verdict:
        seconds = ANSWER_MS / clock.SECOND_MS
        if question.target is None:
            body = _event(sender, question, NEWEST)
            heard = await self.listening.ask(sender.tenant, body, seconds)
            return overheard(heard, question)
        posting = asyncio.create_task(self._post(sender, question, question.target))
        done, _ = await asyncio.wait([posting], timeout=seconds)
        if done:
            return posting.result()
        self._wait_on(posting, sender, authorization_id)
        return Verdict(source="webhook", verdict="timeout")

    async def _post(self, sender: Sender, question: Question, target: WebhookTarget) -> Verdict:
        """What the platform answers, in time or late."""
        asked_ms = clock.machine_ms()
        body = _event(sender, question, target.api_version or NEWEST)
        signed_with = await self._secrets(sender.tenant.platform_id, target)
        if not signed_with:
            return _error("The endpoint was deleted before it could be asked.")
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            signing.HEADER: signing.header(
                body, signed_with, clock.machine_ms() // clock.SECOND_MS
            ),
        }
        try:
            reply = await self._outbound.post(
                target.url,
                body,
                headers,
                livemode=sender.tenant.livemode,
                timeout_seconds=answering.LATE_MS / clock.SECOND_MS,
            )
        except UnreachableError as error:
            if error.reason == "timeout":
                return Verdict(source="webhook", verdict="timeout")
            return _error(f"The endpoint could not be reached: {error.detail}")
        verdict = judged(reply.status, _names(reply), reply.body, question)
        return msgspec.structs.replace(verdict, http_status=reply.status, asked_ms=asked_ms)

    async def _secrets(self, platform_id: str, target: WebhookTarget) -> list[str]:
        """What the question is signed with: the secret of the platform's own address, or those of
        the destination."""
        vault = self._database.vault
        async with self._database.connection() as connection:
            if target.destination is None:
                secret = await secrets.get(connection, vault, platform_id, platform_id, SECRET)
                assert secret is not None, f"{platform_id} asks without a signing secret"
                return [secret]
            return await destinations.secrets_of(
                connection, vault, platform_id, target.destination, now_ms=clock.machine_ms()
            )

    def _wait_on(
        self, posting: asyncio.Task[Verdict], sender: Sender, authorization_id: str
    ) -> None:
        """Let an answer come late, unless too many are being waited for already."""
        if len(self._late) >= LATE_MAX:
            posting.cancel()
            return
        task = asyncio.create_task(self._hear_late(posting, sender, authorization_id))
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _hear_late(
        self, posting: asyncio.Task[Verdict], sender: Sender, authorization_id: str
    ) -> None:
        """Keep an answer that came after its question was closed."""
        try:
            verdict = await posting
        except asyncio.CancelledError:
            posting.cancel()
            raise
        if verdict.verdict != "timeout":
            await self._answer(sender, authorization_id, verdict)


def _may_pass(error: Exception) -> bool:
    """Whether answering may succeed in a moment: the database says so, or a virtual clock moves."""
    if isinstance(error, Failure):
        return error.refusal == tenancy_refusals.CLOCK_ADVANCING
    return passing(error)


def overheard(reply: Reply | None, question: Question) -> Verdict:
    """What an answer means that came by way of a command line: who listens may do so for other
    events, so what does not look like an answer is none, and the payment is decided without."""
    if reply is not None and reply.status == 200:
        headers = _names(reply)
        if "stripe-version" in headers or b'"approved"' in reply.body:
            return judged(reply.status, headers, reply.body, question)
    return Verdict(source="webhook", verdict="approved", heard=False)


def _names(reply: Reply) -> set[str]:
    """The names of the headers that say something."""
    return {name.lower() for name, value in reply.headers.items() if value.strip()}


def judged(status: int, headers: set[str], body: bytes, question: Question) -> Verdict:
    """What an answer over HTTP means; anything but a well formed one is an error."""
    if status != 200:
        return _error(f"The endpoint answered with status {status}.")
    if "stripe-version" not in headers:
        return _error("The answer has no Stripe-Version header.")
    try:
        answer = msgspec.json.decode(body, type=Response)
    except (msgspec.DecodeError, RecursionError) as error:
        return _error(f"The answer is not valid: {error}")
    pending = msgspec.json.decode(question.object, type=_Pending).pending_request
    if answer.amount is not None and not _may_choose(answer.amount, pending):
        return _error("The amount of the answer is not valid.")
    metadata = {key: value or "" for key, value in (answer.metadata or {}).items()}
    if not _may_keep(metadata):
        return _error("The metadata of the answer is not valid.")
    verdict: Literal["approved", "declined"] = "approved" if answer.approved else "declined"
    return Verdict(
        source="webhook",
        verdict=verdict,
        amount_minor=answer.amount if answer.approved else None,
        metadata=metadata,
        challenged=bool(answer.send_fraud_challenges) and not answer.approved,
    )


def _may_choose(amount_minor: int, pending: PendingRequest) -> bool:
    if amount_minor == pending.amount:
        return True
    return pending.is_amount_controllable and (
        answering.lowest_of(pending) <= amount_minor <= pending.amount
    )


def _may_keep(metadata: Metadata) -> bool:
    """Whether the API would take the metadata, too; not all of it could be stored otherwise."""
    return len(metadata) <= METADATA_KEYS_MAX and all(
        0 < len(key) <= METADATA_KEY_MAX
        and len(value) <= METADATA_VALUE_MAX
        and not set(key) & set("[]\x00")
        and "\x00" not in value
        for key, value in metadata.items()
    )


def _error(message: str) -> Verdict:
    return Verdict(source="webhook", verdict="error", message=message[:MESSAGE_MAX])


def _event(sender: Sender, question: Question, api_version: str) -> bytes:
    """The event that asks, in a version; it is sent once and never kept."""
    version = parse_version(api_version)
    shown = msgspec.Raw(Snapshot(question.object).in_version(version))
    body: dict[str, Any] = {
        "id": ids.new_id("evt_"),
        "object": "event",
        "api_version": api_version,
        "created": clock.machine_ms() // clock.SECOND_MS,
        "data": {"object": shown},
        "livemode": sender.tenant.livemode,
        "pending_webhooks": 1,
        "request": {
            "id": sender.request_id,
            "idempotency_key": sender.key,
        },
        "type": REAL_TIME,
    }
    if sender.account_id != sender.tenant.platform_id:
        body["account"] = sender.account_id
    return msgspec.json.encode(body)
