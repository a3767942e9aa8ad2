"""What an operator does with tokens, as their card network.

The acting account is the one whose card it is.
"""

from cardwright.kernel.database import Tx
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.tokens import flows
from cardwright.tokens.model import Token, TokenRequest


@operator_verb(kind="widens_risk")
async def create_token(tx: Tx, request: TokenRequest) -> Token:
    """A new token of an active card."""
    return await flows.create_token(tx, request)


@operator_verb(kind="widens_risk")
async def activate_token(tx: Tx, token_id: str) -> Token:
    """Let a token pay."""
    return await flows.update_token(tx, token_id, "active")


@operator_verb(kind="none")
async def suspend_token(tx: Tx, token_id: str) -> Token:
    """Stop a token for a while."""
    return await flows.update_token(tx, token_id, "suspended")


@operator_verb(kind="none")
async def delete_token(tx: Tx, token_id: str) -> Token:
    """End a token for good."""
    return await flows.update_token(tx, token_id, "deleted")
