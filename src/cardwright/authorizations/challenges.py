"""What becomes of a challenge: sent, answered by the cardholder, or left until it expires; and what
a confirmation is worth for the next decision.

No message leaves this server. Whoever sends text messages reads what is pending, and says what the
cardholder answered; in the test environment the test helper does.
"""

import msgspec

from cardwright.authorizations import flows, fraud, refusals
from cardwright.authorizations.flows import Opened
from cardwright.authorizations.model import ShownAuthorization
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.cards import flows as cards
from cardwright.kernel import clock
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.money import decimal_text
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import deadlines
from cardwright.wire.versions import Body

QUERIES = load(__file__, "challenges.sql")
LISTED_MAX = 100


class Waiting(msgspec.Struct, frozen=True):
    """A challenge that waits for an answer."""

    account_id: str
    authorization_id: str
    card: str
    currency: str
    amount_minor: int
    created_ms: int
    merchant_name: str


_CONFIRMED = QUERIES.value("is_confirmed", bool)
_SEND = QUERIES.run("send_challenge")
_ANSWER = QUERIES.run("answer_challenge")
_WAITING = QUERIES.many("pending_challenges", Waiting)


async def confirmed(
    connection: Connection, account_id: str, request: AuthorizationRequest, now_ms: int
) -> bool:
    """Whether the cardholder confirmed a purchase with the card, at the merchant, of no less."""
    return bool(
        await _CONFIRMED(
            connection,
            account_id=account_id,
            card=request.card,
            merchant=request.merchant_data.network_id,
            amount_minor=request.amount_minor,
            since_ms=now_ms - fraud.CONFIRMED_MS,
        )
    )


async def send(tx: Tx, work: Opened) -> None:
    """Have the cardholder asked whether a declined purchase was theirs."""
    sent = fraud.challenge_of(work.before.card.cardholder.phone_number)
    work.now.fraud_challenges = [sent]
    await _SEND(
        tx.connection,
        account_id=tx.account_id,
        authorization_id=work.now.id,
        card=work.now.card,
        merchant=work.now.merchant_data.network_id,
        currency=work.now.currency,
        amount_minor=work.now.amount,
        status=sent.status,
        created_ms=tx.now_ms,
    )
    if sent.status == "pending":
        await deadlines.schedule(
            tx, kind=fraud.EXPIRY, subject=work.now.id, due_ms=tx.now_ms + fraud.ANSWER_MS
        )


async def respond(tx: Tx, authorization_id: str, *, confirmed: bool) -> ShownAuthorization:
    """The cardholder's answer: a similar purchase passes from now on, or does not.

    Refuses with ``authorization_not_challenged`` unless a challenge is pending.
    """
    work = await flows.opened(tx, authorization_id)
    if not await _end(tx, work, "verified" if confirmed else "rejected"):
        fail(refusals.AUTHORIZATION_NOT_CHALLENGED)
    await deadlines.cancel(tx, kind=fraud.EXPIRY, subject=authorization_id)
    return await flows.save(tx, work, "issuing_authorization.updated")


async def expire(tx: Tx, authorization_id: str) -> None:
    """Nobody answered in time."""
    work = await flows.opened(tx, authorization_id)
    if await _end(tx, work, "expired"):
        await flows.save(tx, work, "issuing_authorization.updated")


async def waiting(connection: Connection, platform_id: str) -> list[Waiting]:
    """The oldest challenges of a platform's accounts that wait for an answer."""
    return await _WAITING(connection, platform_id=platform_id, count=LISTED_MAX)


async def messages(tx: Tx) -> list[Body]:
    """The challenges of the acting platform's accounts that wait for an answer, each with the text
    message that asks the cardholder."""
    return [await _message(tx, one) for one in await waiting(tx.connection, tx.platform_id)]


async def _message(tx: Tx, one: Waiting) -> Body:
    card = (await cards.load_shown(tx.connection, one.account_id, [one.card]))[one.card]
    amount = f"{decimal_text(one.amount_minor, one.currency)} {one.currency.upper()}"
    return {
        "object": "fraud_challenge",
        "account": one.account_id,
        "authorization": one.authorization_id,
        "card": one.card,
        "channel": "sms",
        "created": one.created_ms // clock.SECOND_MS,
        "phone_number": card.cardholder.phone_number,
        "text": fraud.text_of(one.merchant_name, amount),
    }


async def _end(tx: Tx, work: Opened, status: fraud.Ended) -> bool:
    ended = await _ANSWER(
        tx.connection,
        account_id=tx.account_id,
        authorization_id=work.now.id,
        status=status,
        verified_ms=tx.now_ms if status == "verified" else None,
    )
    if ended:
        work.now.fraud_challenges = [
            msgspec.structs.replace(one, status=status) for one in work.now.fraud_challenges or []
        ]
    return bool(ended)
