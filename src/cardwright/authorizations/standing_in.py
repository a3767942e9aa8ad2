"""What the card network decided in our place, because we could not be reached in time.

Nothing can be refused any more: the merchant has its answer. An approval is held whether or not
the money is there, and counts in spending limits.
"""

import msgspec

from cardwright.authorizations import flows
from cardwright.authorizations.decision import trace
from cardwright.authorizations.decision.facts import facts_of
from cardwright.authorizations.decision.rules import Case, Decision
from cardwright.authorizations.lane import answers, payment_counts
from cardwright.authorizations.lane.writing import stored_body
from cardwright.authorizations.model import Authorization, Reason, RequestRecord, ShownAuthorization
from cardwright.authorizations.real_time import answering
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.cards import flows as cards
from cardwright.cards.model import Card
from cardwright.credit import flows as credit
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.ledger import flows as ledger
from cardwright.ledger.chart import Book
from cardwright.tenancy import gates
from cardwright.wire import rows

QUERIES = load(__file__)
_INSERT = QUERIES.run("insert_authorization")
_BY_NETWORK = QUERIES.value("authorization_of_network", str)
REASON: Reason = "network_fallback"


async def record(tx: Tx, request: AuthorizationRequest, *, approved: bool) -> ShownAuthorization:
    """The authorization of a decision of the network; one that was told before is shown again."""
    await gates.lock(tx, tx.account_id)
    if request.network_ref is not None:
        known = await _BY_NETWORK(
            tx.connection, account_id=tx.account_id, network_ref=request.network_ref
        )
        if known is not None:
            return (await flows.opened(tx, known)).before
    card = await rows.get(tx, Card, request.card, param="card")
    issued = (await cards.load_shown(tx.connection, tx.account_id, [card.id]))[card.id]
    standing = await answering.standing_of(tx, card.id)
    book = await credit.book_of(tx, card.financial_account, card.program, card.currency)
    made = _authorization(tx, request, card, approved=approved)
    of_card, of_holder = facts_of(issued, standing.spend_root)
    balance = await ledger.balance_of(tx.connection, tx.account_id, book, card.currency)
    case = Case(
        request=request,
        card=of_card,
        holder=of_holder,
        account_enabled=standing.may_pay,
        available_minor=balance.available_minor,
        card_limits=(),
        holder_limits=(),
        spent={},
        now_ms=tx.now_ms,
    )
    decision = Decision(approved, REASON)
    parties = trace.parties_of(of_card, of_holder)
    seen = trace.seen("network", case, decision, book, parties)
    await _insert(tx, made, request.network_ref, standing.spend_root, book, seen)
    work = await flows.opened(tx, made.id)
    if approved:
        await flows.hold(tx, work, request.amount_minor, forced=True)
        await flows.count(tx, work, request.amount_minor)
        await flows.set_expiry(tx, work.now)
        await payment_counts.note_payment(tx, work.now.card)
    return await flows.save(tx, work, "issuing_authorization.created")


async def _insert(
    tx: Tx, made: Authorization, network_ref: str | None, spend_root: str, book: Book, seen: str
) -> None:
    await _INSERT(
        tx.connection,
        account_id=tx.account_id,
        id=made.id,
        created=made.created,
        card=made.card,
        cardholder=made.cardholder,
        status=made.status,
        network_ref=network_ref,
        spend_root=spend_root,
        book=book,
        body=stored_body(made),
        decisions=f"[{seen}]",
    )


def _authorization(
    tx: Tx, request: AuthorizationRequest, card: Card, *, approved: bool
) -> Authorization:
    amount, merchant = request.amount_minor, request.merchant_amount_minor
    line = RequestRecord(
        amount=amount,
        amount_details=request.amount_details,
        approved=approved,
        created=answers.seconds(tx.now_ms),
        currency=card.currency,
        merchant_amount=amount if merchant is None else merchant,
        merchant_currency=request.merchant_currency or card.currency,
        reason=REASON,
        requested_at=answers.seconds(tx.now_ms),
    )
    made = Authorization(
        id=ids.new_id(Authorization.prefix),
        amount=amount,
        amount_details=request.amount_details,
        approved=approved,
        authorization_method=request.method,
        card=card.id,
        card_presence=request.presence,
        cardholder=card.cardholder,
        created=line.created,
        currency=card.currency,
        livemode=tx.livemode,
        merchant_amount=line.merchant_amount,
        merchant_currency=line.merchant_currency,
        merchant_data=request.merchant_data,
        request_history=[line],
        status="pending" if approved and amount else "closed",
        verification_data=request.verification_data,
        wallet=request.wallet,
    )
    if approved:
        made.request_history = [msgspec.structs.replace(line, authorization_code=made.id[-6:])]
    return made
