"""Asking the platform in real time: one signed post, two seconds, then its answer is settled.

Nothing is held while the platform is asked: the question was committed before, and its answer is a
transaction of its own. The receiver may call us meanwhile.
"""

from typing import Any, Literal, Protocol

import msgspec

from cardwright.authorizations import settling
from cardwright.authorizations.answers import ANSWER_MS
from cardwright.authorizations.authorization_webhook import SECRET
from cardwright.authorizations.request_health import Outcome, RequestHealth
from cardwright.authorizations.settling import Settled, Verdict
from cardwright.authorizations.work import Attempt, Question
from cardwright.events import signing
from cardwright.events.catalogue import REAL_TIME
from cardwright.kernel import clock, ids, secrets
from cardwright.kernel.database import Database
from cardwright.kernel.outbound import Outbound, Reply, UnreachableError
from cardwright.tenancy import registry
from cardwright.tenancy.registry import Tenant
from cardwright.wire.given import METADATA_KEYS_MAX
from cardwright.wire.parameters import METADATA_KEY_MAX, METADATA_VALUE_MAX
from cardwright.wire.resource import Metadata
from cardwright.wire.versions import NEWEST

MESSAGE_MAX = 500
# How verdicts that are no answers are counted.
OUTCOMES: dict[str, Outcome] = {"error": "errors", "timeout": "timeout"}


class Response(msgspec.Struct, kw_only=True):
    """The body of an answer."""

    approved: bool
    amount: int | None = None
    metadata: Metadata = msgspec.field(default_factory=dict)


class Listening(Protocol):
    """The command lines that listen."""

    def listens(self, tenant: Tenant) -> bool:
        """Whether one listens for the account that could answer."""

    async def ask(self, tenant: Tenant, payload: bytes, seconds: float) -> Reply | None:
        """What it answered in time, if it did."""


class Asker:
    """Asks questions and settles them with what comes back."""

    def __init__(
        self,
        database: Database,
        outbound: Outbound,
        listening: Listening,
        health: RequestHealth,
    ) -> None:
        self._database = database
        self._outbound = outbound
        self._listening = listening
        self._health = health

    def listens(self, tenant: Tenant) -> bool:
        """Whether a command line listens that may answer; live payments are not its business."""
        return not tenant.livemode and self._listening.listens(tenant)

    async def ask(self, item: Attempt, authorization_id: str, question: Question) -> Settled:
        """Ask the platform and settle; late when something else settled it meanwhile."""
        verdict = await self._verdict(item, question)
        async with registry.transaction(self._database, item.account_id) as tx:
            tx.request_id = item.request_id
            tx.idempotency_key = item.claim.key if item.claim is not None else None
            settled = await settling.settle(tx, authorization_id, verdict)
        if verdict.heard:
            outcome = OUTCOMES.get(verdict.verdict, "answered")
            approved = settled.authorization.approved
            self._health.note(item.tenant.platform_id, outcome, approved=approved)
        return settled

    async def _verdict(self, item: Attempt, question: Question) -> Verdict:
        body = _event(item, question)
        if question.url is None:
            heard = await self._listening.ask(item.tenant, body, ANSWER_MS / clock.SECOND_MS)
            return overheard(heard, question)
        platform_id = item.tenant.platform_id
        async with self._database.connection() as connection:
            secret = await secrets.get(
                connection, self._database.vault, platform_id, platform_id, SECRET
            )
        assert secret is not None, f"{platform_id} asks without a signing secret"
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            signing.HEADER: signing.header(body, [secret], clock.machine_ms() // clock.SECOND_MS),
        }
        try:
            reply = await self._outbound.post(
                question.url,
                body,
                headers,
                livemode=item.tenant.livemode,
                timeout_seconds=ANSWER_MS / clock.SECOND_MS,
            )
        except UnreachableError as error:
            if error.reason == "timeout":
                return Verdict(source="webhook", verdict="timeout")
            return _error(f"The endpoint could not be reached: {error.detail}")
        return judged(reply.status, {name.lower() for name in reply.headers}, reply.body, question)


def overheard(reply: Reply | None, question: Question) -> Verdict:
    """What an answer means that came by way of a command line: who listens may do so for other
    events, so what does not look like an answer is none, and the payment is decided without."""
    if reply is not None and reply.status == 200:
        headers = {name.lower() for name in reply.headers}
        if "stripe-version" in headers or b'"approved"' in reply.body:
            return judged(reply.status, headers, reply.body, question)
    return Verdict(source="webhook", verdict="approved", heard=False)


def judged(status: int, headers: set[str], body: bytes, question: Question) -> Verdict:
    """What an answer over HTTP means; anything but a well formed one is an error."""
    if status != 200:
        return _error(f"The endpoint answered with status {status}.")
    if "stripe-version" not in headers:
        return _error("The answer has no Stripe-Version header.")
    try:
        answer = msgspec.json.decode(body, type=Response)
    except msgspec.DecodeError as error:
        return _error(f"The answer is not valid: {error}")
    pending = msgspec.json.decode(question.object)["pending_request"]
    if answer.amount is not None and not _may_choose(answer.amount, pending):
        return _error("The amount of the answer is not valid.")
    if not _may_keep(answer.metadata):
        return _error("The metadata of the answer is not valid.")
    verdict: Literal["approved", "declined"] = "approved" if answer.approved else "declined"
    return Verdict(
        source="webhook",
        verdict=verdict,
        amount_minor=answer.amount if answer.approved else None,
        metadata=answer.metadata,
    )


def _may_choose(amount_minor: int, pending: dict[str, Any]) -> bool:
    if amount_minor == pending["amount"]:
        return True
    return bool(pending["is_amount_controllable"]) and 0 < amount_minor <= pending["amount"]


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


def _event(item: Attempt, question: Question) -> bytes:
    """The event that asks; it is sent once and never kept."""
    body: dict[str, Any] = {
        "id": ids.new_id("evt_"),
        "object": "event",
        "api_version": NEWEST,
        "created": clock.machine_ms() // clock.SECOND_MS,
        "data": {"object": msgspec.Raw(question.object)},
        "livemode": item.tenant.livemode,
        "pending_webhooks": 1,
        "request": {
            "id": item.request_id,
            "idempotency_key": item.claim.key if item.claim is not None else None,
        },
        "type": REAL_TIME,
    }
    if item.account_id != item.tenant.platform_id:
        body["account"] = item.account_id
    return msgspec.json.encode(body)
