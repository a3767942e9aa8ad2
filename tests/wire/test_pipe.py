"""The pipe on a live port: callers, versions, keys, pages, refusals. Cardholders stand for all."""

import asyncio
import base64
from typing import Any

import pytest

from cardwright.kernel.database import Database
from cardwright.roles.provisioning import create_platform
from tests.support.server import Live, Platform

PATH = "/v1/issuing/cardholders"
FORM = {
    "name": "Jenny Rosen",
    "type": "individual",
    "billing[address][line1]": "510 Townsend Street",
    "billing[address][city]": "San Francisco",
    "billing[address][state]": "CA",
    "billing[address][postal_code]": "94111",
    "billing[address][country]": "US",
}


async def made(platform: Platform, **more: str) -> Any:
    status, body = await platform.call("POST", PATH, form={**FORM, **more})
    assert status == 200, body
    return body


async def count(platform: Platform) -> int:
    _, body = await platform.call("GET", f"{PATH}?limit=100")
    return len(body["data"])


async def test_basic_and_bearer_are_both_taken(platform: Platform) -> None:
    basic = base64.b64encode(f"{platform.keys.secret}:".encode()).decode()
    for header in (f"Basic {basic}", f"Bearer {platform.keys.secret}"):
        status, _ = await platform.call("GET", PATH, headers={"Authorization": header})
        assert status == 200


CALLERS = [
    ({"Authorization": ""}, 401, None),
    ({"Authorization": "Bearer sk_test_unknown"}, 401, None),
    ({"Authorization": "Basic !!!"}, 401, None),
    ({"Authorization": "Digest x"}, 401, None),
    ({"Stripe-Account": "acct_unknown"}, 403, "account_invalid"),
    ({"Stripe-Version": "2031-01-01"}, 400, "api_version_invalid"),
    ({"Stripe-Version": "yesterday"}, 400, "api_version_invalid"),
    ({"Stripe-Version": "2026-05-27.dalia"}, 400, "api_version_invalid"),
    ({"Idempotency-Key": "k" * 256}, 400, "parameter_invalid"),
]


@pytest.mark.parametrize(("headers", "status", "code"), CALLERS)
async def test_a_wrong_header_is_refused(
    platform: Platform, headers: dict[str, str], status: int, code: str | None
) -> None:
    found, body = await platform.call("POST", PATH, form=FORM, headers=headers)
    assert (found, body["error"].get("code")) == (status, code)
    assert await count(platform) == 0


VERSIONS = [
    "2017-08-15",
    "2024-06-20",
    "2024-09-30.acacia",
    "2026-10-28.endive",
    "2026-05-27.preview; issuing_program_beta=v2",
    "2024-04-10;issuing_program_beta=v2",
    "2026-10-14.preview",
]


@pytest.mark.parametrize("version", VERSIONS)
async def test_published_versions_are_taken(platform: Platform, version: str) -> None:
    status, _ = await platform.call("GET", PATH, version=version)
    assert status == 200


async def test_a_publishable_key_opens_no_secret_route(platform: Platform) -> None:
    status, body = await platform.call("GET", PATH, key=platform.keys.publishable)
    assert (status, body["error"]["code"]) == (403, "secret_key_required")


async def test_headers_of_an_answer(platform: Platform) -> None:
    async with platform.live.http.get(
        platform.base + PATH, headers={"Authorization": f"Bearer {platform.keys.secret}"}
    ) as response:
        assert response.headers["Request-Id"].startswith("req_")
        assert response.headers["Stripe-Version"] == "2026-10-28.endive"
        assert response.headers["Content-Type"] == "application/json"
    async with platform.live.http.post(
        platform.base + PATH, headers={"Authorization": f"Bearer {platform.keys.secret}"}
    ) as response:
        assert response.status == 400
        assert response.headers["Stripe-Should-Retry"] == "false"


BODIES = [
    (b"name=%ff", 400, "body_invalid_encoding"),
    (b"name=\xff\xfe", 400, "body_invalid_encoding"),
    (b"name=" + b"x" * 1_000_000, 413, "request_too_large"),
    (b"name=a&name[b]=c", 400, "parameter_invalid"),
    (b"name=Jenny%00Rosen", 400, None),
    (b"billing[address][planet]=Earth&name=Jenny", 400, "parameter_unknown"),
]


@pytest.mark.parametrize(("data", "status", "code"), BODIES, ids=lambda value: str(value)[:30])
async def test_a_wrong_body_is_refused_whole(
    platform: Platform, data: bytes, status: int, code: str | None
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    found, body = await platform.call("POST", PATH, data=data, headers=headers)
    assert (found, body["error"].get("code")) == (status, code)
    assert await count(platform) == 0


async def test_a_wrong_parameter_is_named_by_its_bracket_path(platform: Platform) -> None:
    wrong = {
        "billing[address][planet]": "parameter_unknown",
        "spending_controls[spending_limits][0][amount]": "parameter_missing",
        "spending_controls[blocked_categories][0]": None,
    }
    for param, code in wrong.items():
        status, body = await platform.call("POST", PATH, form={**FORM, param: "x"})
        assert status == 400
        assert body["error"].get("code") in (code, "parameter_invalid_integer")
        assert body["error"]["param"].startswith(param.rpartition("[")[0])


async def test_unknown_urls_and_methods(live: Live, platform: Platform) -> None:
    status, body = await platform.call("GET", "/v1/nothing/here")
    assert (status, body["error"]["type"]) == (404, "invalid_request_error")
    status, body = await platform.call("DELETE", PATH)
    assert status in (404, 405)
    assert "error" in body
    status, body = await platform.call("GET", "/v2/nothing")
    assert (status, set(body["error"])) == (404, {"code", "message"})


async def test_the_front_door_answers(live: Live) -> None:
    for path in ("/", "/healthz", "/readyz"):
        async with live.http.get(live.base + path) as response:
            assert response.status == 200


async def test_a_stranger_finds_nothing(platform: Platform, live: Live) -> None:
    holder = await made(platform)
    stranger = Platform(live, await create_platform(live.application.database))
    theirs = await stranger.call("GET", f"{PATH}/{holder['id']}")
    nobody = await stranger.call("GET", f"{PATH}/ich_{'0' * 26}")
    assert theirs[0] == nobody[0] == 404
    assert theirs[1]["error"]["code"] == nobody[1]["error"]["code"] == "resource_missing"
    status, body = await stranger.call("GET", PATH, account=platform.keys.account_id)
    assert (status, body["error"]["code"]) == (403, "account_invalid")


async def test_a_repeated_key_has_one_effect(platform: Platform) -> None:
    first = await platform.call("POST", PATH, form=FORM, idempotency_key="once")
    again = await platform.call("POST", PATH, form=FORM, idempotency_key="once")
    assert first == again
    assert await count(platform) == 1
    other = {**FORM, "email": "jenny.rosen@example.com"}
    status, body = await platform.call("POST", PATH, form=other, idempotency_key="once")
    assert (status, body["error"]["type"]) == (400, "idempotency_error")
    assert await count(platform) == 1


async def test_a_replay_says_so(platform: Platform) -> None:
    headers = {
        "Authorization": f"Bearer {platform.keys.secret}",
        "Idempotency-Key": "said",
    }
    seen = []
    for _ in range(2):
        async with platform.live.http.post(
            platform.base + PATH, data=FORM, headers=headers
        ) as response:
            assert response.headers["Idempotency-Key"] == "said"
            seen.append(response.headers.get("Idempotent-Replayed"))
    assert seen == [None, "true"]


async def test_a_refusal_by_the_flow_is_stored_and_one_before_it_is_not(platform: Platform) -> None:
    refused = {**FORM, "name": "Jenny 5 Rosen"}
    first = await platform.call("POST", PATH, form=refused, idempotency_key="flow")
    assert first[0] == 400
    assert await platform.call("POST", PATH, form=refused, idempotency_key="flow") == first
    other = await platform.call("POST", PATH, form=FORM, idempotency_key="flow")
    assert other[1]["error"]["type"] == "idempotency_error"

    unknown = {**FORM, "nonsense": "x"}
    status, _ = await platform.call("POST", PATH, form=unknown, idempotency_key="before")
    assert status == 400
    status, _ = await platform.call("POST", PATH, form=FORM, idempotency_key="before")
    assert status == 200
    assert await count(platform) == 1


async def test_one_key_sixty_four_times_at_once(platform: Platform) -> None:
    answers = await asyncio.gather(
        *(platform.call("POST", PATH, form=FORM, idempotency_key="many") for _ in range(64))
    )
    bodies = [body for status, body in answers if status == 200]
    busy = [body for status, body in answers if status == 409]
    assert len(bodies) + len(busy) == 64
    assert len({body["id"] for body in bodies}) == 1
    assert all(body["error"]["code"] == "idempotency_key_in_use" for body in busy)
    assert await count(platform) == 1


async def test_an_answered_key_is_answered_again_while_another_repeat_holds_it(
    platform: Platform, application: Any
) -> None:
    first = await platform.call("POST", PATH, form=FORM, idempotency_key="held")
    hold = "select pg_advisory_xact_lock(hashtextextended($1, 0))"
    database: Database = application.database
    async with database.pool.acquire() as connection, connection.transaction():
        for key in ("held", "new"):
            await connection.execute(hold, f"{platform.keys.account_id} v1 {key}")
        again = await platform.call("POST", PATH, form=FORM, idempotency_key="held")
        other = {**FORM, "name": "Sam Smith"}
        changed = await platform.call("POST", PATH, form=other, idempotency_key="held")
        unanswered = await platform.call("POST", PATH, form=FORM, idempotency_key="new")
    assert again == first
    assert (changed[0], changed[1]["error"]["type"]) == (400, "idempotency_error")
    assert (unanswered[0], unanswered[1]["error"]["code"]) == (409, "idempotency_key_in_use")


async def test_a_stored_answer_is_sealed(platform: Platform, application: Any) -> None:
    await platform.call("POST", PATH, form=FORM, idempotency_key="sealed")
    database: Database = application.database
    stored = await database.pool.fetchval(
        "select answer from idempotency_keys where account_id = $1", platform.keys.account_id
    )
    assert b"Jenny" not in stored


async def test_a_caller_who_hangs_up_interrupts_no_commit(platform: Platform) -> None:
    async def call() -> None:
        await platform.call("POST", PATH, form=FORM)

    tasks = [asyncio.create_task(call()) for _ in range(20)]
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.2)
    holder = await made(platform)
    assert (await platform.call("GET", f"{PATH}/{holder['id']}"))[0] == 200


async def test_pages_neither_lose_nor_repeat(platform: Platform) -> None:
    ids = [(await made(platform))["id"] for _ in range(7)]
    newest_first = list(reversed(ids))
    seen: list[str] = []
    cursor = ""
    while True:
        _, page = await platform.call("GET", f"{PATH}?limit=3{cursor}")
        assert (page["object"], page["url"]) == ("list", PATH)
        seen += [item["id"] for item in page["data"]]
        if not page["has_more"]:
            break
        cursor = f"&starting_after={seen[-1]}"
        await made(platform)
    assert seen == newest_first
    _, back = await platform.call("GET", f"{PATH}?limit=2&ending_before={ids[0]}")
    assert [item["id"] for item in back["data"]] == [ids[2], ids[1]]
    assert back["has_more"] is True


PAGES = [
    "limit=0",
    "limit=101",
    "limit=x",
    "starting_after=ich_none",
    "starting_after=a&ending_before=b",
    "created=soon",
    "created[near]=1",
    "status=happy",
    "nonsense=1",
    "expand[]=name",
    "expand[]=data.name",
    "expand[]=data.a.b.c.d.e",
]


@pytest.mark.parametrize("query", PAGES)
async def test_a_wrong_page_is_refused(platform: Platform, query: str) -> None:
    status, body = await platform.call("GET", f"{PATH}?{query}")
    assert status in (400, 404), body
    assert body["error"]["message"]


async def test_filters(platform: Platform) -> None:
    first = await made(platform, email="jenny.rosen@example.com")
    await made(platform, status="inactive")
    for query in (
        "email=jenny.rosen@example.com",
        "status=active",
        f"created[lte]={first['created']}&status=active&type=individual",
        f"created={first['created']}&email=jenny.rosen@example.com",
    ):
        _, page = await platform.call("GET", f"{PATH}?{query}")
        assert [item["id"] for item in page["data"]] == [first["id"]], query
