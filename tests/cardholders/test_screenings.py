"""Watchlists and blocks on a live port: what they do to the cardholder, its cards and payments."""

import asyncio
from typing import Any

from cardwright.roles.provisioning import create_platform
from tests.cardholders.test_requirements import NAMES, TERMS
from tests.support.issuing import issuing_account
from tests.support.server import Live, Platform
from tests.support.spending import HOLDER, spender

PATH = "/v1/issuing/cardholders"
SCREENINGS = "/_cardwright/cardholder_screenings"
GB_HOLDER = {name: value for name, value in HOLDER.items() if "terms" not in name}


async def done(platform: Platform, method: str, path: str, **given: Any) -> Any:
    status, body = await platform.call(method, path, **given)
    assert status == 200, body
    return body


async def make(platform: Platform, account: str | None = None, **more: str) -> Any:
    return await done(platform, "POST", PATH, form=GB_HOLDER | more, account=account)


async def screenings(platform: Platform, status: str = "under_review") -> list[Any]:
    found = await done(platform, "GET", f"{SCREENINGS}?status={status}&limit=100")
    return list(found["data"])


async def answer(platform: Platform, screening: str, verb: str, **form: str) -> Any:
    return await done(platform, "POST", f"{SCREENINGS}/{screening}/{verb}", form=form)


async def livemode(live: Live) -> Platform:
    return Platform(live, await create_platform(live.application.database, livemode=True))


async def test_a_search_is_over_at_once_in_the_test_environment(platform: Platform) -> None:
    made = await make(platform)
    assert made["requirements"] == {"disabled_reason": None, "past_due": []}
    [found] = await screenings(platform, "cleared")
    assert (found["cardholder"], found["account"]) == (made["id"], platform.keys.account_id)
    assert set(found) == {
        "account",
        "answered",
        "cardholder",
        "created",
        "id",
        "livemode",
        "note",
        "object",
        "status",
    }
    whole = await done(platform, "GET", f"{SCREENINGS}/{found['id']}")
    assert whole["values"]["name"] == "Jenny Rosen"
    assert whole["values"]["birth"] == "1981-11-01"


async def test_a_review_declines_until_it_is_cleared(platform: Platform) -> None:
    paying = await spender(platform, funds=10_000)
    await paying.done(
        "POST",
        f"{PATH}/{paying.holder}",
        {"individual[first_name]": "Watchlist", "individual[last_name]": "Review"},
    )
    holder = await paying.done("GET", f"{PATH}/{paying.holder}")
    assert holder["requirements"]["disabled_reason"] == "under_review"
    declined = await paying.authorize(100)
    assert declined["approved"] is False
    reason = declined["request_history"][0]["reason"]
    assert reason == "cardholder_verification_required"
    form = {"cardholder": paying.holder, "currency": "gbp", "type": "virtual", "status": "active"}
    status, refused = await paying.call("POST", "/v1/issuing/cards", form)
    assert (status, refused["error"]["param"]) == (400, "status")

    [waiting] = await screenings(platform)
    cleared = await answer(platform, waiting["id"], "clear", note="another Jenny Rosen")
    assert (cleared["status"], cleared["note"]) == ("cleared", "another Jenny Rosen")
    listed = await paying.done("GET", "/v1/events?type=issuing_cardholder.updated")
    data = listed["data"][0]["data"]
    assert data["object"]["requirements"]["disabled_reason"] is None
    assert data["previous_attributes"]["requirements"]["disabled_reason"] == "under_review"
    assert (await paying.authorize(100))["approved"] is True
    # The same answer again says nothing new.
    await answer(platform, waiting["id"], "clear")
    again = await paying.done("GET", "/v1/events?type=issuing_cardholder.updated")
    assert len(again["data"]) == len(listed["data"])


async def test_a_listed_cardholder_is_rejected_or_cleared(platform: Platform) -> None:
    made = await make(platform, name="Watchlist Listed")
    assert made["requirements"]["disabled_reason"] == "listed"
    [found] = await screenings(platform, "listed")
    await answer(platform, found["id"], "reject")
    holder = await done(platform, "GET", f"{PATH}/{made['id']}")
    assert holder["requirements"]["disabled_reason"] == "rejected.listed"
    await answer(platform, found["id"], "mark_listed")
    await answer(platform, found["id"], "clear")
    holder = await done(platform, "GET", f"{PATH}/{made['id']}")
    assert holder["requirements"]["disabled_reason"] is None


async def test_a_document_ends_what_waits_for_one(platform: Platform) -> None:
    made = await make(platform, name="Watchlist Document")
    document = "individual.verification.document"
    assert made["requirements"] == {
        "disabled_reason": "requirements.past_due",
        "past_due": [document],
    }
    front = "individual[verification][document][front]"
    for file, missing in (
        ("file_identity_document_failure", [document]),
        ("file_identity_document_success", []),
    ):
        changed = await done(platform, "POST", f"{PATH}/{made['id']}", form={front: file})
        assert changed["requirements"]["past_due"] == missing


async def test_a_company_cannot_be_asked_for_a_document(platform: Platform) -> None:
    company = {name: value for name, value in GB_HOLDER.items() if "individual" not in name}
    await done(
        platform, "POST", PATH, form=company | {"type": "company", "name": "Watchlist Review"}
    )
    [found] = await screenings(platform)
    path = f"{SCREENINGS}/{found['id']}/request_document"
    status, body = await platform.call("POST", path)
    assert (status, "company" in body["error"]["message"]) == (400, True)


async def test_live_searches_wait_for_the_operator(live: Live) -> None:
    platform = await livemode(live)
    made = await make(platform)
    assert made["requirements"]["disabled_reason"] == "under_review"
    [first] = await screenings(platform)
    await answer(platform, first["id"], "request_document")
    holder = await done(platform, "GET", f"{PATH}/{made['id']}")
    assert holder["requirements"]["past_due"] == ["individual.verification.document"]

    # What watchlists do not know of begins no search; a name does.
    await done(platform, "POST", f"{PATH}/{made['id']}", form={"email": "j@example.com"})
    assert await screenings(platform) == []
    path, name = f"{PATH}/{made['id']}", "individual[first_name]"
    await done(platform, "POST", path, form={name: "Jane"})
    [second] = await screenings(platform)
    assert second["id"] != first["id"]
    status, body = await platform.call("POST", f"{SCREENINGS}/{first['id']}/clear")
    assert (status, first["id"] in body["error"]["message"]) == (400, True)

    # Other values do not undo what was said; the values of before have the answer of before,
    # unless a list speaks against it.
    await answer(platform, second["id"], "reject")
    changed = await done(platform, "POST", path, form={name: "Jenny"})
    assert changed["requirements"]["disabled_reason"] == "rejected.listed"
    [again] = await screenings(platform)
    assert again["id"] == first["id"]
    await answer(platform, again["id"], "clear")
    changed = await done(platform, "POST", path, form={name: "Jane"})
    assert changed["requirements"]["disabled_reason"] == "rejected.listed"
    changed = await done(platform, "POST", path, form={name: "Jenny"})
    assert changed["requirements"]["disabled_reason"] == "rejected.listed"
    await answer(platform, first["id"], "clear")
    changed = await done(platform, "POST", path, form={name: "Janet"})
    assert changed["requirements"]["disabled_reason"] == "under_review"
    changed = await done(platform, "POST", path, form={name: "Jenny"})
    assert changed["requirements"]["disabled_reason"] is None
    count = "select count(*) from cardholder_screenings where cardholder = $1"
    assert await live.application.database.pool.fetchval(count, made["id"]) == 3


async def test_a_cardholder_from_before_is_searched_for_once_its_values_change(live: Live) -> None:
    platform = await livemode(live)
    company = {name: value for name, value in GB_HOLDER.items() if "individual" not in name}
    made = await done(platform, "POST", PATH, form=company | {"type": "company"})
    [waiting] = await screenings(platform)
    await answer(platform, waiting["id"], "clear")
    pool = live.application.database.pool
    await pool.execute("delete from cardholder_screenings where cardholder = $1", made["id"])
    path = f"{PATH}/{made['id']}"
    changed = await done(platform, "POST", path, form={"metadata[k]": "v"})
    assert changed["requirements"]["disabled_reason"] is None
    assert await screenings(platform) == []
    changed = await done(platform, "POST", path, form={"company[tax_id]": "000000000"})
    assert changed["requirements"]["disabled_reason"] == "under_review"
    # The same number again is the same search.
    [waiting] = await screenings(platform)
    await done(platform, "POST", path, form={"company[tax_id]": "000000000"})
    assert [one["id"] for one in await screenings(platform)] == [waiting["id"]]


async def test_updates_at_once_make_one_search(live: Live) -> None:
    platform = await livemode(live)
    made = await make(platform)
    form = {"individual[first_name]": "Jane"}
    path = f"{PATH}/{made['id']}"
    await asyncio.gather(*(done(platform, "POST", path, form=form) for _ in range(8)))
    assert len(await screenings(platform)) == 1


async def test_a_platform_sees_its_own_searches(live: Live, platform: Platform) -> None:
    await make(platform, name="Watchlist Review")
    [found] = await screenings(platform)
    other = Platform(live, await create_platform(live.application.database))
    assert await screenings(other) == []
    status, _ = await other.call("POST", f"{SCREENINGS}/{found['id']}/clear")
    assert status == 404


async def test_terms_are_accepted_before_cards_work_in_the_united_states(
    platform: Platform,
) -> None:
    account = await issuing_account(platform, "us_charge_card")
    bare = {name: value for name, value in GB_HOLDER.items() if "individual" not in name}
    holder = await done(platform, "POST", PATH, form=bare, account=account)
    assert holder["requirements"] == {
        "disabled_reason": "requirements.past_due",
        "past_due": [f"{TERMS}.date", f"{TERMS}.ip", *NAMES],
    }
    card = {"cardholder": holder["id"], "currency": "usd", "type": "virtual"}
    inactive = await done(platform, "POST", "/v1/issuing/cards", form=card, account=account)
    path = f"/v1/issuing/cards/{inactive['id']}"
    status, body = await platform.call("POST", path, form={"status": "active"}, account=account)
    assert (status, "requirements.past_due" in body["error"]["message"]) == (400, True)
    accepted = {name: value for name, value in HOLDER.items() if "individual" in name}
    await done(platform, "POST", f"{PATH}/{holder['id']}", form=accepted, account=account)
    active = await done(platform, "POST", path, form={"status": "active"}, account=account)
    assert active["cardholder"]["requirements"]["past_due"] == []


async def test_a_card_in_euros_needs_a_phone_number(platform: Platform) -> None:
    account = await issuing_account(platform, "eu_charge_card")
    bare = {name: value for name, value in GB_HOLDER.items() if name != "phone_number"}
    holder = await done(platform, "POST", PATH, form=bare, account=account)
    card = {"cardholder": holder["id"], "currency": "eur", "type": "virtual"}
    status, body = await platform.call(
        "POST", "/v1/issuing/cards", form={**card, "status": "active"}, account=account
    )
    assert (status, "phone number" in body["error"]["message"]) == (400, True)
    made = await done(platform, "POST", "/v1/issuing/cards", form=card, account=account)
    path, active = f"/v1/issuing/cards/{made['id']}", {"status": "active"}
    assert (await platform.call("POST", path, form=active, account=account))[0] == 400
    phone = {"phone_number": "+353 20 9123456"}
    changed = await done(platform, "POST", f"{PATH}/{holder['id']}", form=phone, account=account)
    assert changed["phone_number"] == "+353209123456"
    assert (await done(platform, "POST", path, form=active, account=account))["status"] == "active"


async def test_the_operator_blocks_and_lifts_the_block(platform: Platform) -> None:
    paying = await spender(platform, funds=10_000)
    path = f"/_cardwright/accounts/{paying.account}/cardholders/{paying.holder}"
    blocked = await done(platform, "POST", f"{path}/block")
    assert (blocked["object"], blocked["status"]) == ("issuing.cardholder", "blocked")
    await done(platform, "POST", f"{path}/block")
    declined = await paying.authorize(100)
    assert declined["request_history"][0]["reason"] == "cardholder_blocked"
    status, _ = await paying.call("POST", f"{PATH}/{paying.holder}", {"status": "active"})
    assert status == 400
    found = await paying.done("GET", f"{PATH}?status=blocked")
    assert [one["id"] for one in found["data"]] == [paying.holder]
    await done(platform, "POST", f"{path}/unblock", form={"status": "inactive"})
    assert (await paying.authorize(100))["request_history"][0]["reason"] == "cardholder_inactive"
    status, body = await platform.call("POST", f"{path}/unblock")
    assert (status, "not blocked" in body["error"]["message"]) == (400, True)
    other = path.replace(paying.account, "acct_other")
    assert (await platform.call("POST", f"{other}/block"))[0] == 404
    updates = await paying.done("GET", "/v1/events?type=issuing_cardholder.updated")
    previous = [one["data"]["previous_attributes"] for one in updates["data"]]
    assert previous == [{"status": "blocked"}, {"status": "active"}]


async def test_limits_of_a_cardholder_are_in_the_currency_of_the_account(
    platform: Platform,
) -> None:
    account = await issuing_account(platform)
    limit = "spending_controls[spending_limits][0]"
    limits = {f"{limit}[amount]": "100", f"{limit}[interval]": "daily"}
    made = await make(platform, account, **limits)
    assert made["spending_controls"]["spending_limits_currency"] == "gbp"
    currency = "spending_controls[spending_limits_currency]"
    made = await make(platform, account, **limits, **{currency: "usd"})
    assert made["spending_controls"]["spending_limits_currency"] == "usd"
    status, body = await platform.call(
        "POST", PATH, form=GB_HOLDER | limits | {currency: "bmd"}, account=account
    )
    assert (status, body["error"]["param"]) == (400, currency)
    path = f"{PATH}/{made['id']}"
    changed = await done(platform, "POST", path, form={currency: ""}, account=account)
    assert changed["spending_controls"]["spending_limits_currency"] == "gbp"
