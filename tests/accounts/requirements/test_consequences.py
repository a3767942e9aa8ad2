"""When money of an account may be paid out: a table."""

from typing import Any

import msgspec
import pytest

from cardwright.accounts.record.model import AccountState, Capability
from cardwright.accounts.requirements.circumstances import Added, Circumstances
from cardwright.accounts.requirements.consequences import payouts_allowed, stopping_payouts
from tests.accounts.calls import CHARGE_CARD, TRANSFERS
from tests.accounts.requirements.evaluating import NOW_MS, evaluated, whole

PAYOUTS = "recipient.stripe_balance.payouts"
MERCHANT_PAYOUTS = "merchant.stripe_balance.payouts"
DOCUMENT = "identity.individual.documents.primary_verification"


def state(*paths: str, bank: bool = True, status: str = "active", **account: Any) -> AccountState:
    made = msgspec.structs.replace(whole(), **account)
    held = {path: Capability(path, True, status, [], 0) for path in paths}
    # Only whether there is one counts.
    banks: Any = ["ba_1"] if bank else []
    return AccountState(made, [], held, banks)


@pytest.mark.parametrize(
    ("of", "allowed"),
    [
        (state(TRANSFERS), True),
        (state("merchant.card_payments"), True),
        (state(TRANSFERS, bank=False), False),
        (state(TRANSFERS, status="restricted"), False),
        (state(CHARGE_CARD), False),
        (state(), False),
        # Asked for as a capability, that is what counts.
        (state(TRANSFERS, PAYOUTS, bank=False), True),
        (state(MERCHANT_PAYOUTS), True),
        (state(PAYOUTS, status="pending"), False),
        (state(TRANSFERS, closed=True), False),
        (state(TRANSFERS, rejection="fraud"), False),
    ],
)
def test_payouts(of: AccountState, allowed: bool) -> None:
    assert payouts_allowed(of) is allowed


@pytest.mark.parametrize(
    ("restricts", "due_ms", "allowed"),
    [
        (("issuing",), NOW_MS, True),
        (("payouts",), NOW_MS + 1, True),
        (("payouts",), NOW_MS, False),
        (("issuing", "payouts"), NOW_MS, False),
    ],
)
def test_a_missed_requirement_stops_them(restricts: Any, due_ms: int, allowed: bool) -> None:
    made = whole()
    made.applied_configurations = ["card_creator", "recipient"]
    added = Added("areq_1", DOCUMENT, None, restricts, NOW_MS, due_ms, NOW_MS)
    paths = (CHARGE_CARD, TRANSFERS)
    found = evaluated(made, paths=paths, circumstances=Circumstances(added=(added,)))
    missed = state(*paths, requirements=found.requirements)
    assert payouts_allowed(missed) is allowed
    stopping = [entry.description for entry in stopping_payouts(missed)]
    assert stopping == ([] if allowed else [DOCUMENT])
