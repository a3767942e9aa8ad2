"""The log of requests: every call of the platform's keys, found again by what it was."""

import asyncio
from typing import Any

import asyncpg
import pytest

from cardwright.kernel import clock, ids
from cardwright.request_log import recording
from cardwright.request_log.recording import Recorder
from cardwright.roles.provisioning import create_platform
from tests.support.issuing import issuing_account
from tests.support.server import Live, Platform
from tests.support.spending import HOLDER

PATH = "/_cardwright/requests"
HOLDERS = "/v1/issuing/cardholders"


async def logged(platform: Platform, query: str = "") -> list[dict[str, Any]]:
    """What the log has, once everything before is written."""
    recorder = platform.live.application.part(Recorder)
    while recorder.waiting:
        await asyncio.sleep(0.01)
    status, body = await platform.call("GET", f"{PATH}?limit=100{query}")
    assert status == 200, body
    found: list[dict[str, Any]] = [one for one in body["data"] if one["path"] != PATH]
    return found


@pytest.mark.calendar
async def test_a_call_is_logged_whole(platform: Platform) -> None:
    status, made = await platform.call(
        "POST",
        HOLDERS,
        form=HOLDER,
        version="2025-03-31.basil",
        idempotency_key="a-key",
    )
    assert status == 200, made
    [found] = await logged(platform)
    assert abs(found.pop("created") - clock.machine_ms() // 1000) < 60
    assert 0 <= found.pop("duration_ms") < 10_000
    assert found.pop("id").startswith("req_")
    assert found.pop("parameters")["billing"]["address"]["city"] == "San Francisco"
    assert found == {
        "object": "request_log",
        "account": platform.keys.account_id,
        "api_version": "2025-03-31.basil",
        "client_ip": "127.0.0.1",
        "error": None,
        "idempotency_key": "a-key",
        "key": found["key"],
        "livemode": False,
        "method": "POST",
        "path": HOLDERS,
        "status": 200,
    }
    assert found["key"] != platform.keys.secret


async def test_the_id_is_the_one_the_caller_was_given(platform: Platform) -> None:
    headers = {"Authorization": f"Bearer {platform.keys.secret}"}
    async with platform.live.http.get(f"{platform.base}/v1/balance", headers=headers) as response:
        request_id = response.headers["Request-Id"]
    assert [one["id"] for one in await logged(platform)] == [request_id]
    status, found = await platform.call("GET", f"{PATH}/{request_id}")
    assert (status, found["path"]) == (200, "/v1/balance")


async def test_refusals_are_logged_also_those_that_are_kept_under_a_key(
    platform: Platform,
) -> None:
    for key in (None, "kept"):
        await platform.call("POST", HOLDERS, form={"name": "x"}, idempotency_key=key)
    card = {"cardholder": "ich_none", "currency": "gbp", "type": "virtual"}
    await platform.call("POST", "/v1/issuing/cards", form=card, idempotency_key="k2")
    found = await logged(platform)
    assert [one["error"]["type"] for one in found] == ["invalid_request_error"] * 3
    assert found[0]["error"]["param"] == "cardholder"
    assert found[0]["parameters"] == card


async def test_what_was_not_understood_is_kept_by_its_names_alone(platform: Platform) -> None:
    form = {"nonsense": "4000009800000000", "billing[address][city]": "London"}
    status, _ = await platform.call("POST", HOLDERS, form=form)
    assert status == 400
    [found] = await logged(platform)
    hidden = {"nonsense": "(hidden)", "billing": {"address": {"city": "(hidden)"}}}
    assert found["parameters"] == hidden


async def test_what_is_write_only_is_not_kept(
    platform: Platform, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    form = {
        "type": "custom",
        "country": "US",
        "business_type": "individual",
        "individual[id_number]": "222222222",
        "individual[first_name]": "Jenny",
    }
    status, body = await platform.call("POST", "/v1/accounts", form=form)
    assert status == 200, body
    [found] = await logged(platform)
    individual = found["parameters"]["individual"]
    assert individual == {"id_number": "(hidden)", "first_name": "Jenny"}
    kept = await pool.fetch("select * from request_log")
    assert kept
    assert not any("Jenny" in repr(tuple(row)) for row in kept)


async def test_filters(platform: Platform) -> None:
    account = await issuing_account(platform)
    await logged(platform)
    await platform.call("GET", "/v1/balance", account=account)
    await platform.call("GET", f"{HOLDERS}/ich_none")
    await platform.call("GET", "/v1/issuing/cards/ic_none", account=account)
    for query, paths in (
        ("&status=404", ["/v1/issuing/cards/ic_none", f"{HOLDERS}/ich_none"]),
        ("&status=4xx", ["/v1/issuing/cards/ic_none", f"{HOLDERS}/ich_none"]),
        (f"&status=4xx&path={HOLDERS}", [f"{HOLDERS}/ich_none"]),
        (f"&account={account}&method=get", ["/v1/issuing/cards/ic_none", "/v1/balance"]),
        (f"&path={HOLDERS}/", [f"{HOLDERS}/ich_none"]),
        ("&path=/v1/issuing/card", []),
        ("&client_ip=192.0.2.1", []),
    ):
        assert [one["path"] for one in await logged(platform, query)] == paths, query


async def test_pages(platform: Platform) -> None:
    for number in range(5):
        await platform.call("GET", f"{HOLDERS}/ich_{number}")
    everything = [one["id"] for one in await logged(platform, f"&path={HOLDERS}")]
    assert len(everything) == 5
    _, first = await platform.call("GET", f"{PATH}?limit=2&path={HOLDERS}")
    assert ([one["id"] for one in first["data"]], first["has_more"]) == (everything[:2], True)
    at = f"{PATH}?limit=2&path={HOLDERS}&starting_after={everything[1]}"
    _, second = await platform.call("GET", at)
    assert [one["id"] for one in second["data"]] == everything[2:4]
    at = f"{PATH}?limit=2&path={HOLDERS}&ending_before={everything[4]}"
    _, back = await platform.call("GET", at)
    assert ([one["id"] for one in back["data"]], back["has_more"]) == (everything[2:4], True)


async def test_nobody_reads_the_requests_of_another(live: Live, platform: Platform) -> None:
    await platform.call("GET", "/v1/balance")
    [found] = await logged(platform)
    stranger = Platform(live, await create_platform(live.application.database))
    status, _ = await stranger.call("GET", f"{PATH}/{found['id']}")
    assert status == 404
    assert await logged(stranger, "&path=/v1/balance") == []
    account = await issuing_account(platform)
    status, body = await platform.call("GET", PATH, account=account)
    assert status == 400, body


@pytest.mark.calendar
async def test_old_requests_are_removed(
    platform: Platform, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    await platform.call("GET", "/v1/balance")
    [found] = await logged(platform)
    old = ids.first_id("req_", clock.machine_ms() - recording.KEPT_MS - 1000)
    await pool.execute(
        """insert into request_log
           select account_id, $1, acting_id, created_ms, duration_ms, method, path, status,
                  api_version, key, idempotency_key, client_ip, detail
             from request_log where id = $2""",
        old,
        found["id"],
    )
    async with pool.acquire() as connection:
        assert await recording.purge(connection) == 1  # type: ignore[arg-type]
    assert [one["id"] for one in await logged(platform, "&path=/v1/balance")] == [found["id"]]
