"""v1 webhook endpoints, through the official SDK and by hand."""

import asyncio
from typing import Any

import pytest
import stripe

from tests.events.steps import connected_account, endpoint
from tests.support.server import Platform

URL = "https://example.com/hook"


async def test_an_endpoint_lives_through_the_official_sdk(platform: Platform) -> None:
    """Create with a secret, read without it, update, list, delete."""
    client = platform.sdk.v1.webhook_endpoints

    def walk() -> None:
        made = client.create(
            {
                "url": URL,
                "enabled_events": ["issuing_card.created", "charge.succeeded"],
                "api_version": "2025-09-30.clover",
                "description": "Cards",
                "metadata": {"order_id": "6735"},
                "connect": True,
            }
        )
        assert made.id.startswith("we_")
        assert made.secret is not None
        assert made.secret.startswith("whsec_")
        assert (made.status, made.livemode, made.application) == ("enabled", False, None)
        read = client.retrieve(made.id)
        assert read.url == URL
        assert "secret" not in read
        assert "connect" not in read
        changed = client.update(
            made.id, {"enabled_events": ["*"], "disabled": True, "metadata": {"order_id": ""}}
        )
        assert (changed.enabled_events, changed.status) == (["*"], "disabled")
        assert changed.metadata.to_dict() == {}
        assert client.update(made.id, {"disabled": False}).status == "enabled"
        other = client.create({"url": URL, "enabled_events": ["*"]})
        assert [item.id for item in client.list().data] == [other.id, made.id]
        assert client.delete(made.id).deleted is True
        assert [item.id for item in client.list().data] == [other.id]
        with pytest.raises(stripe.InvalidRequestError) as caught:
            client.retrieve(made.id)
        assert caught.value.code == "resource_missing"

    await asyncio.to_thread(walk)


@pytest.mark.parametrize(
    ("form", "param", "code"),
    [
        ({"enabled_events[]": "*"}, "url", "parameter_missing"),
        ({"url": URL}, "enabled_events", "parameter_missing"),
        ({"url": "not a url", "enabled_events[]": "*"}, "url", "url_invalid"),
        ({"url": "ftp://example.com", "enabled_events[]": "*"}, "url", "url_invalid"),
        ({"url": "http://[::1", "enabled_events[]": "*"}, "url", "url_invalid"),
        ({"url": "http://169.254.169.254/", "enabled_events[]": "*"}, "url", "url_invalid"),
        ({"url": URL, "enabled_events[]": "issuing_card.creatd"}, "enabled_events", None),
        ({"url": URL, "enabled_events[]": "nope.created"}, "enabled_events", None),
        ({"url": URL, "enabled_events[]": "v2.core.account.created"}, "enabled_events", None),
        (
            {"url": URL, "enabled_events[]": "*", "api_version": "1999-01-01"},
            "api_version",
            "api_version_invalid",
        ),
        ({"url": URL, "enabled_events[]": "*", "secret": "x"}, "secret", "parameter_unknown"),
        (
            {"url": URL, "enabled_events[]": "*", "disabled": "true"},
            "disabled",
            "parameter_unknown",
        ),
    ],
)
async def test_what_is_refused(
    platform: Platform, form: dict[str, str], param: str, code: str | None
) -> None:
    status, body = await platform.call("POST", "/v1/webhook_endpoints", form=form)
    assert status == 400
    assert (body["error"]["param"], body["error"].get("code")) == (param, code)
    _, listed = await platform.call("GET", "/v1/webhook_endpoints")
    assert listed["data"] == []


async def test_sixteen_are_enough(platform: Platform) -> None:
    """Also when they are made at once."""
    answers = await asyncio.gather(
        *[
            platform.call(
                "POST", "/v1/webhook_endpoints", form={"url": URL, "enabled_events[]": "*"}
            )
            for _ in range(18)
        ]
    )
    assert sorted(status for status, _ in answers) == [200] * 16 + [400] * 2


async def test_a_repeated_key_answers_with_the_same_secret(platform: Platform) -> None:
    form = {"url": URL, "enabled_events[]": "*"}
    answers = [
        await platform.call("POST", "/v1/webhook_endpoints", form=form, idempotency_key="once")
        for _ in range(2)
    ]
    assert answers[0] == answers[1]


async def test_an_account_sees_its_own_endpoints_only(platform: Platform) -> None:
    account_id = await connected_account(platform)
    mine = await endpoint(platform, URL)
    theirs = await endpoint(platform, URL, account=account_id)

    async def listed(**more: Any) -> list[str]:
        _, body = await platform.call("GET", "/v1/webhook_endpoints", **more)
        return [item["id"] for item in body["data"]]

    assert await listed() == [mine["id"]]
    assert await listed(account=account_id) == [theirs["id"]]
    status, _ = await platform.call("GET", f"/v1/webhook_endpoints/{theirs['id']}")
    assert status == 404
    status, _ = await platform.call("DELETE", f"/v1/webhook_endpoints/{theirs['id']}")
    assert status == 404


async def test_the_secret_is_nowhere_in_clear(platform: Platform) -> None:
    made = await endpoint(platform, URL)
    pool = platform.live.application.database.pool
    for table in ("webhook_endpoints", "secrets", "idempotency_keys", "events"):
        rows = await pool.fetch(
            f"select row_to_json(t)::text from {table} t where account_id = $1",
            platform.keys.account_id,
        )
        assert made["secret"] not in "".join(row[0] for row in rows)
