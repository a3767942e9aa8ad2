"""Whether a cardholder confirmed a similar purchase: what a decision asks."""

from cardwright.authorizations import fraud
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load

QUERIES = load(__file__, "challenges.sql")
_CONFIRMED = QUERIES.value("is_confirmed", bool)


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
