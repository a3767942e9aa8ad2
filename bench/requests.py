"""The requests of the HTTP loads, as bytes."""

from typing import Any
from urllib.parse import urlencode

import msgspec

from bench.accounts import ACCOUNT, HOLDER, VERSION
from bench.lanes import Card
from bench.load import NUMBER

CARDHOLDERS = "/v1/issuing/cardholders"
AUTHORIZATIONS = "/v1/test_helpers/issuing/authorizations"
FORM = "application/x-www-form-urlencoded"
ACCOUNTS = "/v2/core/accounts"


def get(path: str, key: str) -> bytes:
    """A request for one object."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n".encode()


def post(path: str, key: str, form: dict[str, Any], account: str | None = None) -> bytes:
    """A form under an idempotency key of its own, as the SDKs send every one."""
    body = urlencode(list(_pairs(form)))
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {key}",
        *([f"Stripe-Account: {account}"] if account else []),
        f"Idempotency-Key: {NUMBER.decode()}",
        f"Content-Type: {FORM}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", body]).encode()


def create_cardholder(key: str) -> bytes:
    """A new cardholder of the platform."""
    return post(CARDHOLDERS, key, HOLDER)


def get_account(key: str, account: str) -> bytes:
    """A connected account with who it is."""
    path = f"{ACCOUNTS}/{account}?include[0]=identity"
    head = [f"GET {path} HTTP/1.1", *_v2(key)]
    return "\r\n".join([*head, "", ""]).encode()


def create_account(key: str) -> bytes:
    """A new connected account with everything that issuing needs of it."""
    body = msgspec.json.encode(ACCOUNT).decode()
    head = [
        f"POST {ACCOUNTS} HTTP/1.1",
        *_v2(key),
        f"Idempotency-Key: {NUMBER.decode()}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", body]).encode()


def _v2(key: str) -> list[str]:
    return ["Host: localhost", f"Authorization: Bearer {key}", f"Stripe-Version: {VERSION}"]


def authorize(card: Card, key: str, amount: int) -> bytes:
    """A payment with a card of a connected account."""
    return post(AUTHORIZATIONS, key, {"card": card.card, "amount": amount}, card.account)


def _pairs(tree: dict[str, Any], path: str = "") -> list[tuple[str, str]]:
    """A tree as the bracket pairs of a form."""
    pairs: list[tuple[str, str]] = []
    for name, value in tree.items():
        here = f"{path}[{name}]" if path else name
        pairs += _pairs(value, here) if isinstance(value, dict) else [(here, str(value))]
    return pairs
