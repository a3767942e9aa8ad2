"""Stories of financial accounts: what they receive, send and pull in. Each record has a face in v1
and one in v2, and events of both."""

from collections.abc import AsyncGenerator
from typing import Any

from cardwright.local_development.triggers.issuing import NOTED
from cardwright.local_development.triggers.maker import Maker, Story

TREASURY = "/v1/treasury"
HELPERS = "/v1/test_helpers/treasury"
MONEY = "/v2/money_management"
REQUESTED = {"requested": True}
FEATURES: dict[str, Any] = {
    "deposit_insurance": REQUESTED,
    "financial_addresses": {"aba": REQUESTED},
    "inbound_transfers": {"ach": REQUESTED},
    "intra_stripe_flows": REQUESTED,
    "outbound_payments": {"ach": REQUESTED, "us_domestic_wire": REQUESTED},
    "outbound_transfers": {"ach": REQUESTED},
}
TRACKING = {"tracking_details": {"type": "ach", "ach": {"trace_id": "0123456789"}}}
BANK = {
    "type": "us_bank_account",
    "billing_details": {"name": "Jenny Rosen"},
    "us_bank_account": {
        "account_holder_type": "individual",
        "account_number": "000123456789",
        "routing_number": "110000000",
    },
}


async def open_account(maker: Maker) -> str:
    """A financial account with every feature."""
    given = {"supported_currencies": ["usd"], "features": FEATURES}
    account = await maker.account("us")
    return str((await maker.post(f"{TREASURY}/financial_accounts", given, account=account))["id"])


async def credit(maker: Maker, financial_account: str) -> str:
    """Money that arrives for a financial account; the received credit."""
    given = {"financial_account": financial_account, "amount": 1000, "currency": "usd"}
    path = f"{HELPERS}/received_credits"
    account = await maker.account("us")
    return str((await maker.post(path, {**given, "network": "ach"}, account=account))["id"])


async def closing(maker: Maker) -> AsyncGenerator[None, None]:
    """A financial account with features, which is closed; money for it is refused."""
    account = await maker.account("us")
    made = await open_account(maker)
    yield
    path = f"{TREASURY}/financial_accounts/{made}/features"
    await maker.post(path, {"deposit_insurance": {"requested": False}}, account=account)
    yield
    await maker.post(f"{TREASURY}/financial_accounts/{made}/close", account=account)
    yield
    await credit(maker, made)
    yield


async def credits_and_reversals(maker: Maker) -> AsyncGenerator[None, None]:
    """Money comes and is sent back."""
    account = await maker.account("us")
    made = await credit(maker, await open_account(maker))
    yield
    path = f"{TREASURY}/credit_reversals"
    back = await maker.post(path, {"received_credit": made}, account=account)
    yield
    await maker.until(f"{path}/{back['id']}", "posted", account=account)
    yield


async def debits_and_reversals(maker: Maker) -> AsyncGenerator[None, None]:
    """Money is taken by another bank, and taken back."""
    account = await maker.account("us")
    place = await open_account(maker)
    await credit(maker, place)
    given = {"financial_account": place, "amount": 600, "currency": "usd", "network": "ach"}
    path = f"{HELPERS}/received_debits"
    made = (await maker.post(path, given, account=account))["id"]
    yield
    # There is not enough for a second one.
    await maker.post(path, given, account=account)
    yield
    path = f"{TREASURY}/debit_reversals"
    back = await maker.post(path, {"received_debit": made}, account=account)
    yield
    await maker.until(f"{path}/{back['id']}", "succeeded", account=account)
    yield


def outbound_payments(maker: Maker) -> AsyncGenerator[None, None]:
    """Payments to others, to each of their ends."""
    return _outbound(maker, "outbound_payments", {"destination_payment_method_data": BANK})


def outbound_transfers(maker: Maker) -> AsyncGenerator[None, None]:
    """Transfers to the account's own bank, to each of their ends."""
    return _outbound(
        maker, "outbound_transfers", {"destination_payment_method": "pm_usBankAccount"}
    )


async def _outbound(maker: Maker, kind: str, to_bank: dict[str, Any]) -> AsyncGenerator[None, None]:
    account = await maker.account("us")
    place = await open_account(maker)
    await credit(maker, place)
    given = {"financial_account": place, "amount": 100, "currency": "usd", **to_bank}
    made = (await maker.post(f"{TREASURY}/{kind}", given, account=account))["id"]
    yield
    await maker.post(f"{HELPERS}/{kind}/{made}", TRACKING, account=account)
    yield
    await maker.post(f"{HELPERS}/{kind}/{made}/post", account=account)
    yield
    returned = {"returned_details": {"code": "account_closed"}}
    await maker.post(f"{HELPERS}/{kind}/{made}/return", returned, account=account)
    yield
    canceled = (await maker.post(f"{TREASURY}/{kind}", given, account=account))["id"]
    await maker.post(f"{TREASURY}/{kind}/{canceled}/cancel", account=account)
    yield
    failing = (await maker.post(f"{TREASURY}/{kind}", given, account=account))["id"]
    await maker.post(f"{HELPERS}/{kind}/{failing}/fail", account=account)
    yield


async def inbound_transfers(maker: Maker) -> AsyncGenerator[None, None]:
    """Money that is pulled in: it comes, is taken back, does not come, is not wanted any more."""
    account = await maker.account("us")
    given = {
        "financial_account": await open_account(maker),
        "amount": 500,
        "currency": "usd",
        "origin_payment_method": "pm_usBankAccount",
    }
    path, helper = f"{TREASURY}/inbound_transfers", f"{HELPERS}/inbound_transfers"
    made = (await maker.post(path, given, account=account))["id"]
    yield
    await maker.post(f"{helper}/{made}/succeed", account=account)
    yield
    await maker.post(f"{helper}/{made}/return", account=account)
    yield
    failing = (await maker.post(path, given, account=account))["id"]
    await maker.post(f"{helper}/{failing}/fail", account=account)
    yield
    canceled = (await maker.post(path, given, account=account))["id"]
    await maker.post(f"{path}/{canceled}/cancel", account=account)
    yield


async def addresses(maker: Maker) -> AsyncGenerator[None, None]:
    """A financial account of money management, and an address that becomes active."""
    account = await maker.account()
    given = {"type": "storage", "storage": {"holds_currencies": ["gbp"]}}
    place = (await maker.post(f"{MONEY}/financial_accounts", given, account=account))["id"]
    yield
    named = {"display_name": "Main", **NOTED}
    await maker.post(f"{MONEY}/financial_accounts/{place}", named, account=account)
    yield
    made = await _address(maker, place)
    await maker.until(f"{MONEY}/financial_addresses/{made}", "active", account=account)
    yield


async def _address(maker: Maker, financial_account: str) -> str:
    given = {
        "financial_account": financial_account,
        "type": "bank_account",
        "bank_account": {"country": "GB", "currency": "gbp"},
    }
    path = f"{MONEY}/financial_addresses"
    return str((await maker.post(path, given, account=await maker.account()))["id"])


async def failing_addresses(maker: Maker) -> AsyncGenerator[None, None]:
    """An address that the bank gives no account, if that is said before it has one."""
    account = await maker.account()
    given = {"type": "storage", "storage": {"holds_currencies": ["gbp"]}}
    place = (await maker.post(f"{MONEY}/financial_accounts", given, account=account))["id"]
    made = await _address(maker, place)
    await maker.post(f"/_cardwright/financial_addresses/{made}/fail", account=account)
    yield


def _types(head: str, tails: str) -> tuple[str, ...]:
    return tuple(f"{head}.{tail}" for tail in tails.split())


_V2 = "v2.money_management"
_ENDS = "canceled created failed posted returned"
STORIES: dict[Story, tuple[str, ...]] = {
    closing: (
        *_types("treasury.financial_account", "closed created features_status_updated"),
        "treasury.received_credit.failed",
        f"{_V2}.received_credit.failed",
    ),
    credits_and_reversals: (
        *_types("treasury.received_credit", "created succeeded"),
        *_types("treasury.credit_reversal", "created posted"),
        *_types(f"{_V2}.received_credit", "available returned succeeded"),
        *_types(f"{_V2}.transaction", "created updated"),
    ),
    debits_and_reversals: (
        "treasury.received_debit.created",
        *_types("treasury.debit_reversal", "completed created"),
        *_types(f"{_V2}.received_debit", "failed succeeded"),
    ),
    outbound_payments: (
        *_types("treasury.outbound_payment", f"{_ENDS} tracking_details_updated"),
        *_types(f"{_V2}.outbound_payment", f"{_ENDS} updated"),
    ),
    outbound_transfers: (
        *_types("treasury.outbound_transfer", f"{_ENDS} tracking_details_updated"),
        *_types(f"{_V2}.outbound_transfer", f"{_ENDS} updated"),
    ),
    inbound_transfers: (
        *_types("treasury.inbound_transfer", "canceled created failed succeeded"),
        *_types(
            f"{_V2}.inbound_transfer",
            "available bank_debit_failed bank_debit_processing bank_debit_queued "
            "bank_debit_returned bank_debit_succeeded",
        ),
    ),
    addresses: (
        *_types(f"{_V2}.financial_account", "created updated"),
        f"{_V2}.financial_address.activated",
    ),
    failing_addresses: (f"{_V2}.financial_address.failed",),
}
