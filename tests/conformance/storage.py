"""A valid and an invalid call of every operation on financial accounts, in both faces."""

from typing import Any

from tests.conformance.walk import Walk
from tests.financial_accounts.moves.test_moves import bank, transfer
from tests.financial_accounts.support import Keeper

MONEY, TREASURY = "/v2/money_management", "/v1/treasury/financial_accounts"
FEATURES = {
    "features[card_issuing][requested]": "true",
    "features[deposit_insurance][requested]": "true",
    "features[financial_addresses][aba][requested]": "true",
    "features[inbound_transfers][ach][requested]": "true",
    "features[intra_stripe_flows][requested]": "true",
    "features[outbound_payments][ach][requested]": "true",
    "features[outbound_transfers][ach][requested]": "true",
}


async def walk(walk: Walk, owner: Keeper, other: Keeper) -> None:
    """Both faces of an American account; ``other`` may be paid."""
    at: dict[str, Any] = {"account": owner.account}
    await treasury(walk, at)
    account = await storage(walk, owner, at)
    await addresses(walk, owner, account, at)
    await moves(walk, owner, other, account, at)
    for name in ("received_credits", "received_debits", "transactions", "transaction_entries"):
        [newest, *_] = (await walk.done("GET", f"{MONEY}/{name}", **at))["data"]
        await read(walk, name, newest["id"], at)
    await adjustments(walk, owner, account, at)


async def read(walk: Walk, name: str, one: str, at: dict[str, Any]) -> None:
    """List and retrieve."""
    await walk.done("GET", f"{MONEY}/{name}", **at)
    await walk.refused("GET", f"{MONEY}/{name}?limit=x", **at)
    await walk.done("GET", f"{MONEY}/{name}/{one}", **at)
    await walk.refused("GET", f"{MONEY}/{name}/no_such", **at)


async def treasury(walk: Walk, at: dict[str, Any]) -> None:
    """The older face."""
    form = {"supported_currencies[0]": "usd", **FEATURES}
    made = await walk.done("POST", TREASURY, form=form, **at)
    await walk.refused("POST", TREASURY, form={"supported_currencies[0]": "xxx"}, **at)
    one = f"{TREASURY}/{made['id']}"
    await walk.done("GET", TREASURY, **at)
    await walk.refused("GET", f"{TREASURY}?limit=1000", **at)
    await walk.done("GET", one, **at)
    await walk.refused("GET", f"{TREASURY}/fa_no", **at)
    await walk.done("POST", one, form={"metadata[a]": "b"}, **at)
    await walk.refused("POST", one, form={"nonsense": "1"}, **at)
    await walk.done("GET", f"{one}/features", **at)
    await walk.refused("GET", f"{TREASURY}/fa_no/features", **at)
    form = {"card_issuing[requested]": "true"}
    await walk.done("POST", f"{one}/features", form=form, **at)
    await walk.refused("POST", f"{one}/features", form={"nonsense": "1"}, **at)
    await walk.done("POST", f"{one}/close", **at)
    await walk.refused("POST", f"{one}/close", **at)


async def storage(walk: Walk, owner: Keeper, at: dict[str, Any]) -> str:
    """The newer face; the answer is an open account."""
    path = f"{MONEY}/financial_accounts"
    wanted = {"type": "storage", "storage": {"holds_currencies": [owner.currency]}}
    made = await walk.done("POST", path, json=wanted, **at)
    await walk.refused("POST", path, json={"type": "purse"}, **at)
    await read(walk, "financial_accounts", made["id"], at)
    one = f"{path}/{made['id']}"
    await walk.done("POST", one, json={"display_name": "Savings"}, **at)
    await walk.refused("POST", one, json={"nonsense": 1}, **at)
    await walk.done("POST", f"{one}/close", json={}, **at)
    await walk.refused("POST", f"{one}/close", json={"nonsense": 1}, **at)
    return await owner.open()


async def addresses(walk: Walk, owner: Keeper, account: str, at: dict[str, Any]) -> None:
    """An address, and what comes to it and is taken from it."""
    path = f"{MONEY}/financial_addresses"
    wanted = {
        "financial_account": account,
        "type": "bank_account",
        "bank_account": {"currency": owner.currency},
    }
    await walk.done("POST", path, json=wanted, **at)
    await walk.refused("POST", path, json={"financial_account": account}, **at)
    address = await owner.address(account)
    await read(walk, "financial_addresses", address, at)
    helper = f"{MONEY}/test_helpers/financial_addresses/{address}"
    for verb, value in (("credit", 5_000), ("debit", 100)):
        body = {"amount": owner.money(value), "network": "ach"}
        await walk.done("POST", f"{helper}/{verb}", json=body, **at)
        await walk.refused("POST", f"{helper}/{verb}", json={"network": "pigeon"}, **at)


async def moves(walk: Walk, owner: Keeper, other: Keeper, account: str, at: dict[str, Any]) -> None:
    """To the owner's bank, to somebody else, and back in."""
    method = await bank(owner)
    await read(walk, "payout_methods", method, at)
    path = f"{MONEY}/outbound_transfers"
    made = await walk.done("POST", path, json=transfer(owner, account, method, 60), **at)
    await walk.refused("POST", path, json=transfer(owner, account, method, 0), **at)
    await read(walk, "outbound_transfers", made["id"], at)
    pull = {
        "from": {"payment_method": method},
        "to": {"financial_account": account, "currency": owner.currency},
        "amount": owner.money(20),
    }
    path = f"{MONEY}/inbound_transfers"
    made = await walk.done("POST", path, json=pull, **at)
    await walk.refused("POST", path, json={**pull, "amount": owner.money(-1)}, **at)
    await read(walk, "inbound_transfers", made["id"], at)
    target = await bank(other, usage="payment")
    pay = transfer(owner, account, target, 30)
    pay["to"]["recipient"] = other.account
    path = f"{MONEY}/outbound_payments"
    made = await walk.done("POST", path, json=pay, **at)
    await walk.refused("POST", path, json={**pay, "amount": owner.money(0)}, **at)
    await read(walk, "outbound_payments", made["id"], at)


async def adjustments(walk: Walk, owner: Keeper, account: str, at: dict[str, Any]) -> None:
    """The operator corrects the books."""
    form = {
        "amount": "5",
        "balance": account,
        "currency": owner.currency,
        "description": "Interest",
    }
    path = f"/_cardwright/accounts/{owner.account}/adjustments"
    status, body = await walk.platform.call("POST", path, form=form)
    assert status == 200, body
    [newest, *_] = (await walk.done("GET", f"{MONEY}/adjustments", **at))["data"]
    await read(walk, "adjustments", newest["id"], at)
