"""The order of a decision, limit by limit: tables, no storage."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from cardwright.authorizations.decision import estimates, rules, spending
from cardwright.authorizations.decision.rules import CardFacts, Case, Decision, HolderFacts
from cardwright.authorizations.decision.spending import Counter, Limit, Tally
from cardwright.authorizations.model import (
    AmountDetails,
    AuthenticationExemption,
    MerchantData,
    PendingRequest,
    ThreeDSecure,
    VerificationData,
)
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.cardholders.spending_controls import SpendingControls, SpendingLimit
from cardwright.currencies.rates import Quote
from cardwright.wire.resource import Country, Currency

NOW_MS = int(datetime(2026, 5, 27, 12, tzinfo=UTC).timestamp()) * 1000
USD = Currency("usd")
MERCHANT = MerchantData(category="bakeries", country=Country("US"), network_id="1234567890")
REQUEST = AuthorizationRequest(card="ic_1", amount_minor=1000, merchant_data=MERCHANT)
CARD = CardFacts(
    status="active",
    currency=USD,
    exp_month=5,
    exp_year=2026,
    spend_root="ic_1",
    controls=SpendingControls(),
)
HOLDER = HolderFacts(id="ich_1", status="active", disabled_reason=None, controls=SpendingControls())


def case_of(
    *,
    request: dict[str, Any] | None = None,
    card: dict[str, Any] | None = None,
    holder: dict[str, Any] | None = None,
    enabled: bool = True,
    available: int = 100_000,
    spent: int = 0,
    **more: Any,
) -> Case:
    """A case that differs from one that is approved by what is given."""
    asked = msgspec.structs.replace(REQUEST, **(request or {}))
    facts = msgspec.structs.replace(CARD, **(card or {}))
    owner = msgspec.structs.replace(HOLDER, **(holder or {}))
    category = asked.merchant_data.category
    of_card = spending.limits(facts.controls, facts.spend_root, USD, category, NOW_MS)
    of_holder = spending.limits(owner.controls, owner.id, USD, category, NOW_MS)
    return Case(
        request=asked,
        card=facts,
        holder=owner,
        account_enabled=enabled,
        available_minor=available,
        card_limits=of_card,
        holder_limits=of_holder,
        spent={limit.tally: spent for limit in (*of_card, *of_holder) if limit.tally is not None},
        now_ms=NOW_MS,
        **more,
    )


def decided(**differs: Any) -> Decision:
    """The decision on a case."""
    decision = rules.decide(case_of(**differs))
    assert decision.approved == (decision.reason == "card_active")
    return decision


def reason(**differs: Any) -> str:
    """The reason of the decision on a case."""
    return decided(**differs).reason


def merchant(**changed: Any) -> dict[str, Any]:
    """A request at a merchant that differs."""
    return {"merchant_data": msgspec.structs.replace(MERCHANT, **changed)}


def controls(**given: Any) -> dict[str, Any]:
    """Facts with these controls."""
    return {"controls": SpendingControls(**given)}


def limited(amount: int, interval: Any, *categories: str) -> dict[str, Any]:
    """Facts with one limit."""
    limit = SpendingLimit(amount=amount, interval=interval, categories=list(categories))
    return {"controls": SpendingControls(spending_limits=[limit])}


def cashback(amount: int | None) -> dict[str, Any]:
    """A request of which a part is paid out in cash."""
    return {"amount_details": AmountDetails(cashback_amount=amount)}


WORST: dict[str, Any] = {
    "card": {"status": "canceled", **controls(blocked_categories=["bakeries"])},
    "holder": {"status": "blocked"},
    "available": 0,
}


@pytest.mark.parametrize(
    ("differs", "expected"),
    [
        ({}, "card_active"),
        ({"enabled": False, **WORST}, "account_disabled"),
        (WORST, "card_canceled"),
        ({"card": {"status": "inactive"}, "holder": {"status": "blocked"}}, "card_inactive"),
        ({"card": {"expired": True, "status": "canceled", "pin_blocked": True}}, "card_expired"),
        ({"card": {"exp_month": 4}, "holder": {"status": "blocked"}}, "card_expired"),
        ({"card": {"exp_month": 12, "exp_year": 2025}}, "card_expired"),
        ({"card": {"exp_month": 12}}, "card_active"),
        ({"card": {"pin_blocked": True}, "holder": {"status": "blocked"}}, "pin_blocked"),
        ({"holder": {"status": "blocked", "disabled_reason": "listed"}}, "cardholder_blocked"),
        ({"holder": {"status": "inactive"}, "available": 0}, "cardholder_inactive"),
        ({"holder": {"disabled_reason": "listed"}}, "cardholder_verification_required"),
        (
            {
                "request": {"verification_data": VerificationData(cvc_check="mismatch")},
                "card": limited(1, "per_authorization"),
            },
            "verification_failed",
        ),
        (
            {"request": {"verification_data": VerificationData(expiry_check="mismatch")}},
            "verification_failed",
        ),
        (
            {
                "request": {
                    "verification_data": VerificationData(
                        three_d_secure=ThreeDSecure(result="failed")
                    )
                }
            },
            "verification_failed",
        ),
        ({"request": {"insecure": True}, "available": 0}, "insecure_authorization_method"),
        (
            {"request": {"method": "swipe"}, "swipe": False, "available": 0},
            "insecure_authorization_method",
        ),
        ({"request": {"method": "swipe"}}, "card_active"),
        ({"request": {"method": "chip"}, "swipe": False}, "card_active"),
        (
            {"request": {"type": "product_eligibility_inquiry", "fraud_risk": "highest"}},
            "not_allowed",
        ),
        ({"request": merchant(category="manual_cash_disburse"), "cash": False}, "not_allowed"),
        ({"request": merchant(category="automated_cash_disburse")}, "card_active"),
        ({"request": cashback(1), "cash": False, "available": 0}, "not_allowed"),
        ({"request": cashback(0), "cash": False}, "card_active"),
        ({"request": cashback(None), "cash": False}, "card_active"),
        ({"request": cashback(500)}, "card_active"),
        (
            {"request": {"fraud_risk": "highest"}, "card": limited(1, "daily")},
            "suspected_fraud",
        ),
        ({"request": {"fraud_risk": "elevated"}}, "card_active"),
        ({"request": {"fraud_risk": "highest"}, "verified": True}, "card_active"),
        (
            {"request": {"fraud_risk": "highest"}, "verified": True, "available": 0},
            "insufficient_funds",
        ),
        ({"card": limited(1, "per_authorization"), "available": 0}, "spending_controls"),
        ({"request": {"amount_minor": 1_000_001}, "available": 9_000_000}, "spending_controls"),
        ({"request": {"amount_minor": 1_000_000}, "available": 9_000_000}, "card_active"),
        (
            {"earlier_minor": 999_000, "request": {"amount_minor": 1001}, "available": 9_000},
            "spending_controls",
        ),
        ({"earlier_minor": 999_000, "available": 9_000}, "card_active"),
        ({"card": limited(1999, "per_authorization"), "earlier_minor": 1000}, "spending_controls"),
        ({"card": limited(2000, "per_authorization"), "earlier_minor": 1000}, "card_active"),
        ({"available": 999}, "insufficient_funds"),
        ({"available": 1000}, "card_active"),
        ({"available": 0, "request": {"amount_minor": 0}}, "insufficient_funds"),
        ({"available": -5}, "insufficient_funds"),
        (
            {"available": 0, "request": {"amount_minor": 0, "type": "balance_inquiry"}},
            "card_active",
        ),
    ],
)
def test_first_obstacle_is_the_reason(differs: dict[str, Any], expected: str) -> None:
    """Every reason, with what comes later in the order also wrong."""
    assert reason(**differs) == expected


@pytest.mark.parametrize(
    ("checks", "passes"),
    [
        ({}, True),
        ({"cvc_check": "match", "expiry_check": "match"}, True),
        ({"cvc_check": "mismatch"}, False),
        ({"expiry_check": "mismatch"}, False),
        ({"address_line1_check": "mismatch"}, True),
        ({"address_postal_code_check": "mismatch"}, True),
        ({"three_d_secure": ThreeDSecure(result="authenticated")}, True),
        ({"three_d_secure": ThreeDSecure(result="attempt_acknowledged")}, True),
        ({"three_d_secure": ThreeDSecure(result="required")}, True),
        ({"three_d_secure": ThreeDSecure(result="failed")}, False),
        (
            {
                "authentication_exemption": AuthenticationExemption(
                    claimed_by="acquirer", type="low_value_transaction"
                )
            },
            True,
        ),
    ],
)
def test_what_merchants_send_along(checks: dict[str, Any], passes: bool) -> None:
    """Card data and authentication have to be right; addresses are told and decline nothing."""
    found = reason(request={"verification_data": VerificationData(**checks)}, available=0)
    assert found == ("insufficient_funds" if passes else "verification_failed")


def test_every_rule_says_how_long_it_took() -> None:
    """One time for each rule that was reached; the last one is that of the refusal."""
    whole = decided()
    assert len(whole.took_ns) == len(rules.RULES)
    assert all(took >= 0 for took in whole.took_ns)
    refused = decided(holder={"status": "blocked"})
    names = [rule.name for rule in rules.RULES]
    assert names[len(refused.took_ns) - 1] == "cardholder_status"


@pytest.mark.parametrize(
    ("differs", "expected"),
    [
        ({}, "card_active"),
        ({"enabled": False}, "account_disabled"),
        ({"card": {"status": "canceled"}}, "card_canceled"),
        ({"holder": {"disabled_reason": "listed"}}, "cardholder_verification_required"),
        ({"available": 0}, "card_active"),
        ({"request": {"fraud_risk": "highest"}}, "card_active"),
    ],
)
def test_what_is_looked_at_again(differs: dict[str, Any], expected: str) -> None:
    """When the platform has answered: account, card and cardholder, but not risk and funds."""
    assert rules.recheck(case_of(**differs)).reason == expected


@pytest.mark.parametrize("side", ["card", "holder"])
@pytest.mark.parametrize(
    ("facts", "request_", "allowed"),
    [
        (controls(blocked_categories=["bakeries"]), {}, False),
        (controls(blocked_categories=["florists"]), {}, True),
        (controls(allowed_categories=["florists"]), {}, False),
        (controls(allowed_categories=["bakeries"]), {}, True),
        (controls(blocked_merchant_countries=["US"]), {}, False),
        (controls(blocked_merchant_countries=["US"]), merchant(country=None), True),
        (controls(allowed_merchant_countries=["US"]), {}, True),
        (controls(allowed_merchant_countries=["GB"]), {}, False),
        (controls(allowed_merchant_countries=["US"]), merchant(country=None), False),
        (controls(blocked_card_presences=["not_present"]), {}, False),
        (controls(blocked_card_presences=["not_present"]), {"method": "chip"}, True),
        (controls(allowed_card_presences=["present"]), {}, False),
        (controls(allowed_card_presences=["present"]), {"method": "contactless"}, True),
        (limited(999, "per_authorization"), {}, False),
        (limited(1000, "per_authorization"), {}, True),
        (limited(999, "per_authorization", "florists"), {}, True),
        (limited(999, "per_authorization", "florists", "bakeries"), {}, False),
        (
            {
                "controls": SpendingControls(
                    spending_limits=[SpendingLimit(amount=1, interval="daily")],
                    spending_limits_currency=Currency("eur"),
                )
            },
            {},
            False,
        ),
    ],
)
def test_controls(
    side: str, facts: dict[str, Any], request_: dict[str, Any], allowed: bool
) -> None:
    """Controls of the card and of the cardholder, either of which refuses."""
    differs: dict[str, Any] = {"request": request_, side: facts}
    found = reason(**differs)
    assert found == ("card_active" if allowed else "spending_controls")


@pytest.mark.parametrize(("rate", "room"), [("0.8", 800), ("1.2345", 1235), (None, 0)])
def test_limits_in_another_currency(rate: str | None, room: int) -> None:
    """Converted to the card's currency, rounded; without a rate there is room for nothing."""
    written = SpendingControls(
        spending_limits=[SpendingLimit(amount=1000, interval="monthly")],
        spending_limits_currency=Currency("usd"),
    )
    quote = Quote("usd", "gbp", Fraction(rate)) if rate is not None else None
    [limit] = spending.limits(written, "ich_1", "gbp", "bakeries", 0, quote)
    assert limit.amount_minor == room
    assert limit.tally is not None
    assert limit.tally.currency == "gbp"
    [own] = spending.limits(written, "ich_1", "usd", "bakeries", 0)
    assert own.amount_minor == 1000


@pytest.mark.parametrize("interval", ["daily", "weekly", "monthly", "yearly", "all_time"])
@pytest.mark.parametrize(("spent", "allowed"), [(4000, True), (4001, False)])
def test_limits_count_what_was_spent(interval: str, spent: int, allowed: bool) -> None:
    """An amount that reaches a limit exactly is within it."""
    found = reason(card=limited(5000, interval), spent=spent)
    assert found == ("card_active" if allowed else "spending_controls")


def at(*date: int) -> int:
    """Midnight UTC in milliseconds."""
    return int(datetime(date[0], date[1], date[2], tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize(
    ("interval", "first", "last", "before"),
    [
        ("daily", at(2026, 5, 27), at(2026, 5, 28) - 1, at(2026, 5, 27) - 1),
        # 25 May 2026 is a Monday.
        ("weekly", at(2026, 5, 25), at(2026, 6, 1) - 1, at(2026, 5, 25) - 1),
        ("monthly", at(2026, 5, 1), at(2026, 6, 1) - 1, at(2026, 5, 1) - 1),
        ("yearly", at(2026, 1, 1), at(2027, 1, 1) - 1, at(2026, 1, 1) - 1),
    ],
)
def test_intervals_begin_at_midnight(interval: Any, first: int, last: int, before: int) -> None:
    """What was spent within the interval counts, what was spent right before does not."""
    limit = SpendingLimit(amount=1, interval=interval)
    for now_ms in (first, last):
        tally = spending.tally(limit, "ic_1", "usd", now_ms)
        assert tally is not None
        for spent_ms, counts in ((first, True), (before, False)):
            counters = spending.counters(["ic_1"], "bakeries", "usd", spent_ms)
            assert any(spending.touches(tally, one) for one in counters) == counts


def test_tallies_know_owner_category_and_currency() -> None:
    """A counter is part of a tally only if all of it fits."""
    wanted = Tally("ic_1", 100, 5, "usd", ("bakeries",))
    fits = Counter("ic_1", "bakeries", 100, "usd", 5)
    assert spending.touches(wanted, fits)
    assert spending.touches(wanted, fits._replace(month=101, day=1))
    every = fits._replace(category=spending.EVERY)
    assert spending.touches(wanted._replace(categories=()), every)
    assert not spending.touches(wanted._replace(categories=()), fits)
    assert not spending.touches(wanted, every)
    for wrong in (
        fits._replace(owner="ich_1"),
        fits._replace(day=4),
        fits._replace(month=99, day=6),
        fits._replace(category="florists"),
        fits._replace(currency="eur"),
    ):
        assert not spending.touches(wanted, wrong)


def test_a_limit_of_one_purchase_needs_no_total() -> None:
    """``per_authorization`` looks at nothing that was spent before."""
    limits = spending.limits(
        limited(5, "per_authorization")["controls"], "ic_1", "usd", "bakeries", NOW_MS
    )
    assert limits == [Limit(5, None, "per_authorization")]


@pytest.mark.parametrize(
    ("asked", "merchant_asked", "currency", "part", "expected"),
    [
        (1000, 1000, "usd", 400, 400),
        # 1,000 US dollars were 800 pounds: half of them are 400.
        (1000, 800, "gbp", 500, 400),
        (1000, 799, "gbp", 500, 399),
        (0, 0, "gbp", 500, 500),
    ],
)
def test_a_part_in_the_merchants_currency(
    asked: int, merchant_asked: int, currency: str, part: int, expected: int
) -> None:
    """At the rate of the request, rounded down."""
    pending = PendingRequest(
        amount=asked,
        currency=USD,
        merchant_amount=merchant_asked,
        merchant_currency=Currency(currency),
    )
    assert rules.merchant_minor(pending, part) == expected


@pytest.mark.parametrize(
    ("category", "amount", "merchant_amount", "held", "merchant_held"),
    [
        ("automated_fuel_dispensers", 100, None, 10_000, None),
        ("automated_fuel_dispensers", 80, 100, 8_000, 10_000),
        ("automated_fuel_dispensers", 100, 125, 100, 125),
        ("automated_fuel_dispensers", 5000, None, 5000, None),
        ("service_stations", 100, None, 100, None),
    ],
)
def test_what_a_pump_is_held(
    category: str,
    amount: int,
    merchant_amount: int | None,
    held: int,
    merchant_held: int | None,
) -> None:
    """A hundred units for a request of one, in the currency that the merchant is paid in."""
    asked = msgspec.structs.replace(
        REQUEST,
        amount_minor=amount,
        merchant_amount_minor=merchant_amount,
        merchant_data=msgspec.structs.replace(MERCHANT, category=category),
    )
    found = estimates.whole(asked)
    assert (found.amount_minor, found.merchant_amount_minor) == (held, merchant_held)
