"""Faults on a live port: what goes wrong goes wrong as asked, and never more than that."""

from asyncio import sleep, to_thread
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import stripe

from cardwright.faults import flows
from cardwright.faults.active import ActiveFaults
from cardwright.roles.provisioning import create_platform
from tests.support.issuing import issuing_account
from tests.support.server import Live, Platform

PATH = "/_cardwright/faults"
HOLDERS = "/v1/issuing/cardholders"
HOLDER: Any = {
    "name": "Jenny Rosen",
    "billing": {
        "address": {
            "line1": "123 Main Street",
            "city": "London",
            "postal_code": "SW1A 1AA",
            "country": "GB",
        }
    },
}


async def fault(platform: Platform, **given: Any) -> Any:
    """Switch a fault on."""
    form = {name: str(value) for name, value in given.items()}
    status, body = await platform.call("POST", PATH, form=form)
    assert status == 200, body
    return body


async def strikes(platform: Platform, made: Any) -> int:
    """How often a fault struck."""
    _, body = await platform.call("GET", f"{PATH}/{made['id']}")
    return int(body["strikes"])


def retrying(platform: Platform, retries: int = 2) -> stripe.StripeClient:
    """The official SDK as applications have it: it tries again."""
    return stripe.StripeClient(
        platform.keys.secret,
        base_addresses={"api": platform.base},
        max_network_retries=retries,
    )


def code_of(error: stripe.StripeError) -> Any:
    """The code in the body of a refusal."""
    body: Any = error.json_body
    return body["error"]["code"]


async def test_a_status(platform: Platform) -> None:
    made = await fault(platform, effect="status", status=503, path="/v1/issuing/*", count=1)
    status, body = await platform.call("GET", "/v1/balance")
    assert status == 200
    status, body = await platform.call("GET", HOLDERS)
    assert (status, body["error"]["type"]) == (503, "api_error")
    assert made["id"] in body["error"]["message"]
    assert (await platform.call("GET", HOLDERS))[0] == 200
    assert await strikes(platform, made) == 1


async def test_nothing_is_done_before_a_status(platform: Platform) -> None:
    account = await issuing_account(platform, program=False)
    await fault(platform, effect="status", status=500, path=HOLDERS, method="POST")
    options: Any = {"stripe_account": account}
    with pytest.raises(stripe.APIError):
        await to_thread(retrying(platform, 0).v1.issuing.cardholders.create, HOLDER, options)
    _, listed = await platform.call("GET", HOLDERS, account=account)
    assert listed["data"] == []


@pytest.mark.parametrize("reason", ["global-rate", "endpoint-concurrency"])
async def test_too_many_requests(platform: Platform, reason: str) -> None:
    await fault(platform, effect="rate_limit", reason=reason, count=1)
    with pytest.raises(stripe.RateLimitError) as refused:
        await to_thread(retrying(platform, 0).v1.balance.retrieve)
    assert code_of(refused.value) == "rate_limit"
    headers = {name.lower(): value for name, value in (refused.value.headers or {}).items()}
    assert headers["stripe-rate-limited-reason"] == reason
    assert "retry-after" not in headers
    assert (await to_thread(retrying(platform, 0).v1.balance.retrieve)).object == "balance"


async def test_too_many_requests_of_v2(platform: Platform) -> None:
    await fault(platform, effect="rate_limit", count=1)
    version = "2026-10-28.endive"
    status, body = await platform.call("GET", "/v2/core/accounts", version=version)
    assert (status, body["error"]["code"], body["error"]["type"]) == (
        429,
        "rate_limit",
        "rate_limit",
    )


async def test_a_locked_object(platform: Platform) -> None:
    await fault(platform, effect="lock_timeout", count=1)
    with pytest.raises(stripe.RateLimitError) as refused:
        await to_thread(retrying(platform, 0).v1.balance.retrieve)
    assert code_of(refused.value) == "lock_timeout"
    assert "stripe-rate-limited-reason" not in str(refused.value.headers).lower()


async def test_latency_alone(platform: Platform) -> None:
    made = await fault(platform, effect="latency", latency_ms=300, count=1)
    client = platform.live.http
    timeout = aiohttp.ClientTimeout(total=0.1)
    headers = {"Authorization": f"Bearer {platform.keys.secret}"}
    with pytest.raises(TimeoutError):
        await client.get(f"{platform.base}/v1/balance", headers=headers, timeout=timeout)
    assert await strikes(platform, made) == 1
    assert (await platform.call("GET", "/v1/balance"))[0] == 200


async def test_an_answer_that_is_lost(platform: Platform) -> None:
    account = await issuing_account(platform, program=False)
    made = await fault(platform, effect="drop_response", path=HOLDERS, method="POST", count=1)
    client = platform.live.http
    form = {"name": "Jenny Rosen"} | {
        f"billing[address][{name}]": value for name, value in HOLDER["billing"]["address"].items()
    }
    headers = {"Authorization": f"Bearer {platform.keys.secret}", "Stripe-Account": account}
    with pytest.raises(aiohttp.ClientError):
        await client.post(platform.base + HOLDERS, data=form, headers=headers)
    assert await strikes(platform, made) == 1
    _, listed = await platform.call("GET", HOLDERS, account=account)
    assert [one["name"] for one in listed["data"]] == ["Jenny Rosen"]


async def test_a_retry_of_the_sdk_finds_the_one_effect(platform: Platform) -> None:
    account = await issuing_account(platform, program=False)
    options: Any = {"stripe_account": account}
    made = await fault(platform, effect="drop_response", path=HOLDERS, method="POST", count=2)
    sdk = retrying(platform)
    holder = await to_thread(sdk.v1.issuing.cardholders.create, HOLDER, options)
    assert await strikes(platform, made) == 2
    listed = await to_thread(sdk.v1.issuing.cardholders.list, {}, options)
    assert [one.id for one in listed.data] == [holder.id]


async def test_a_payment_whose_answer_is_lost_is_made_once(platform: Platform) -> None:
    account = await issuing_account(platform)
    options: Any = {"stripe_account": account}
    sdk = retrying(platform)
    terms: Any = {"date": 1700000000, "ip": "192.0.2.1"}
    person: Any = {
        "first_name": "Jenny",
        "last_name": "Rosen",
        "dob": {"day": 1, "month": 1, "year": 1990},
        "card_issuing": {"user_terms_acceptance": terms},
    }
    holder = await to_thread(
        sdk.v1.issuing.cardholders.create,
        HOLDER | {"individual": person, "phone_number": "+441234567890"},
        options,
    )
    card = await to_thread(
        sdk.v1.issuing.cards.create,
        {"cardholder": holder.id, "currency": "gbp", "type": "virtual", "status": "active"},
        options,
    )
    await fault(platform, effect="drop_response", path="/v1/test_helpers/*", count=1)
    paid = await to_thread(
        sdk.v1.test_helpers.issuing.authorizations.create,
        {"card": card.id, "amount": 100, "currency": "gbp"},
        options,
    )
    listed = await to_thread(sdk.v1.issuing.authorizations.list, {}, options)
    assert [one.id for one in listed.data] == [paid.id]


async def test_the_sdk_tries_again_after_a_status(platform: Platform) -> None:
    made = await fault(platform, effect="status", status=503, count=2)
    assert (await to_thread(retrying(platform).v1.balance.retrieve)).object == "balance"
    assert await strikes(platform, made) == 2


async def test_by_account_and_key(platform: Platform) -> None:
    one = await issuing_account(platform, program=False)
    other = await issuing_account(platform, program=False)
    await fault(platform, effect="status", status=500, account=one)
    for account, expected in ((one, 500), (other, 200), (None, 200)):
        assert (await platform.call("GET", "/v1/balance", account=account))[0] == expected
    made = await fault(platform, effect="status", status=502, key=platform.keys.secret)
    assert made["key"].startswith("sk_test_*")
    assert platform.keys.secret not in str(made)
    assert (await platform.call("GET", "/v1/balance"))[0] == 502


async def test_a_share(platform: Platform) -> None:
    await fault(platform, effect="status", status=503, share=50, path="/v1/balance")
    answers = [(await platform.call("GET", "/v1/balance"))[0] for _ in range(60)]
    # By chance all alike: once in 10^17 runs.
    assert set(answers) == {200, 503}


async def test_listed_deleted_and_spared(platform: Platform) -> None:
    made = await fault(platform, effect="status", status=500, expires_in=60)
    _, listed = await platform.call("GET", PATH)
    assert [one["id"] for one in listed["data"]] == [made["id"]]
    assert 0 < made["expires_at"] - made["created"] <= 61
    assert "key_hash" not in made
    assert (await platform.call("GET", "/v1/balance"))[0] == 500
    status, body = await platform.call("DELETE", f"{PATH}/{made['id']}")
    assert (status, body["deleted"]) == (200, True)
    assert (await platform.call("GET", "/v1/balance"))[0] == 200
    assert (await platform.call("GET", f"{PATH}/{made['id']}"))[0] == 404


async def test_a_fault_expires(platform: Platform) -> None:
    made = await fault(platform, effect="status", status=500)
    pool = platform.live.application.database.pool
    await pool.execute("update faults set expires_at = 1 where id = $1", made["id"])
    # What a process remembers is not believed: the strike is refused by the row.
    assert (await platform.call("GET", "/v1/balance"))[0] == 200


async def test_what_expired_long_ago_is_removed(platform: Platform) -> None:
    old = await fault(platform, effect="status", status=500)
    kept = await fault(platform, effect="status", status=500)
    database = platform.live.application.database
    a_day_ago = old["created"] - flows.KEPT_SECONDS - 10
    change = "update faults set expires_at = $2 where id = $1"
    await database.pool.execute(change, old["id"], a_day_ago)
    await database.pool.execute(change, kept["id"], a_day_ago + 3_600)
    async with database.connection() as connection:
        assert await flows.purge(connection) >= 1
    _, listed = await platform.call("GET", PATH)
    assert [one["id"] for one in listed["data"]] == [kept["id"]]


async def test_other_processes_hear_of_it_and_share_the_count(platform: Platform) -> None:
    """A process reads what another one wrote; what one has used up is used up for both."""
    other = ActiveFaults(platform.live.application.database)
    made = await fault(platform, effect="drop_delivery", count=1)
    await other.start()
    try:
        parcel: Any = SimpleNamespace(
            platform_id=platform.keys.account_id,
            livemode=False,
            event_type="issuing_card.created",
            claimed=SimpleNamespace(event_account_id=platform.keys.account_id, attempts=0),
            key=SimpleNamespace(id="we_1"),
        )
        for _ in range(200):
            struck = await other.on_delivery(parcel)
            if struck is not None:
                break
            await sleep(0.02)
        assert struck is not None
        assert (struck.fault, struck.effect) == (made["id"], "drop_delivery")
        assert await platform.live.application.part(ActiveFaults).on_delivery(parcel) is None
        assert await strikes(platform, made) == 1
    finally:
        await other.stop()


async def test_another_platform_is_not_struck(platform: Platform, live: Live) -> None:
    stranger = Platform(live, await create_platform(live.application.database))
    made = await fault(platform, effect="status", status=500)
    assert (await stranger.call("GET", "/v1/balance"))[0] == 200
    assert (await stranger.call("DELETE", f"{PATH}/{made['id']}"))[0] == 404
    form = {"effect": "status", "status": "500", "key": platform.keys.secret}
    assert (await stranger.call("POST", PATH, form=form))[0] == 404
    form = {"effect": "status", "status": "500", "account": platform.keys.account_id}
    assert (await stranger.call("POST", PATH, form=form))[0] == 404


async def test_the_live_environment_has_none(live: Live) -> None:
    keys = await create_platform(live.application.database, livemode=True)
    platform = Platform(live, keys)
    for method, path in (("POST", PATH), ("GET", PATH), ("DELETE", f"{PATH}/fault_1")):
        status, body = await platform.call(method, path)
        assert (status, body["error"]["code"]) == (400, "testmode_only"), path


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({}, "effect"),
        ({"effect": "explode"}, "effect"),
        ({"effect": "status"}, "status"),
        ({"effect": "status", "status": "200"}, "status"),
        ({"effect": "status", "status": "429"}, "status"),
        ({"effect": "latency"}, "latency_ms"),
        ({"effect": "latency", "latency_ms": "60001"}, "latency_ms"),
        ({"effect": "rate_limit", "reason": "mood"}, "reason"),
        ({"effect": "drop_response", "reason": "global-rate"}, "reason"),
        ({"effect": "drop_response", "event_type": "a"}, "event_type"),
        ({"effect": "drop_delivery", "path": "/v1/*"}, "path"),
        ({"effect": "drop_delivery", "status": "500"}, "status"),
        ({"effect": "answer_delivery"}, "status"),
        ({"effect": "answer_delivery", "status": "204"}, "status"),
        ({"effect": "delay_delivery", "latency_ms": "8001"}, "latency_ms"),
        ({"effect": "drop_response", "path": "v1"}, "path"),
        ({"effect": "drop_response", "share": "0"}, "share"),
        ({"effect": "drop_response", "count": "0"}, "count"),
        ({"effect": "drop_response", "expires_in": "86401"}, "expires_in"),
    ],
)
async def test_what_makes_no_fault(platform: Platform, form: dict[str, str], param: str) -> None:
    status, body = await platform.call("POST", PATH, form=form)
    assert (status, body["error"]["param"]) == (400, param), body
