"""Stories of money between balances and banks."""

from collections.abc import AsyncGenerator

from cardwright.local_development.triggers.issuing import NOTED
from cardwright.local_development.triggers.maker import Maker, Story

TOPUP = {"amount": 5000, "currency": "usd"}
BANK = {
    "object": "bank_account",
    "country": "US",
    "currency": "usd",
    "routing_number": "110000000",
    "account_number": "000123456789",
}
PAYOUT = {"amount": 1000, "currency": "usd"}
TRANSFER = {"amount": 1000, "currency": "usd"}


async def add_bank(maker: Maker) -> str:
    """A bank account of the American account."""
    account = await maker.account("us")
    path = f"/v1/accounts/{account}/external_accounts"
    return str((await maker.post(path, {"external_account": BANK}))["id"])


async def bank_accounts(maker: Maker) -> AsyncGenerator[None, None]:
    """A bank account is added, changed and removed."""
    first = await add_bank(maker)
    yield
    path = f"/v1/accounts/{await maker.account('us')}/external_accounts"
    await maker.post(f"{path}/{first}", NOTED)
    yield
    other = {**BANK, "account_number": "000222222227"}
    second = (await maker.post(path, {"external_account": other}))["id"]
    await maker.call("DELETE", f"{path}/{second}")
    yield


async def payouts(maker: Maker) -> AsyncGenerator[None, None]:
    """Payouts that arrive, fail and are canceled."""
    await add_bank(maker)
    account = await maker.account("us")
    await maker.post("/v1/topups", TOPUP, account=account)
    made = (await maker.post("/v1/payouts", PAYOUT, account=account))["id"]
    yield
    await maker.post(f"/v1/payouts/{made}", NOTED, account=account)
    yield
    await maker.post(f"/_cardwright/payouts/{made}/mark_paid", account=account)
    yield
    failing = (await maker.post("/v1/payouts", PAYOUT, account=account))["id"]
    reason = {"failure_code": "account_closed"}
    await maker.post(f"/_cardwright/payouts/{failing}/fail", reason, account=account)
    yield


async def canceled_payouts(maker: Maker) -> AsyncGenerator[None, None]:
    """A payout is called back before it is sent."""
    await add_bank(maker)
    account = await maker.account("us")
    await maker.post("/v1/topups", TOPUP, account=account)
    made = (await maker.post("/v1/payouts", PAYOUT, account=account))["id"]
    await maker.post(f"/v1/payouts/{made}/cancel", account=account)
    yield


async def topups(maker: Maker) -> AsyncGenerator[None, None]:
    """Top-ups that succeed, are canceled, fail, and are taken back by the bank."""
    made = (await maker.post("/v1/topups", TOPUP))["id"]
    yield
    pulled = {**TOPUP, "source": "btok_us_verified"}
    waiting = (await maker.post("/v1/topups", pulled))["id"]
    await maker.post(f"/v1/topups/{waiting}/cancel")
    yield
    failing = (await maker.post("/v1/topups", pulled))["id"]
    await maker.post(f"/_cardwright/topups/{failing}/fail")
    yield
    reason = {"failure_code": "insufficient_funds"}
    await maker.post(f"/_cardwright/topups/{made}/reverse", reason)
    yield


async def transfers(maker: Maker) -> AsyncGenerator[None, None]:
    """A transfer to a connected account, a note on it, and its reversal."""
    await maker.post("/v1/topups", TOPUP)
    given = {**TRANSFER, "destination": await maker.account("us")}
    made = (await maker.post("/v1/transfers", given))["id"]
    yield
    await maker.post(f"/v1/transfers/{made}", NOTED)
    yield
    await maker.post(f"/v1/transfers/{made}/reversals")
    yield


STORIES: dict[Story, tuple[str, ...]] = {
    bank_accounts: (
        "account.external_account.created",
        "account.external_account.deleted",
        "account.external_account.updated",
    ),
    payouts: ("payout.created", "payout.failed", "payout.paid", "payout.updated"),
    canceled_payouts: ("payout.canceled",),
    topups: (
        "topup.canceled",
        "topup.created",
        "topup.failed",
        "topup.reversed",
        "topup.succeeded",
    ),
    transfers: ("transfer.created", "transfer.reversed", "transfer.updated"),
}
