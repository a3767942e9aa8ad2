"""Stories of what follows a payment and surrounds a card: receipts, disputes, designs, wallets."""

from collections.abc import AsyncGenerator
from typing import Any

from cardwright.local_development.triggers.issuing import (
    AMOUNT,
    AUTHORIZATIONS,
    NOTED,
    authorize,
    fund,
)
from cardwright.local_development.triggers.maker import Maker, Story
from cardwright.local_development.triggers.treasury import FEATURES, REQUESTED, TREASURY, credit

DISPUTES = "/v1/issuing/disputes"
OPERATOR = "/_cardwright/disputes"
EVIDENCE = {"reason": "fraudulent", "fraudulent": {"explanation": "I did not pay this."}}
RECEIPT = {"description": "Room", "quantity": "2", "unit_cost": 500, "total": 1000}


async def pay(maker: Maker) -> str:
    """A captured payment; its transaction."""
    account = await maker.account()
    await fund(maker, account)
    made = await authorize(maker)
    captured = await maker.post(f"{AUTHORIZATIONS}/{made}/capture", account=account)
    return str(captured["transactions"][0]["id"])


async def receipts(maker: Maker) -> AsyncGenerator[None, None]:
    """The network sends the receipt of a payment."""
    paid = await pay(maker)
    path = f"/_cardwright/accounts/{await maker.account()}/transactions/{paid}/purchase_details"
    await maker.post(path, {"purchase_details": {"receipt": [RECEIPT]}})
    yield


async def dispute(maker: Maker, transaction: str, account: str) -> str:
    """A dispute of a transaction as fraudulent, not yet submitted."""
    given = {"transaction": transaction, "evidence": EVIDENCE}
    return str((await maker.post(DISPUTES, given, account=account))["id"])


async def disputes(maker: Maker) -> AsyncGenerator[None, None]:
    """A payment is disputed, credited before the decision, and lost."""
    account = await maker.account()
    made = await dispute(maker, await pay(maker), account)
    yield
    await maker.post(f"{DISPUTES}/{made}", NOTED, account=account)
    yield
    await maker.post(f"{DISPUTES}/{made}/submit", account=account)
    yield
    await maker.post(f"{OPERATOR}/{made}/credit")
    yield
    lost = {"status": "lost", "loss_reason": "refund_issued"}
    await maker.post(f"{OPERATOR}/{made}/close", lost)
    yield


async def treasury_disputes(maker: Maker) -> AsyncGenerator[None, None]:
    """A payment out of a financial account is disputed and credited before the decision."""
    holder = await maker.cardholder("us")
    account = await maker.account("us")
    features = {**FEATURES, "card_issuing": REQUESTED}
    given: dict[str, Any] = {"supported_currencies": ["usd"], "features": features}
    place = (await maker.post(f"{TREASURY}/financial_accounts", given, account=account))["id"]
    await credit(maker, place)
    wanted = {"cardholder": holder, "currency": "usd", "type": "virtual", "status": "active"}
    wanted["financial_account"] = place
    card = (await maker.post("/v1/issuing/cards", wanted, account=account))["id"]
    paid = {"card": card, "amount": AMOUNT}
    made = (await maker.post(AUTHORIZATIONS, paid, account=account))["id"]
    captured = await maker.post(f"{AUTHORIZATIONS}/{made}/capture", account=account)
    disputed = await dispute(maker, captured["transactions"][0]["id"], account)
    await maker.post(f"{DISPUTES}/{disputed}/submit", account=account)
    await maker.post(f"{OPERATOR}/{disputed}/credit")
    yield


async def designs(maker: Maker) -> AsyncGenerator[None, None]:
    """A design is made, reviewed each way, and renamed."""
    await maker.program()
    account = await maker.account()
    bundles = (await maker.call("GET", "/v1/issuing/physical_bundles", account=account))["data"]
    bundle = next(one["id"] for one in bundles if one["name"] == "Standard card")
    path = "/v1/issuing/personalization_designs"
    made = (await maker.post(path, {"physical_bundle": bundle}, account=account))["id"]
    helper = f"/v1/test_helpers/issuing/personalization_designs/{made}"
    for verb in ("activate", "deactivate"):
        await maker.post(f"{helper}/{verb}", account=account)
        yield
    await maker.post(f"{path}/{made}", {"name": "Rocket"}, account=account)
    yield
    await maker.post(f"{helper}/activate", account=account)
    reasons = {"rejection_reasons": {"card_logo": ["network_name"]}}
    await maker.post(f"{helper}/reject", reasons, account=account)
    yield


async def wallets(maker: Maker) -> AsyncGenerator[None, None]:
    """A card is put into a digital wallet, and its token suspended."""
    account = await maker.account()
    given = {"card": await maker.card(), "wallet_provider": "apple_pay"}
    made = (await maker.post("/_cardwright/issuing/tokens", given, account=account))["id"]
    yield
    await maker.post(f"/v1/issuing/tokens/{made}", {"status": "suspended"}, account=account)
    yield


STORIES: dict[Story, tuple[str, ...]] = {
    receipts: ("issuing_transaction.purchase_details_receipt_updated",),
    disputes: (
        "issuing_dispute.closed",
        "issuing_dispute.created",
        "issuing_dispute.funds_reinstated",
        "issuing_dispute.funds_rescinded",
        "issuing_dispute.submitted",
        "issuing_dispute.updated",
    ),
    treasury_disputes: ("treasury.debit_reversal.initial_credit_granted",),
    designs: (
        "issuing_personalization_design.activated",
        "issuing_personalization_design.deactivated",
        "issuing_personalization_design.rejected",
        "issuing_personalization_design.updated",
    ),
    wallets: ("issuing_token.created", "issuing_token.updated"),
}
