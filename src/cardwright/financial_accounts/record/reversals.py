"""Whether what a financial account received can be taken back, and until when: pure."""

from cardwright.financial_accounts import refusals
from cardwright.financial_accounts.record.model import ReceivedCredit, ReceivedDebit
from cardwright.financial_accounts.record.sources import network_of
from cardwright.kernel import clock
from cardwright.kernel.refusal import fail

# Until when a bank takes a payment back, and by which networks.
REVERSIBLE_MS = 2 * clock.DAY_MS
REVERSIBLE_NETWORKS = frozenset({"ach", "stripe"})

Received = ReceivedCredit | ReceivedDebit


def reversible_until_ms(one: Received) -> int | None:
    """The last instant to take it back; None where its network never does."""
    if network_of(one) not in REVERSIBLE_NETWORKS:
        return None
    return clock.parse_rfc3339(one.created) + REVERSIBLE_MS


def check_reversible(one: Received, now_ms: int) -> None:
    """Refuse to take back what cannot be."""
    if one.status != "succeeded":
        fail(refusals.RECEIVED_NOT_SUCCEEDED, id=one.id, status=one.status)
    if one.reversal is not None:
        fail(refusals.RECEIVED_REVERSED_ALREADY, id=one.id, reversal=one.reversal)
    until_ms = reversible_until_ms(one)
    if until_ms is None:
        fail(refusals.RECEIVED_BY_NETWORK, id=one.id, network=network_of(one))
    if now_ms > until_ms:
        fail(refusals.RECEIVED_TOO_LONG_AGO, id=one.id)
    if network_of(one) == "stripe":
        fail(refusals.RECEIVED_FROM_PLATFORM, id=one.id)
