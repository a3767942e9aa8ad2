"""Closing an account: a live one must be empty, a test account goes with all that it has."""

from cardwright.accounts.record import store
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.ledger.chart import FINANCIAL_ACCOUNT
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy import registry
from tests.accounts.test_refusals import made, post
from tests.authorizations.test_authorizations import check_books
from tests.support.server import Platform
from tests.support.spending import HELPERS, spender


async def test_a_test_account_is_deleted_with_the_money_that_it_has(platform: Platform) -> None:
    one = await spender(platform, funds=10_000)
    paid = await one.authorize(3000)
    await one.call("POST", "/v1/topups", {"amount": "500", "currency": "gbp"})
    assert paid["approved"]
    status, body = await platform.call("DELETE", f"/v1/accounts/{one.account}")
    assert (status, body["deleted"]) == (200, True)
    status, _ = await one.call("POST", f"{HELPERS}/{paid['id']}/capture")
    assert status == 403
    await check_books(one)


async def test_a_live_account_with_money_under_way_is_not_closed(platform: Platform) -> None:
    database = platform.live.application.database
    live = Platform(platform.live, await create_platform(database, livemode=True))
    path = await made(live)
    named = ["card_creator", "recipient", "merchant"]
    for count, (receiver, code) in enumerate(
        [
            ("issuing", "cannot_delete_account_with_balance"),
            (f"{FINANCIAL_ACCOUNT}fa_1", "cannot_delete_account_with_balance"),
            ("topups_in_transit", "pending_transactions_cannot_be_deleted"),
        ]
    ):
        account = path.rpartition("/")[2]
        async with registry.transaction(database, account) as tx:
            await registry.lock_open(tx)
            given = transfers.within(account, "adjustment", "gbp", 500, receiver, "losses")
            await ledger.post(tx, given)
        status, body = await post(live, f"{path}/close", {"applied_configurations": named})
        assert (status, body["error"]["code"]) == (400, code), count
        path = await made(live)


async def test_a_live_account_with_a_hold_is_not_closed(platform: Platform) -> None:
    database = platform.live.application.database
    live = Platform(platform.live, await create_platform(database, livemode=True))
    path = await made(live)
    account = path.rpartition("/")[2]
    async with registry.transaction(database, account) as tx:
        await store.lock_state(tx)
        given = transfers.within(account, "adjustment", "gbp", 500, "issuing", "losses")
        await ledger.post(tx, given)
        await ledger.hold(tx, "iauth_1", "gbp", 500)
    named = ["card_creator", "recipient", "merchant"]
    status, body = await post(live, f"{path}/close", {"applied_configurations": named})
    code = "pending_transactions_cannot_be_deleted"
    assert (status, body["error"]["code"]) == (400, code), body
    assert "under way: 500 gbp issuing." in body["error"]["message"]
