"""Requests that no client of good will sends: each is refused in words, none is a defect."""

import asyncio
from typing import Any

import pytest

from cardwright.wire.content import brackets
from tests.support.server import Platform

PREVIEW = "2026-10-14.preview"
CARDS, HOLDERS, ACCOUNTS = "/v1/issuing/cards", "/v1/issuing/cardholders", "/v2/core/accounts"
HOLDER = {
    "name": "Jenny Rosen",
    "billing[address][line1]": "123 Main Street",
    "billing[address][city]": "San Francisco",
    "billing[address][postal_code]": "94111",
    "billing[address][country]": "US",
}


def refused(answer: tuple[int, Any], status: int, words: str) -> None:
    """A refusal of that status whose message has the words."""
    assert answer[0] == status, answer
    assert words in answer[1]["error"]["message"], answer


@pytest.mark.parametrize("version", ["2026-0\xb2-01.preview", "2026-02-31.preview", "2026-W01-1"])
async def test_a_version_is_a_day(platform: Platform, version: str) -> None:
    refused(await platform.call("GET", "/v1/balance", version=version), 400, "Invalid API version")


def test_only_our_digits_number_a_list() -> None:
    assert brackets.numbered({"1": "b", "0": "a"}) == ["a", "b"]
    assert brackets.numbered({"\u00b2": "a"}) == {"\u00b2": "a"}
    assert brackets.numbered({}) == {}


@pytest.mark.parametrize("index", ["%C2%B2", "%D9%A1", "-1"])
async def test_other_digits_are_no_index(platform: Platform, index: str) -> None:
    path = f"{CARDS}?expand[{index}]=data.cardholder"
    refused(await platform.call("GET", path), 400, "Invalid array for expand")
    form = f"preferred_locales[{index}]=en".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await platform.call("POST", HOLDERS, data=form, headers=headers)
    refused(answer, 400, "Invalid array for preferred_locales")


@pytest.mark.parametrize("path", [CARDS, "/v1/accounts", "/v1/events", "/v1/topups"])
async def test_a_cursor_is_an_id(platform: Platform, path: str) -> None:
    refused(await platform.call("GET", f"{path}?starting_after=%00"), 400, "Invalid string")
    refused(await platform.call("GET", f"{path}?ending_before="), 400, "cannot be unset")


@pytest.mark.parametrize("given", ["Basic \xe9", "Basic ===", "Basic", "Bearer \xe9", "Digest x"])
async def test_a_key_that_is_none(platform: Platform, given: str) -> None:
    status, _ = await platform.call("GET", "/v1/balance", headers={"Authorization": given})
    assert status == 401


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8", 200),
        ("application/x-www-form-urlencodedmore", 400),
        ("text/plain", 400),
    ],
)
async def test_content_types(platform: Platform, content_type: str, status: int) -> None:
    form = "&".join(f"{name}={value}" for name, value in HOLDER.items()).encode()
    headers = {"Content-Type": content_type}
    found, _ = await platform.call("POST", HOLDERS, data=form, headers=headers)
    assert found == status


async def test_words_of_one_version_are_unknown_in_the_other(platform: Platform) -> None:
    form = {**HOLDER, "include[]": "identity"}
    refused(await platform.call("POST", HOLDERS, form=form), 400, "unknown parameter: include")
    answer = await platform.call("POST", ACCOUNTS, version=PREVIEW, json={"expand": ["identity"]})
    refused(answer, 400, "Unknown field: expand")
    answer = await platform.call("POST", ACCOUNTS, version=PREVIEW, json={"include": [1]})
    refused(answer, 400, "Invalid value for include")
    made = await platform.call("POST", ACCOUNTS, version=PREVIEW, json={})
    answer = await platform.call(
        "POST",
        f"{ACCOUNTS}/{made[1]['id']}/persons",
        version=PREVIEW,
        json={"include": ["identity"]},
    )
    refused(answer, 400, "Unknown field: include")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"display_name":"\\ud800"}',
        b'{"metadata":{"\\ud800":"x"}}',
        b'{"display_name":"a\\u0000b"}',
        b'{"display_name":' + b"9" * 5000 + b"}",
        b'{"display_name":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"display_name":123456789012345678901234567890}',
        b'{"metadata":{"a":1e999}}',
        b'{"display_name":NaN}',
        b"\xef\xbb\xbf{}",
        b"{} {}",
    ],
)
async def test_json_that_is_refused(platform: Platform, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    status, answer = await platform.call(
        "POST", ACCOUNTS, version=PREVIEW, data=body, headers=headers, idempotency_key="once"
    )
    assert status == 400, answer
    assert answer["error"]["message"]


async def test_metadata_has_fifty_keys_over_all_updates(platform: Platform) -> None:
    _, made = await platform.call("POST", HOLDERS, form=HOLDER)
    path = f"{HOLDERS}/{made['id']}"

    def keys(start: int, count: int) -> dict[str, str]:
        return {f"metadata[k{number}]": "v" for number in range(start, start + count)}

    assert (await platform.call("POST", path, form=keys(0, 50)))[0] == 200
    refused(await platform.call("POST", path, form=keys(50, 1)), 400, "would have 51 keys")
    # What replaces a key adds none, and one that goes makes room.
    assert (await platform.call("POST", path, form=keys(0, 50)))[0] == 200
    swap = {**keys(50, 1), "metadata[k0]": ""}
    assert (await platform.call("POST", path, form=swap))[0] == 200
    _, cleared = await platform.call("POST", path, form={"metadata": ""})
    assert cleared["metadata"] == {}


async def test_updates_at_once_are_all_kept(platform: Platform) -> None:
    _, made = await platform.call("POST", HOLDERS, form=HOLDER)
    path = f"{HOLDERS}/{made['id']}"
    await asyncio.gather(
        *(platform.call("POST", path, form={f"metadata[k{turn}]": "v"}) for turn in range(12))
    )
    _, found = await platform.call("GET", path)
    assert len(found["metadata"]) == 12


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("billing[address][country]", "ZZ", "Invalid billing[address][country]"),
        ("billing[address][country]", "\u00df", "Invalid billing[address][country]"),
        ("billing[address][line1]", " ", "must not be blank"),
        ("email", "<script>@example.com", "Invalid email address"),
        ("email", "a\u202e@example.com", "Invalid email address"),
        ("phone_number", "000------------", "Invalid phone number"),
        ("spending_controls[spending_limits_currency]", "zzz", "Invalid spending_controls"),
        ("spending_controls[blocked_merchant_countries][0]", "ZZ", "Invalid spending_controls"),
        ("individual[card_issuing][user_terms_acceptance][ip]", "nowhere", "Invalid individual"),
        ("individual[card_issuing][user_terms_acceptance][date]", "9999999999", "in the future"),
    ],
)
async def test_values_that_mean_nothing(
    platform: Platform, name: str, value: str, words: str
) -> None:
    refused(await platform.call("POST", HOLDERS, form={**HOLDER, name: value}), 400, words)


async def test_a_birth_in_the_future_is_refused(platform: Platform) -> None:
    birth = {f"individual[dob][{part}]": "1" for part in ("day", "month")}
    form = {**HOLDER, **birth, "individual[dob][year]": "2999"}
    refused(await platform.call("POST", HOLDERS, form=form), 400, "past date")


async def test_a_write_is_said_in_its_body(platform: Platform) -> None:
    path = f"{ACCOUNTS}?display_name=elsewhere"
    answer = await platform.call("POST", path, version=PREVIEW, json={"display_name": "here"})
    refused(answer, 400, "Unknown field: display_name")
