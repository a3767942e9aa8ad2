"""An operator's hand in the books: adjust, correct, write off, set aside; each with its reason."""

from typing import Any

import pytest

from cardwright.ledger import audit, flows, transfers
from cardwright.tenancy import gates, registry
from tests.funding.steps import done, payable_account, top_up
from tests.support.issuing import issuing_account
from tests.support.server import Platform


async def funded(platform: Platform, amount_minor: int) -> str:
    """A connected account with so many pence in its Issuing balance; negative ones were spent."""
    account = await issuing_account(platform, program=False)
    async with registry.transaction(platform.live.application.database, account) as tx:
        await gates.lock(tx, account)
        if amount_minor > 0:
            await flows.post(tx, transfers.incoming(account, "issuing", "gbp", amount_minor))
        else:
            await flows.post(tx, transfers.spend(account, "ipi_1", "gbp", -amount_minor))
    return account


async def send(platform: Platform, account: str, path: str, **form: str) -> tuple[int, Any]:
    return await platform.call("POST", f"/_cardwright/accounts/{account}/{path}", form=form)


async def balances(platform: Platform, account: str) -> dict[str, int]:
    """Every balance by book; the books are right."""
    async with platform.live.application.database.connection() as connection:
        assert await audit.verify(connection, account) == []
        found = await flows.balances_of(connection, account)
    return {each.book: each.available_minor for each in found if each.available_minor}


async def test_an_adjustment_is_a_transfer_with_a_reason(platform: Platform) -> None:
    account = await funded(platform, 1_000)
    status, made = await send(
        platform, account, "adjustments", amount="250", currency="gbp", description="Goodwill"
    )
    assert status == 200, made
    assert made["object"] == "ledger_adjustment"
    assert (made["amount"], made["type"], made["against"]) == (250, "adjustment", "losses")
    assert made["requested_by"].startswith("req_")
    assert await balances(platform, account) == {
        "issuing": 1_250,
        "losses": -250,
        "outside": -1_000,
    }
    status, shown = await platform.call(
        "GET", f"/v1/balance_transactions/{made['balance_transaction']}", account=account
    )
    assert (shown["type"], shown["amount"], shown["description"]) == ("adjustment", 250, "Goodwill")
    assert shown["reporting_category"] == "other_adjustment"
    _, listed = await platform.call("GET", f"/_cardwright/accounts/{account}/adjustments")
    assert listed["data"] == [made]
    _, none = await platform.call(
        "GET", f"/_cardwright/accounts/{account}/adjustments?type=write_off"
    )
    assert none["data"] == []


async def test_an_adjustment_below_zero_is_forced_and_flagged(platform: Platform) -> None:
    account = await funded(platform, 100)
    wanted = {"amount": "-101", "currency": "gbp", "description": "Fee", "against": "fees"}
    status, refused = await send(platform, account, "adjustments", **wanted)
    assert (status, refused["error"]["code"]) == (400, "balance_insufficient")
    assert await balances(platform, account) == {"issuing": 100, "outside": -100}
    status, made = await send(platform, account, "adjustments", **wanted, force="true")
    assert (status, made["forced"]) == (200, True)
    assert await balances(platform, account) == {"issuing": -1, "fees": 101, "outside": -100}


async def test_a_correction_takes_a_transfer_back_once(platform: Platform) -> None:
    account = await funded(platform, 1_000)
    _, made = await send(
        platform, account, "adjustments", amount="70", currency="gbp", description="Wrong account"
    )
    wrong = made["balance_transaction"]
    status, taken_back = await send(
        platform, account, "adjustments", corrects=wrong, description="Meant for another"
    )
    assert status == 200, taken_back
    assert (taken_back["amount"], taken_back["type"]) == (-70, "correction")
    assert taken_back["corrects"] == wrong
    assert await balances(platform, account) == {"issuing": 1_000, "outside": -1_000}
    status, refused = await send(
        platform, account, "adjustments", corrects=wrong, description="Again"
    )
    assert (status, refused["error"]["message"]) == (400, f"{wrong} was corrected before.")
    status, refused = await send(
        platform, account, "adjustments", corrects="txn_nothing", description="Never"
    )
    assert (status, refused["error"]["code"]) == (404, "resource_missing")
    status, refused = await send(
        platform, account, "adjustments", corrects=wrong, amount="1", description="Both"
    )
    assert status == 400


async def test_holds_and_moves_are_undone_in_their_own_way(platform: Platform) -> None:
    account = await funded(platform, 1_000)
    database = platform.live.application.database
    other = platform.keys.account_id
    async with registry.transaction(database, account) as tx:
        await gates.lock(tx, account, other)
        held = await flows.hold(tx, "iauth_1", "gbp", 10)
        moved = await flows.move(
            tx,
            transfers.departure(account, "transfer", "issuing", "gbp", 5, "tr_1"),
            transfers.arrival(other, "transfer", "payments", "gbp", 5, "tr_1"),
        )
    for transfer, words in ((held, "released"), (moved, "reverse that transfer")):
        status, refused = await send(
            platform, account, "adjustments", corrects=transfer, description="No"
        )
        assert status == 400
        assert words in refused["error"]["message"]


async def test_what_an_object_did_is_undone_by_the_object(platform: Platform) -> None:
    account = await payable_account(platform)
    await top_up(platform, account, "gbp", 1_000)
    form = {"amount": "700", "currency": "gbp"}
    made = await done(platform, "POST", "/v1/payouts", form, account=account)
    status, refused = await send(
        platform,
        account,
        "adjustments",
        corrects=made["balance_transaction"],
        description="Never left",
    )
    assert status == 400
    assert "undo that object" in refused["error"]["message"]
    await done(platform, "POST", f"/v1/payouts/{made['id']}/cancel", account=account)
    assert (await balances(platform, account))["payments"] == 1_000


async def test_the_books_of_a_closed_account_are_tidied(platform: Platform) -> None:
    account = await issuing_account(platform, program=False)
    status, _ = await platform.call("DELETE", f"/v1/accounts/{account}")
    assert status == 200
    database = platform.live.application.database
    async with registry.transaction(database, account, closed=True) as tx:
        await gates.lock(tx, account)
        await flows.spend(tx, "ipi_1", "gbp", 70)
    assert (await balances(platform, account))["issuing"] == -70
    status, made = await send(
        platform, account, "write_offs", currency="gbp", description="Not recoverable"
    )
    assert (status, made["amount"]) == (200, 70)
    assert await balances(platform, account) == {"losses": -70, "network_settlement": 70}
    status, listed = await platform.call("GET", f"/_cardwright/accounts/{account}/adjustments")
    assert [one["id"] for one in listed["data"]] == [made["id"]]
    wanted = {"amount": "5", "currency": "gbp", "description": "Claim"}
    assert (await send(platform, account, "pending_transfers", **wanted))[0] == 404


async def test_a_write_off_brings_a_balance_back_to_zero(platform: Platform) -> None:
    account = await funded(platform, -420)
    status, made = await send(
        platform, account, "write_offs", currency="gbp", description="Insolvent"
    )
    assert status == 200, made
    assert (made["amount"], made["type"], made["against"]) == (420, "write_off", "losses")
    assert await balances(platform, account) == {"losses": -420, "network_settlement": 420}
    status, refused = await send(
        platform, account, "write_offs", currency="gbp", description="Again"
    )
    assert status == 400
    assert "nothing to write off" in refused["error"]["message"]


async def test_money_is_set_aside_taken_and_given_back(platform: Platform) -> None:
    account = await funded(platform, 1_000)
    status, made = await send(
        platform,
        account,
        "pending_transfers",
        amount="600",
        currency="gbp",
        description="Court order",
    )
    assert status == 200, made
    assert (made["object"], made["status"]) == ("pending_transfer", "pending")
    path = f"pending_transfers/{made['id']}"
    _, taken = await send(platform, account, f"{path}/capture", amount="200")
    assert (taken["amount_held"], taken["amount_captured"]) == (400, 200)
    _, back = await send(platform, account, f"{path}/release")
    assert (back["status"], back["amount_released"]) == ("captured", 400)
    assert await balances(platform, account) == {"issuing": 800, "outside": -800}
    _, read = await platform.call("GET", f"/_cardwright/accounts/{account}/{path}")
    assert read == back
    _, listed = await platform.call("GET", f"/_cardwright/accounts/{account}/pending_transfers")
    assert listed["data"] == [back]


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("adjustments", {"currency": "gbp", "description": "No amount"}, 400),
        ("adjustments", {"amount": "0", "currency": "gbp", "description": "Nothing"}, 400),
        ("adjustments", {"amount": "1", "currency": "jpy", "description": "Not ours"}, 400),
        ("write_offs", {"currency": "jpy", "description": "Not ours"}, 400),
        ("adjustments", {"amount": "1", "description": "No currency"}, 400),
        ("adjustments", {"amount": "1", "currency": "gbp"}, 400),
        (
            "adjustments",
            {"amount": "1", "currency": "gbp", "description": "Odd", "balance": "clearing"},
            400,
        ),
        (
            "adjustments",
            {"amount": "1", "currency": "gbp", "description": "Odd", "balance": "fa_unknown"},
            400,
        ),
        ("pending_transfers", {"amount": "1", "currency": "gbp", "description": "None"}, 400),
        ("pending_transfers/ptr_nothing/capture", {"amount": "1"}, 404),
    ],
)
async def test_what_makes_no_sense_is_refused(
    platform: Platform, path: str, form: dict[str, str], status: int
) -> None:
    account = await issuing_account(platform, program=False)
    assert (await send(platform, account, path, **form))[0] == status
    assert await balances(platform, account) == {}


async def test_only_the_platform_changes_books_and_only_of_its_own_accounts(
    platform: Platform,
) -> None:
    account = await issuing_account(platform, program=False)
    wanted = {"amount": "1", "currency": "gbp", "description": "Mine"}
    path = f"/_cardwright/accounts/{account}/adjustments"
    status, _ = await platform.call("POST", path, form=wanted, account=account)
    assert status == 400
    status, refused = await send(platform, "acct_nobody", "adjustments", **wanted)
    assert (status, refused["error"]["code"]) == (404, "resource_missing")
    status, _ = await send(platform, platform.keys.account_id, "adjustments", **wanted)
    assert status == 200, "the platform's own books too"
