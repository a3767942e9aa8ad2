"""A PIN that comes with a request: compared, and counted when it is wrong, before the decision."""

import msgspec

from cardwright.authorizations.request import AuthorizationRequest
from cardwright.authorizations.work import Attempt
from cardwright.cards import pin_verification
from cardwright.kernel.database import Database
from cardwright.kernel.queries import load
from cardwright.tenancy import registry

QUERIES = load(__file__)
_IS_REPEATED = QUERIES.value("is_repeated", bool)


async def checked(database: Database, item: Attempt) -> AuthorizationRequest:
    """The request with what became of its PIN in the PIN's place.

    A request that was answered before is not counted again.
    """
    request = item.request
    if request.pin is None:
        return request
    key = item.claim.key if item.claim is not None else None
    async with registry.transaction(database, item.account_id) as tx:
        tx.request_id, tx.idempotency_key = item.request_id, key
        repeated = await _IS_REPEATED(
            tx.connection,
            account_id=item.account_id,
            key=key,
            network_ref=request.network_ref,
        )
        result = None
        if not repeated:
            pin = request.pin.reveal()
            result = (await pin_verification.verify_pin(tx, request.card, pin, param="card")).result
    compared: AuthorizationRequest = msgspec.structs.replace(request, pin=None, pin_check=result)
    return compared
