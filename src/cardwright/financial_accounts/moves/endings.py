"""What an operator says became of a payment, by the kind that its id tells."""

from collections.abc import Awaitable, Callable
from typing import Any

from cardwright.financial_accounts.moves import inbound, outbound
from cardwright.financial_accounts.record.movements import (
    InboundTransfer,
    OutboundPayment,
    OutboundTransfer,
)
from cardwright.financial_accounts.views import v1_render
from cardwright.kernel.database import Tx
from cardwright.wire import rows


async def _out_failed(tx: Tx, shape: Any, record_id: str, code: str) -> Any:
    """The bank did not take the money, or sent it back; ``code`` is a failure code of v1."""
    record = await rows.get(tx, shape, record_id)
    why = v1_render.RETURN_REASONS.get(code, "unknown_failure")
    end = outbound.return_sent if record.status == "posted" else outbound.fail_sending
    return await end(tx, shape, record_id, why)


async def payment_arrived(tx: Tx, record_id: str) -> OutboundPayment:
    """The bank has the money of a payment."""
    return await outbound.post(tx, OutboundPayment, record_id)


async def transfer_arrived(tx: Tx, record_id: str) -> OutboundTransfer:
    """The bank has the money of a transfer."""
    return await outbound.post(tx, OutboundTransfer, record_id)


async def payment_failed(tx: Tx, record_id: str, code: str) -> Any:
    """A payment failed or came back."""
    return await _out_failed(tx, OutboundPayment, record_id, code)


async def transfer_failed(tx: Tx, record_id: str, code: str) -> Any:
    """A transfer failed or came back."""
    return await _out_failed(tx, OutboundTransfer, record_id, code)


async def pull_failed(tx: Tx, record_id: str, code: str) -> InboundTransfer:
    """The bank has not paid, or has taken the money back."""
    record = await rows.get(tx, InboundTransfer, record_id)
    end = inbound.return_pulled if record.status == "succeeded" else inbound.fail_pulling
    return await end(tx, record_id, code)


ARRIVED: dict[str, Callable[..., Awaitable[Any]]] = {
    "ibt_": inbound.succeed,
    "obp_": payment_arrived,
    "obt_": transfer_arrived,
}
FAILED: dict[str, Callable[..., Awaitable[Any]]] = {
    "ibt_": pull_failed,
    "obp_": payment_failed,
    "obt_": transfer_failed,
}
