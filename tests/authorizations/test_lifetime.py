"""The life of an authorization: the table of its statuses, and what the network does late."""

from typing import Any

import pytest

from cardwright.authorizations import lifetime
from cardwright.authorizations.model import (
    Authorization,
    MerchantData,
    PendingRequest,
    VerificationData,
)
from cardwright.cardholders.categories import MERCHANT_CATEGORIES
from cardwright.kernel.refusal import Failure
from cardwright.wire.resource import Currency, Timestamp
from tests.authorizations.test_authorizations import AUTHORIZATIONS, check_books
from tests.simulator.clocks import DAY, START, advance, new_clock
from tests.support.server import Platform
from tests.support.spending import HELPERS, Spender, spender

VERBS = ("capture", "expire", "increment", "reverse")
STATUSES = ("pending", "closed", "expired", "reversed")
BEFORE_EXPIRED = "2025-02-24.acacia"
TRANSACTIONS = "/v1/test_helpers/issuing/transactions"
GBP = Currency("gbp")


def authorization(status: str, *, approved: bool = True, waits: bool = False) -> Authorization:
    pending = PendingRequest(amount=1, currency=GBP, merchant_amount=1, merchant_currency=GBP)
    return Authorization(
        id="iauth_1",
        amount=1,
        approved=approved,
        authorization_method="online",
        card="ic_1",
        cardholder="ich_1",
        created=Timestamp(0),
        currency=GBP,
        livemode=False,
        merchant_amount=1,
        merchant_currency=GBP,
        merchant_data=MerchantData(category="bakeries", network_id="1"),
        pending_request=pending if waits else None,
        status=status,  # type: ignore[arg-type]
        verification_data=VerificationData(),
    )


@pytest.mark.parametrize(
    ("status", "verbs", "may_become"),
    [
        ("pending", set(VERBS), {"pending", "closed", "expired", "reversed"}),
        ("closed", {"capture"}, {"closed"}),
        ("expired", {"capture"}, {"expired", "closed"}),
        ("reversed", {"capture"}, {"reversed", "closed"}),
    ],
)
def test_what_may_follow(status: str, verbs: set[str], may_become: set[str]) -> None:
    for verb in VERBS:
        if verb in verbs:
            lifetime.check(authorization(status), verb)  # type: ignore[arg-type]
        else:
            with pytest.raises(Failure, match="cannot be changed"):
                lifetime.check(authorization(status), verb)  # type: ignore[arg-type]
        with pytest.raises(Failure, match="declined"):
            lifetime.check(authorization("closed", approved=False), verb)  # type: ignore[arg-type]
        with pytest.raises(Failure, match="waiting"):
            lifetime.check(authorization("pending", waits=True), verb)  # type: ignore[arg-type]
    for other in STATUSES:
        one = authorization(status)
        if other in may_become:
            lifetime.become(one, other)  # type: ignore[arg-type]
            assert one.status == other
        else:
            with pytest.raises(AssertionError):
                lifetime.become(one, other)  # type: ignore[arg-type]


def test_how_long_holds_live() -> None:
    """Seven days; a month where the bill comes at the end."""
    long = {name for name in MERCHANT_CATEGORIES if lifetime.hold_days(name) == 31}
    assert long == set(lifetime.HOLD_DAYS_OF_CATEGORIES)
    assert long <= MERCHANT_CATEGORIES
    assert lifetime.hold_days("bakeries") == 7


async def expired(platform: Platform, one: Spender, clock: str, amount: int) -> Any:
    """An authorization whose hold has ended by the clock."""
    made = await one.authorize(amount)
    await advance(platform, clock, START + 7 * DAY)
    return await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}")


async def test_a_capture_after_the_hold_has_expired(platform: Platform) -> None:
    """The amount stays for it; the network says no other one."""
    clock = await new_clock(platform)
    one = await spender(platform, funds=1000, test_clock=clock)
    made = await one.authorize(400)
    await one.done(
        "POST",
        f"{HELPERS}/{made['id']}/capture",
        {"capture_amount": "150", "close_authorization": "false"},
    )
    await advance(platform, clock, START + 7 * DAY)
    found = await one.done("GET", f"{AUTHORIZATIONS}/{made['id']}")
    assert (found["status"], found["amount"]) == ("expired", 400)
    assert await one.available() == 850
    for verb in ("reverse", "expire"):
        status, body = await one.call("POST", f"{HELPERS}/{made['id']}/{verb}")
        assert (status, "is expired" in body["error"]["message"]) == (400, True)
    done = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    assert done["status"] == "closed"
    assert [each["amount"] for each in done["transactions"]] == [-150, -250]
    assert await one.available() == 600
    more = await one.done("POST", f"{HELPERS}/{made['id']}/capture", {"capture_amount": "100"})
    assert (more["status"], len(more["transactions"])) == ("closed", 3)
    assert await one.available() == 500
    await check_books(one)


async def test_older_versions_know_no_expired(platform: Platform) -> None:
    """They see it as reversed, in answers and in lists, with its amount."""
    clock = await new_clock(platform)
    one = await spender(platform, funds=1000, test_clock=clock)
    found = await expired(platform, one, clock, 400)
    assert found["status"] == "expired"
    older = await one.done("GET", f"{AUTHORIZATIONS}/{found['id']}", version=BEFORE_EXPIRED)
    assert (older["status"], older["amount"]) == ("reversed", 400)
    made = await one.authorize(300)
    form = {"reverse_amount": "300"}
    gone = await one.done("POST", f"{HELPERS}/{made['id']}/reverse", form)
    assert (gone["status"], gone["amount"]) == ("reversed", 0)
    listed = await one.done("GET", AUTHORIZATIONS, version=BEFORE_EXPIRED)
    assert [each["status"] for each in listed["data"]] == ["reversed", "reversed"]
    path = f"{AUTHORIZATIONS}?status=reversed"
    listed = await one.done("GET", path, version=BEFORE_EXPIRED)
    assert {each["id"] for each in listed["data"]} == {found["id"], made["id"]}
    assert [each["id"] for each in (await one.done("GET", path))["data"]] == [made["id"]]


async def test_a_capture_after_a_reversal(platform: Platform) -> None:
    """The network settles it if it must; there is nothing left that it could mean by itself."""
    one = await spender(platform, funds=1000)
    made = await one.authorize(300)
    await one.done("POST", f"{HELPERS}/{made['id']}/reverse")
    status, body = await one.call("POST", f"{HELPERS}/{made['id']}/capture")
    assert (status, body["error"]["param"]) == (400, "capture_amount")
    done = await one.done("POST", f"{HELPERS}/{made['id']}/capture", {"capture_amount": "300"})
    assert done["status"] == "closed"
    assert await one.available() == 700
    await check_books(one)


async def test_a_refund_before_the_capture(platform: Platform) -> None:
    """It comes without a payment that it could name, and changes nothing about the hold."""
    one = await spender(platform, funds=1000)
    made = await one.authorize(300)
    form = {"card": one.card, "amount": "300"}
    refund = await one.done("POST", f"{TRANSACTIONS}/create_unlinked_refund", form)
    assert refund["authorization"] is None
    assert await one.available() == 1000
    done = await one.done("POST", f"{HELPERS}/{made['id']}/capture")
    assert (done["status"], len(done["transactions"])) == ("closed", 1)
    assert await one.available() == 1000
    await check_books(one)


async def test_what_the_network_says(platform: Platform) -> None:
    """Every request has its numbers; captures and refunds name the payment they belong to."""
    one = await spender(platform, funds=1000)
    first, second = await one.authorize(100), await one.authorize(100)
    told = first["network_data"]
    assert (len(told["system_trace_audit_number"]), len(told["transaction_id"])) == (6, 15)
    assert told["transaction_id"] != second["network_data"]["transaction_id"]
    done = await one.done("POST", f"{HELPERS}/{first['id']}/capture")
    [capture] = done["transactions"]
    refund = await one.done("POST", f"{TRANSACTIONS}/{capture['id']}/refund")
    for made in (capture, refund):
        assert made["network_data"]["transaction_id"] == told["transaction_id"]
        assert made["authorization"] == first["id"]
    assert capture["network_data"]["authorization_code"] is not None


async def test_previous_attributes(platform: Platform) -> None:
    """Each step tells what it changed."""
    one = await spender(platform, funds=1000)
    made = await one.authorize(300)
    at = f"{HELPERS}/{made['id']}"
    await one.done("POST", f"{at}/increment", {"increment_amount": "100"})
    await one.done("POST", f"{at}/reverse", {"reverse_amount": "150"})
    await one.done("POST", f"{at}/capture", {"capture_amount": "200"})
    listed = await one.done("GET", "/v1/events?type=issuing_authorization.updated")
    was = [each["data"]["previous_attributes"] for each in reversed(listed["data"])]
    assert [(old.get("amount"), old.get("status")) for old in was] == [
        (300, None),
        (400, None),
        (None, "pending"),
    ]


async def test_details_of_a_purchase_that_come_later(platform: Platform) -> None:
    """A receipt has an event of its own, with what was known before."""
    one = await spender(platform, funds=1000)
    made = await one.authorize(300)
    done = await one.done(
        "POST",
        f"{HELPERS}/{made['id']}/capture",
        {"purchase_details[reference]": "R-1", "purchase_details[lodging][nights]": "2"},
    )
    transaction = done["transactions"][0]["id"]
    path = f"/_cardwright/accounts/{one.account}/transactions/{transaction}/purchase_details"
    form = {
        "purchase_details[reference]": "R-1",
        "purchase_details[receipt][0][description]": "Room",
        "purchase_details[receipt][0][quantity]": "2",
        "purchase_details[receipt][0][unit_cost]": "150",
        "purchase_details[receipt][0][total]": "300",
    }
    status, body = await platform.call("POST", path, form=form)
    assert (status, body["purchase_details"]["receipt"][0]["total"]) == (200, 300)
    assert (await platform.call("POST", path, form=form))[0] == 200
    receipts = "/v1/events?type=issuing_transaction.purchase_details_receipt_updated"
    [event] = (await one.done("GET", receipts))["data"]
    assert event["data"]["object"]["id"] == transaction
    assert event["data"]["previous_attributes"]["purchase_details"]["receipt"] == []
    form = {"purchase_details[receipt][0][description]": "x" * 27}
    status, body = await platform.call("POST", path, form=form)
    assert (status, "[description]" in body["error"]["param"]) == (400, True)
    other = f"/_cardwright/accounts/{one.account}/transactions/ipi_no/purchase_details"
    assert (await platform.call("POST", other, form={"purchase_details[reference]": "x"}))[0] == 404
    refund = await one.done("POST", f"{TRANSACTIONS}/{transaction}/refund")
    at = path.replace(transaction, refund["id"])
    status, body = await platform.call("POST", at, form={"purchase_details[reference]": "x"})
    assert (status, "Only a capture" in body["error"]["message"]) == (400, True)
