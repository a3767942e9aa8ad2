"""Disputes through the official SDK, as an application makes them."""

import asyncio
from typing import Any

import pytest
import stripe

from tests.disputes.support import (
    DISPUTES,
    REFUNDS,
    captured,
    disputed,
    ended,
    payer,
    submitted,
    told,
)
from tests.files.uploads import uploaded
from tests.support.server import Platform

EVIDENCE: dict[str, dict[str, Any]] = {
    "canceled": {
        "canceled_at": 1_700_000_000,
        "cancellation_policy_provided": True,
        "cancellation_reason": "Too late",
        "expected_at": 1_700_000_100,
        "explanation": "It was canceled.",
        "product_description": "A bicycle",
        "product_type": "merchandise",
        "return_status": "merchant_rejected",
        "returned_at": 1_700_000_200,
    },
    "duplicate": {"explanation": "It was paid in cash."},
    "fraudulent": {"explanation": "I was at home."},
    "merchandise_not_as_described": {
        "explanation": "It is green.",
        "received_at": 1_700_000_000,
        "return_description": "Sent back",
        "return_status": "successful",
        "returned_at": 1_700_000_100,
    },
    "no_valid_authorization": {"explanation": "It was declined."},
    "not_received": {
        "expected_at": 1_700_000_000,
        "explanation": "Nothing came.",
        "product_description": "A bicycle",
        "product_type": "merchandise",
    },
    "other": {
        "explanation": "Something else.",
        "product_description": "Riding lessons",
        "product_type": "service",
    },
    "service_not_as_described": {
        "canceled_at": 1_700_000_000,
        "cancellation_reason": "Nobody came",
        "explanation": "Nobody taught me.",
        "received_at": 1_700_000_100,
    },
}


@pytest.mark.parametrize("reason", EVIDENCE)
async def test_every_reason(platform: Platform, reason: str) -> None:
    """Made with its evidence and a document, changed, submitted."""
    one = await payer(platform)
    payment = await captured(one)
    document = await uploaded(
        platform, one.account, purpose="dispute_evidence", filename="receipt.png"
    )
    disputes = platform.sdk.v1.issuing.disputes
    acting: Any = {"stripe_account": one.account}
    evidence: dict[str, Any] = {
        **EVIDENCE[reason],
        "additional_documentation": document["id"],
    }
    if reason == "duplicate":
        evidence["original_transaction"] = (await captured(one, 50))["id"]
    params: Any = {
        "transaction": payment["id"],
        "evidence": {"reason": reason, reason: evidence},
    }
    made = await asyncio.to_thread(disputes.create, params, acting)
    assert (made.amount, made.currency, made.status) == (1000, "gbp", "unsubmitted")
    assert made.balance_transactions == []
    assert made.to_dict()["evidence"][reason] | evidence == made.to_dict()["evidence"][reason]
    assert set(made.to_dict()["evidence"]) == {"reason", reason}
    changed: Any = {"amount": 400, "evidence": {reason: {"explanation": "Look again."}}}
    made = await asyncio.to_thread(disputes.update, made.id, changed, acting)
    kept = made.to_dict()["evidence"][reason]
    assert (made.amount, kept["explanation"]) == (400, "Look again.")
    assert kept["additional_documentation"] == document["id"]
    expanded: Any = {"expand": ["transaction", f"evidence.{reason}.additional_documentation"]}
    shown = (await asyncio.to_thread(disputes.retrieve, made.id, expanded, acting)).to_dict()
    assert shown["transaction"]["dispute"] == made.id
    assert shown["evidence"][reason]["additional_documentation"]["purpose"] == "dispute_evidence"
    noted: Any = {"metadata": {"case": "7"}}
    done = await asyncio.to_thread(disputes.submit, made.id, noted, acting)
    assert (done.status, done.to_dict()["metadata"]) == ("submitted", {"case": "7"})
    assert await told(one) == [("issuing.dispute_submitted", made.id)]
    expected = ["issuing_transaction.updated"] + [
        f"issuing_dispute.{verb}" for verb in ("created", "updated", "submitted")
    ]
    assert [name for name in await one.events() if name in expected][-4:] == expected


async def test_won_in_a_test(platform: Platform) -> None:
    """The money comes back within seconds, and everybody is told."""
    one = await payer(platform)
    made = await submitted(one, "winning_evidence")
    assert await one.available() == 9000
    done = await ended(one, made["id"])
    assert done["status"] == "won"
    assert "loss_reason" not in done
    [moved] = done["balance_transactions"]
    assert (moved["type"], moved["amount"], moved["source"]) == (
        "issuing_dispute",
        1000,
        made["id"],
    )
    assert await one.available() == 10_000
    shown = await one.done("GET", f"/v1/balance_transactions/{moved['id']}?expand[]=source")
    assert shown["source"]["object"] == "issuing.dispute"
    assert [reason for reason, _ in await told(one)] == [
        "issuing.dispute_submitted",
        "issuing.dispute_won",
    ]
    events = [name for name in await one.events() if name.startswith("issuing_dispute")]
    assert events[-2:] == ["issuing_dispute.closed", "issuing_dispute.funds_reinstated"]


async def test_lost_in_a_test(platform: Platform) -> None:
    """Nothing comes back, with the reason."""
    one = await payer(platform)
    made = await submitted(one, "losing_evidence")
    done = await ended(one, made["id"])
    assert (done["status"], done["loss_reason"]) == ("lost", "transaction_authorized")
    assert await one.available() == 9000
    assert [reason for reason, _ in await told(one)][-1] == "issuing.dispute_lost"
    events = [name for name in await one.events() if name.startswith("issuing_dispute")]
    assert events[-1] == "issuing_dispute.closed"
    assert "issuing_dispute.funds_reinstated" not in events


async def test_lists(platform: Platform) -> None:
    one = await payer(platform)
    first = await disputed(one, (await captured(one))["id"])
    second = await submitted(one)
    disputes = platform.sdk.v1.issuing.disputes
    acting: Any = {"stripe_account": one.account}

    async def listed(**filters: Any) -> list[str]:
        params: Any = filters
        found = await asyncio.to_thread(disputes.list, params, acting)
        return [each.id for each in found.data]

    assert await listed() == [second["id"], first["id"]]
    assert await listed(status="submitted") == [second["id"]]
    assert await listed(transaction=first["transaction"]) == [first["id"]]
    assert await listed(created={"lt": 1}) == []
    assert await listed(limit=1, starting_after=second["id"]) == [first["id"]]


async def refused(one: Any, form: dict[str, str], at: str = DISPUTES) -> tuple[int, Any, Any]:
    status, body = await one.call("POST", at, form)
    return status, body["error"].get("param"), body["error"]["message"]


async def test_what_cannot_be_disputed(platform: Platform) -> None:
    one = await payer(platform)
    payment = (await captured(one))["id"]
    refund = await one.done("POST", f"{REFUNDS}/{payment}/refund", {"refund_amount": "300"})
    assert (await refused(one, {"transaction": refund["id"]}))[:2] == (400, "transaction")
    assert (await refused(one, {"transaction": "ipi_no"}))[:2] == (404, "transaction")
    assert (await refused(one, {}))[:2] == (400, "transaction")
    for amount in ("701", "0", "-1", "x"):
        form = {"transaction": payment, "amount": amount}
        assert (await refused(one, form))[:2] == (400, "amount"), amount
    assert (await refused(one, {"transaction": payment}))[:2] == (400, "amount")
    await disputed(one, payment, amount="500")
    status, param, words = await refused(one, {"transaction": payment, "amount": "201"})
    assert (status, param) == (400, "amount")
    assert "200 of it is neither refunded nor disputed" in words
    await disputed(one, payment, amount="200")
    both = {"transaction": payment, "treasury[received_debit]": "rd_1"}
    assert (await refused(one, both))[0] == 400
    nothing = {"treasury[received_debit]": "rd_no"}
    assert (await refused(one, nothing))[:2] == (404, "treasury[received_debit]")


async def test_evidence_that_does_not_fit(platform: Platform) -> None:
    one = await payer(platform)
    payment = (await captured(one))["id"]
    other = await uploaded(platform, one.account, purpose="identity_document")
    bad: list[tuple[dict[str, str], str]] = [
        ({"evidence[fraudulent][explanation]": "x"}, "evidence[reason]"),
        (
            {"evidence[reason]": "other", "evidence[fraudulent][explanation]": "x"},
            "evidence[fraudulent]",
        ),
        ({"evidence[reason]": "bored"}, "evidence[reason]"),
        (
            {"evidence[reason]": "other", "evidence[other][explanation]": "x" * 2501},
            "evidence[other][explanation]",
        ),
        (
            {"evidence[reason]": "other", "evidence[other][additional_documentation]": "file_no"},
            "evidence[other][additional_documentation]",
        ),
        (
            {"evidence[reason]": "other", "evidence[other][additional_documentation]": other["id"]},
            "evidence[other][additional_documentation]",
        ),
        (
            {
                "evidence[reason]": "duplicate",
                "evidence[duplicate][original_transaction]": payment,
            },
            "evidence[duplicate][original_transaction]",
        ),
    ]
    for form, param in bad:
        status, found, words = await refused(one, {"transaction": payment, **form})
        assert (status in (400, 404), found) == (True, param), words
    made = await disputed(one, payment)
    at = f"{DISPUTES}/{made['id']}"
    status, found, _ = await refused(one, {}, f"{at}/submit")
    assert (status, found) == (400, "evidence[other][explanation]")
    await one.done("POST", at, {"evidence[other][explanation]": "x", "amount": "5"})
    await one.done("POST", f"{at}/submit")
    assert (await refused(one, {"amount": "6"}, at))[:2] == (400, "amount")
    late = {"evidence[other][explanation]": "y"}
    assert (await refused(one, late, at))[:2] == (400, "evidence")
    assert (await refused(one, {}, f"{at}/submit"))[0] == 400
    assert (await one.done("POST", at, {"metadata[a]": "b"}))["metadata"] == {"a": "b"}


async def test_ten_at_once(platform: Platform) -> None:
    """Of ten disputes of all of a payment one is taken."""
    one = await payer(platform)
    payment = (await captured(one))["id"]
    found = await asyncio.gather(
        *[one.call("POST", DISPUTES, {"transaction": payment}) for _ in range(10)]
    )
    assert sorted(status for status, _ in found) == [200, *[400] * 9]


def test_the_sdk_knows_every_reason() -> None:
    """The table above is whole."""
    known = stripe.issuing.Dispute.Evidence.__annotations__
    assert set(EVIDENCE) == set(known) - {"reason", "_inner_class_types"}
