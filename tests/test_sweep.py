"""Every operation, the same bad calls: a clear error each, and nothing of anybody else's.

Generated from the features, so that a new operation is swept without a new test.
"""

import re
from typing import Any

import pytest

from cardwright import app
from cardwright.roles.provisioning import create_platform
from cardwright.wire.operation import Operation
from tests.support.server import Live, Platform

V2 = "2026-10-14.preview"
OPERATIONS = sorted(app.operations(), key=lambda one: (one.path, one.method))
NAMES = [f"{one.method} {one.path}" for one in OPERATIONS]


def version_of(operation: Operation) -> str | None:
    """A version at which the operation exists."""
    if operation.flag is not None:
        return f"{V2}; {operation.flag}"
    named = operation.api == "v2" or operation.preview or operation.version_needed
    return V2 if named else None


def path_of(operation: Operation, account_id: str, other: str) -> str:
    """The path with an account where it wants one, and ``other`` where it wants another id."""
    path = operation.path.replace("{account}", account_id)
    if operation.path.startswith(("/v1/accounts/{id}", "/v2/core/accounts/{id}")):
        path = path.replace("{id}", account_id)
    return re.sub(r"{\w+}", other, path)


async def call(
    platform: Platform, operation: Operation, path: str, **more: Any
) -> tuple[int, dict[str, Any]]:
    """The operation with an empty body of its own kind."""
    if operation.method == "POST" and operation.api == "v2" and "data" not in more:
        more.setdefault("json", {})
    more.setdefault("version", version_of(operation))
    status, body = await platform.call(operation.method, path, **more)
    return status, body


def check_error(operation: Operation, body: dict[str, Any]) -> None:
    """The error body of the operation's API."""
    error = body["error"]
    assert error["message"]
    assert operation.api == "v2" or error["type"], error


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
async def test_no_key_no_answer(live: Live, platform: Platform, operation: Operation) -> None:
    path = path_of(operation, platform.keys.account_id, "x_1")
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer sk_test_nobody"}):
        status, body = await call(platform, operation, path, headers=headers)
        assert status == 401
        check_error(operation, body)


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
async def test_a_publishable_key_is_not_enough(platform: Platform, operation: Operation) -> None:
    path = path_of(operation, platform.keys.account_id, "x_1")
    status, body = await call(platform, operation, path, key=platform.keys.publishable)
    if not operation.publishable:
        assert (status, body["error"]["code"]) == (403, "secret_key_required")


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
async def test_versions_are_checked(platform: Platform, operation: Operation) -> None:
    path = path_of(operation, platform.keys.account_id, "x_1")
    status, body = await call(platform, operation, path, version="1999-01-01")
    assert (status, body["error"]["code"]) == (400, "api_version_invalid")
    if operation.api == "v2":
        status, body = await call(platform, operation, path, version=None)
        assert status == 400
        assert "API version" in body["error"]["message"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
async def test_an_unknown_parameter_is_refused(platform: Platform, operation: Operation) -> None:
    path = path_of(operation, platform.keys.account_id, "x_1")
    more: dict[str, Any] = {}
    if operation.method != "POST":
        path += "?nonsense[deep][0]=1"
    elif operation.api == "v2":
        more["json"] = {"nonsense": {"deep": [1]}}
    else:
        more["form"] = {"nonsense[deep][0]": "1"}
    status, body = await call(platform, operation, path, **more)
    assert status in (400, 404), body
    check_error(operation, body)
    if status == 400:
        assert "nonsense" in body["error"]["message"], body


IDS = [one for one in OPERATIONS if "{" in one.path]


@pytest.mark.parametrize("operation", IDS, ids=[f"{one.method} {one.path}" for one in IDS])
async def test_an_id_of_nobody_and_an_id_of_another_are_the_same(
    live: Live, platform: Platform, operation: Operation
) -> None:
    stranger = Platform(live, await create_platform(live.application.database))
    answers = []
    for account in (platform.keys.account_id, "acct_" + "0" * 26):
        path = path_of(operation, account, "x_" + "0" * 26)
        status, body = await call(stranger, operation, path)
        assert status in (400, 403, 404), (path, body)
        check_error(operation, body)
        answers.append((status, body["error"].get("code")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
async def test_malformed_bodies_are_refused(platform: Platform, operation: Operation) -> None:
    if operation.method != "POST":
        return
    path = path_of(operation, platform.keys.account_id, "x_1")
    json = operation.api == "v2"
    content = "application/json" if json else "application/x-www-form-urlencoded"
    bodies = [b"\xff\xfe=1", b"{" if json else b"a[b=1", b"x" * 600_000, b"a" + b"[b]" * 50 + b"=1"]
    for data in [*bodies, b"[1]"] if json else bodies:
        status, body = await call(
            platform, operation, path, data=data, headers={"Content-Type": content}
        )
        assert status in (400, 413), (data[:20], body)
        check_error(operation, body)
