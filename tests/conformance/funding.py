"""A valid and an invalid call of every operation on money: balances, what comes, moves and goes."""

from typing import Any

from tests.conformance.accounts import V1
from tests.conformance.walk import Walk
from tests.funding.steps import BANKS, payable_account

AMOUNT = {"amount": "500", "currency": "gbp"}


async def walk(walk: Walk, account: str) -> None:
    """Top-ups first: there is nothing without them."""
    at: dict[str, Any] = {"account": account}
    await topups(walk)
    await balances(walk, account)
    await transfers(walk, account)
    await payouts(walk, account)
    form = {
        "amount": "50",
        "currency": "gbp",
        "source_balance[type]": "issuing",
        "destination_balance[type]": "payments",
    }
    await walk.done("POST", "/v1/balance_transfers", form=form, **at)
    await walk.refused("POST", "/v1/balance_transfers", form=AMOUNT, **at)


async def read(walk: Walk, path: str, one: str, **at: Any) -> None:
    """List and retrieve."""
    await walk.done("GET", path, **at)
    await walk.refused("GET", f"{path}?limit=1000", **at)
    await walk.done("GET", f"{path}/{one}", **at)
    await walk.refused("GET", f"{path}/no_such", **at)


async def changed(walk: Walk, one: str, **at: Any) -> None:
    """Metadata."""
    await walk.done("POST", one, form={"metadata[a]": "b"}, **at)
    await walk.refused("POST", one, form={"nonsense": "1"}, **at)


async def topups(walk: Walk) -> None:
    """One that is here, and one that is under way and called back."""
    path = "/v1/topups"
    made = await walk.done("POST", path, form={"amount": "50000", "currency": "gbp"})
    await walk.refused("POST", path, form={"amount": "0", "currency": "gbp"})
    await read(walk, path, made["id"])
    await changed(walk, f"{path}/{made['id']}")
    token = {"type": "ach_debit", "token": "btok_us_verified"}
    status, source = await walk.platform.call("POST", "/v1/sources", form=token)
    assert status == 200, source
    pulled = {"amount": "500", "currency": "usd", "source": source["id"]}
    waiting = await walk.done("POST", path, form=pulled)
    await walk.done("POST", f"{path}/{waiting['id']}/cancel")
    await walk.refused("POST", f"{path}/{waiting['id']}/cancel")


async def balances(walk: Walk, account: str) -> None:
    """What there is, and why."""
    for at in ({}, {"account": account}):
        await walk.done("GET", "/v1/balance", **at)
        await walk.refused("GET", "/v1/balance?nonsense=1", **at)
        path = "/v1/balance_transactions"
        [newest, *_] = (await walk.done("GET", path, **at))["data"]
        await read(walk, path, newest["id"], **at)


async def transfers(walk: Walk, account: str) -> None:
    """To the connected account, and a part of it back."""
    path = "/v1/transfers"
    form = {"amount": "5000", "currency": "gbp", "destination": account}
    made = await walk.done("POST", path, form=form)
    await walk.refused("POST", path, form=AMOUNT)
    await read(walk, path, made["id"])
    one = f"{path}/{made['id']}"
    await changed(walk, one)
    back = await walk.done("POST", f"{one}/reversals", form={"amount": "100"})
    await walk.refused("POST", f"{one}/reversals", form={"amount": "99999"})
    await read(walk, f"{one}/reversals", back["id"])
    await changed(walk, f"{one}/reversals/{back['id']}")


async def payouts(walk: Walk, account: str) -> None:
    """One that is called back, and one that arrived and comes back."""
    bank = {"object": "bank_account", "currency": "gbp", **BANKS["gbp"]}
    form = {f"external_account[{name}]": value for name, value in bank.items()}
    await walk.done("POST", f"{V1}/{account}/external_accounts", form=form)
    at: dict[str, Any] = {"account": account}
    path = "/v1/payouts"
    made = await walk.done("POST", path, form=AMOUNT, **at)
    await walk.refused("POST", path, form={"amount": "99999999", "currency": "gbp"}, **at)
    await read(walk, path, made["id"], **at)
    await changed(walk, f"{path}/{made['id']}", **at)
    await walk.done("POST", f"{path}/{made['id']}/cancel", **at)
    await walk.refused("POST", f"{path}/{made['id']}/cancel", **at)
    american: dict[str, Any] = {"account": await payable_account(walk.platform, "usd")}
    form = {"amount": "500", "currency": "usd"}
    await walk.done("POST", "/v1/topups", form=form, **american)
    other = await walk.done("POST", path, form=form, **american)
    await walk.refused("POST", f"{path}/{other['id']}/reverse", **american)
    done = f"/_cardwright/payouts/{other['id']}/mark_paid"
    status, body = await walk.platform.call("POST", done, **american)
    assert status == 200, body
    await walk.done("POST", f"{path}/{other['id']}/reverse", **american)
