"""``/v1/issuing/tokens``, and ``/_cardwright/issuing/tokens``: where a card network makes one.

The public API has no operation that makes a token, because a wallet asks the card network for it.
The extension stands for the network in both environments; form, answers and errors are those of v1.
"""

from cardwright.kernel.database import Tx
from cardwright.tokens import flows, verbs
from cardwright.tokens.model import Token, TokenRequest, TokenUpdate
from cardwright.wire import standard
from cardwright.wire.operation import Call, Operation

PATH = "/v1/issuing/tokens"
NETWORK = "/_cardwright/issuing/tokens"


async def create(tx: Tx, call: Call[TokenRequest]) -> Token:
    """Make a token of a card, as its network."""
    return await verbs.create_token(tx, call.given.value())


async def update(tx: Tx, call: Call[TokenUpdate]) -> Token:
    """Activate, suspend or delete a token."""
    return await flows.update_token(tx, call.path["id"], call.given.value().status)


OPERATIONS: tuple[Operation, ...] = (
    *standard.operations(Token, PATH),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}",
        handler=update,
        takes=TokenUpdate,
        returns=Token,
    ),
    Operation(method="POST", path=NETWORK, handler=create, takes=TokenRequest, returns=Token),
)
