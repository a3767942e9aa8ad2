"""Stories of cards and what is paid with them. Each stops for a look wherever an event happened."""

from collections.abc import AsyncGenerator

from cardwright.local_development.triggers.applications import CARDHOLDER
from cardwright.local_development.triggers.maker import Maker, Story

AUTHORIZATIONS = "/v1/test_helpers/issuing/authorizations"
NOTED = {"metadata": {"triggered": "true"}}
AMOUNT = 1000
FUNDS = 100_000


async def fund(maker: Maker, account: str | None, currency: str = "gbp") -> None:
    """Put money into an issuing balance."""
    given = {"amount": FUNDS, "currency": currency}
    await maker.post("/v1/test_helpers/issuing/fund_balance", given, account=account)


async def authorize(maker: Maker, amount: int = AMOUNT) -> str:
    """A payment with the card; its authorization."""
    given = {"card": await maker.card(), "amount": amount}
    made = await maker.post(AUTHORIZATIONS, given, account=await maker.account())
    return str(made["id"])


async def cards(maker: Maker) -> AsyncGenerator[None, None]:
    """A cardholder and a card, each changed once."""
    await maker.program()
    account = await maker.account()
    holder = (await maker.post("/v1/issuing/cardholders", CARDHOLDER, account=account))["id"]
    yield
    await maker.post(f"/v1/issuing/cardholders/{holder}", NOTED, account=account)
    yield
    card = await maker.card()
    yield
    await maker.post(f"/v1/issuing/cards/{card}", NOTED, account=account)
    yield


async def payments(maker: Maker) -> AsyncGenerator[None, None]:
    """Money, a payment, its capture, and a note on the transaction."""
    account = await maker.account()
    await fund(maker, account)
    yield
    made = await authorize(maker)
    yield
    captured = await maker.post(f"{AUTHORIZATIONS}/{made}/capture", account=account)
    yield
    paid = captured["transactions"][0]["id"]
    await maker.post(f"/v1/issuing/transactions/{paid}", NOTED, account=account)
    yield


async def credit(maker: Maker) -> AsyncGenerator[None, None]:
    """Spend that the platform funds, from the policy to the repayment."""
    await fund(maker, None)
    account = await maker.account()
    card = await maker.card()
    given = {"credit_limit_amount": 4000, "credit_limit_currency": "gbp"}
    policy = (await maker.post("/v1/issuing/credit_policies", given, account=account))["id"]
    yield
    raised = {"credit_limit_amount": 5000}
    await maker.post(f"/v1/issuing/credit_policies/{policy}", raised, account=account)
    yield
    paid = {"card": card, "amount": AMOUNT}
    made = await maker.post(AUTHORIZATIONS, paid, account=account)
    await maker.post(f"{AUTHORIZATIONS}/{made['id']}/capture", account=account)
    yield
    await fund(maker, account)
    path = "/v1/issuing/funding_obligations"
    [owed] = (await maker.call("GET", path, account=account))["data"]
    await maker.post(f"{path}/{owed['id']}/pay", account=account)
    yield


STORIES: dict[Story, tuple[str, ...]] = {
    cards: (
        "issuing_card.created",
        "issuing_card.updated",
        "issuing_cardholder.created",
        "issuing_cardholder.updated",
    ),
    payments: (
        "balance.available",
        "issuing_authorization.created",
        "issuing_authorization.updated",
        "issuing_transaction.created",
        "issuing_transaction.updated",
    ),
    credit: (
        "issuing_credit_policy.created",
        "issuing_credit_policy.updated",
        "issuing_funding_obligation.created",
        "issuing_funding_obligation.updated",
    ),
}
