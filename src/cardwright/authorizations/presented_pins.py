"""A PIN that comes with a request: compared, and counted when it is wrong, before the decision."""

import hashlib

import msgspec

from cardwright.authorizations.lane.work import Sender
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.cards import pin_verification
from cardwright.kernel.database import Database, Tx
from cardwright.kernel.queries import load
from cardwright.tenancy import registry
from cardwright.wire import idempotency

QUERIES = load(__file__)
NAME_LENGTH = 32
_OF_NETWORK = QUERIES.value("authorization_of_network", str)


async def checked(
    database: Database, sender: Sender, request: AuthorizationRequest
) -> AuthorizationRequest:
    """The request with what became of its PIN in the PIN's place.

    A request that comes again, or several times at once, is counted once. It is compared each time,
    for its answer may have been forgotten meanwhile.
    """
    if request.pin is None:
        return request
    key = sender.key
    async with registry.transaction(database, sender.account_id) as tx:
        tx.request_id, tx.idempotency_key = sender.request_id, key
        repeated = await _is_repeated(tx, key, request.network_ref)
        found = await pin_verification.verify_pin(
            tx,
            request.card,
            request.pin.reveal(),
            param="card",
            request=_name(key, request.network_ref),
            counts=not repeated,
        )
    compared: AuthorizationRequest = msgspec.structs.replace(
        request, pin=None, pin_check=found.result
    )
    return compared


async def _is_repeated(tx: Tx, key: str | None, network_ref: str | None) -> bool:
    """Whether a request was answered before, under its key or its name in the network."""
    if key is not None and await idempotency.is_used(tx.connection, tx.account_id, key):
        return True
    known = await _OF_NETWORK(tx.connection, account_id=tx.account_id, network_ref=network_ref)
    return known is not None


def _name(key: str | None, network_ref: str | None) -> str | None:
    """What a card remembers a request by."""
    if key is None and network_ref is None:
        return None
    return hashlib.sha256(f"{key}\n{network_ref}".encode()).hexdigest()[:NAME_LENGTH]
