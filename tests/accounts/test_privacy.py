"""Id numbers are nowhere in the clear: not in the database, the logs, the answers or the events."""

import logging
import secrets
from typing import Any

import asyncpg
import pytest

from tests.accounts import vendor as vendors
from tests.accounts.calls import ACCOUNTS, US_ADDRESS, creation
from tests.accounts.verifying import CASES, PROVIDER, cases, us_company, v2
from tests.files.uploads import PNG, form, upload
from tests.support.receiver import Receiver
from tests.support.server import Platform

TABLES = """
select table_name from information_schema.tables
 where table_schema = 'public' and table_type = 'BASE TABLE' order by 1
"""


async def dump(pool: "asyncpg.Pool[asyncpg.Record]") -> str:
    """Every row of every table as text, bytes as hexadecimal digits."""
    lines: list[str] = []
    for row in await pool.fetch(TABLES):
        name = row["table_name"]
        found = await pool.fetch(f'select "{name}"::text as line from "{name}"')
        lines += [one["line"] for one in found]
    return "\n".join(lines)


def number(length: int = 9) -> str:
    """Digits that nothing else holds by chance."""
    return "9" + "".join(str(secrets.randbelow(10)) for _ in range(length - 1))


async def test_no_id_number_lies_anywhere(
    platform: Platform,
    receiver: Receiver,
    pool: "asyncpg.Pool[asyncpg.Record]",
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    used = {kind: number() for kind in ("ssn", "itin", "ein", "v1_ssn", "v1_ein", "refused")}
    used["last4_of_nobody"] = number(12)
    hook = {"url": receiver.url(), "enabled_events[]": "*", "connect": "true"}
    assert (await platform.call("POST", "/v1/webhook_endpoints", form=hook))[0] == 200
    answers: list[Any] = []
    async with vendors.working() as vendor:
        provider = {"provider": "http", "url": vendor.url}
        _, made = await platform.call("POST", PROVIDER, form=provider)
        vendor.secret = made["secret"]
        vendor.script = lambda _case: {"outcome": "rejected", "code": "verification_failed_other"}
        account, person = await us_company(
            platform, id_numbers=[{"type": "us_ssn", "value": used["ssn"]}]
        )
        details = {"id_numbers": [{"type": "us_ein", "value": used["ein"]}]}
        path = f"{ACCOUNTS}/{account}"
        wanted = {"identity": {"business_details": details}, "include": ["identity"]}
        answers.append(await v2(platform, path, wanted))
        other = {"id_numbers": [{"type": "us_itin", "value": used["itin"]}]}
        answers.append(await v2(platform, f"{path}/persons/{person}", other))
        v1 = f"/v1/accounts/{account}"
        for at, form_ in (
            (v1, {"company[tax_id]": used["v1_ein"]}),
            (f"{v1}/persons/{person}", {"id_number": used["v1_ssn"]}),
            (f"{v1}/persons/{person}", {"id_number": used["refused"], "nonsense": "1"}),
            (f"{v1}/persons/{person}", {"id_number": used["last4_of_nobody"]}),
        ):
            key = secrets.token_hex(8)
            answers += [
                await platform.call("POST", at, form=form_, idempotency_key=key) for _ in range(2)
            ]
        for _ in range(100):
            if any(case["values"].get("value") == used["v1_ein"] for case in vendor.asked):
                break
            await receiver.wait_for(len(receiver.received) + 1)
        answers += [
            await platform.call("GET", f"{CASES}/{case['id']}")
            for case in (await cases(platform)).values()
        ]
    asked = {case["values"].get("value") for case in vendor.asked}
    assert used["v1_ein"] in asked
    dumped = await dump(pool)
    assert account in dumped
    out = capfd.readouterr()
    told = b"\n".join(request.body for request in receiver.received).decode()
    places = {
        "the database": dumped,
        "the log": caplog.text,
        "the output": out.out + out.err,
        "answers": str(answers),
        "events": told,
    }
    leaks = [
        f"{kind} is in {place}"
        for kind, value in used.items()
        for place, text in places.items()
        if value in text or value.encode().hex() in text
    ]
    assert not leaks, leaks


async def test_a_document_is_sealed_where_it_lies(platform: Platform) -> None:
    content = PNG + secrets.token_hex(64).encode()
    status, _ = await upload(platform, form(content))
    assert status == 200
    blobs = platform.live.application.blobs
    assert blobs is not None
    marker = content[-128:]
    files = [path for path in blobs.directory.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if marker in path.read_bytes()]


async def test_a_number_that_is_given_is_not_shown(platform: Platform) -> None:
    wanted = creation("us", "individual", "usd")
    value = number()
    person = {
        "given_name": "Jenny",
        "address": US_ADDRESS,
        "id_numbers": [{"type": "us_ssn", "value": value}],
    }
    wanted["identity"]["individual"] = person
    wanted["include"] = ["identity"]
    body = await v2(platform, ACCOUNTS, wanted)
    assert body["identity"]["individual"]["id_numbers"] == [{"type": "us_ssn"}]
    _, shown = await platform.call("GET", f"/v1/accounts/{body['id']}")
    assert shown["individual"]["id_number_provided"] is True
    assert shown["individual"]["ssn_last_4_provided"] is True
    assert value not in str((body, shown))
