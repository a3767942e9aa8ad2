"""Which operation a path belongs to."""

from typing import Any

import pytest

from cardwright import app
from cardwright.wire.front import Front


async def behind(*_: Any) -> None:
    """What is no operation goes here."""


FRONT = Front(app.operations(), None, behind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "path", "expected", "parameters"),
    [
        ("GET", "/v1/balance", "/v1/balance", {}),
        ("GET", "/v1/issuing/cards/ic_1", "/v1/issuing/cards/{id}", {"id": "ic_1"}),
        (
            "POST",
            "/v1/issuing/authorizations/iauth_1/approve",
            "/v1/issuing/authorizations/{id}/approve",
            {"id": "iauth_1"},
        ),
    ],
)
def test_found(method: str, path: str, expected: str, parameters: dict[str, str]) -> None:
    """A path with and without parameters."""
    found = FRONT.find(method, path)
    assert found is not None
    assert (found[0].path, found[0].method, found[1]) == (expected, method, parameters)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("PUT", "/v1/balance"),
        ("GET", "/v1/issuing/cards/"),
        ("GET", "/v1/issuing/cards/ic_1/"),
        ("GET", "/v1/issuing/cards/ic_1/nothing"),
        ("GET", "/v1/issuing//ic_1"),
    ],
)
def test_not_found(method: str, path: str) -> None:
    """What belongs to nobody is handed on."""
    assert FRONT.find(method, path) is None


def test_every_operation_is_found() -> None:
    """No operation hides another."""
    for operation in app.operations():
        path = operation.path.replace("{", "x").replace("}", "x")
        found = FRONT.find(operation.method, path)
        assert found is not None
        assert found[0] is operation
