"""Id numbers are nowhere in the clear: not in the database, the logs, the answers or the events.
Dates of birth are shown by the API, and lie nowhere in the clear."""

import logging
import re
import secrets
from datetime import date
from typing import Any

import asyncpg
import pytest

from cardwright.authorizations.real_time.authorization_webhook import PATH as ASKING
from tests.accounts.calls import ACCOUNTS, US_ADDRESS, creation
from tests.accounts.verification import vendor as vendors
from tests.accounts.verification.verifying import CASES, PROVIDER, cases, us_company, v2
from tests.files.uploads import PNG, form, upload
from tests.support.receiver import Receiver
from tests.support.server import Platform
from tests.support.spending import spender

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


BIRTHS = (
    "individual",
    "individual_after",
    "v1_individual",
    "v1_person",
    "v1_person_after",
    "v1_refused",
    "v1_token",
    "v2_person",
    "v2_person_after",
    "v2_token",
    "cardholder",
    "cardholder_after",
    "cardholder_refused",
)


def births() -> dict[str, date]:
    """A date of birth for each use, in a year of its own."""
    year = iter(range(1931, 1931 + len(BIRTHS)))
    return {
        name: date(next(year), 10 + secrets.randbelow(3), 13 + secrets.randbelow(16))
        for name in BIRTHS
    }


def hash_of(birth: date) -> dict[str, int]:
    """A date as v2 takes it."""
    return {"day": birth.day, "month": birth.month, "year": birth.year}


def fields_of(birth: date, name: str) -> dict[str, str]:
    """A date as a form takes it."""
    return {f"{name}[{part}]": str(number) for part, number in hash_of(birth).items()}


def holds(text: str, birth: date) -> bool:
    """Whether a text tells a date of birth: written in one, as three numbers together in any order
    and however quoted, or by the year alone where that changed."""
    bare = re.sub(r"[\\\s\"']", "", text)
    written = (birth.isoformat(), birth.isoformat().encode().hex())
    if any(one in bare for one in written):
        return True
    wanted = {f"{part}:{number}" for part, number in hash_of(birth).items()}
    triples = re.findall(r"\{((?:(?:day|month|year):\d+,?){3})\}", bare)
    alone = (
        rf"(?:dob|date_of_birth):\{{[^}}]*year:{birth.year}",
        rf"(?:dob|date_of_birth)(?:\]?\[|%5B)year(?:\]|%5D)[=:,]*{birth.year}",
    )
    return any(set(triple.split(",")) == wanted for triple in triples) or any(
        re.search(pattern, bare) for pattern in alone
    )


def test_what_tells_a_date_of_birth() -> None:
    """The search of the test below finds each form, and no other date."""
    birth, other = date(1931, 11, 14), date(1931, 11, 15)
    for text in (
        "1931-11-14",
        '{"day":14,"month":11,"year":1931}',
        '{"day": 14, "year": 1931, "month": 11}',
        '"{\\"month\\": 11, \\"day\\": 14, \\"year\\": 1931}"',
        "{'day': 14, 'month': 11, 'year': 1931}",
    ):
        assert holds(f"before {text} after", birth), text
        assert not holds(text, other), text
    for text in ('{"dob":{"year":1931}}', "individual[dob][year]=1931", "dob%5Byear%5D=1931"):
        assert holds(text, birth), text
    assert not holds('{"year":1931}{"day":14,"month":11}', birth)


async def persons_live(platform: Platform, used: dict[str, date]) -> list[Any]:
    """Give dates of birth by every door of accounts and persons; the answers."""
    answers: list[Any] = []

    async def done(path: str, form_: dict[str, str], expected: int = 200, **more: Any) -> Any:
        status, body = await platform.call("POST", path, form=form_, **more)
        assert status == expected, body
        answers.append(body)
        return body

    wanted = creation("gb", "individual", "gbp")
    given = {"given_name": "Jenny", "date_of_birth": hash_of(used["individual"])}
    wanted["identity"]["individual"] = given
    account = (await v2(platform, ACCOUNTS, wanted))["id"]
    changed = {"date_of_birth": hash_of(used["individual_after"])}
    path, v1 = f"{ACCOUNTS}/{account}", f"/v1/accounts/{account}"
    shown = {"identity": {"individual": changed}, "include": ["identity"]}
    answers.append(await v2(platform, path, shown))
    await done(v1, fields_of(used["v1_individual"], "individual[dob]"))

    company, person = await us_company(platform, date_of_birth=hash_of(used["v2_person"]))
    changed = {"date_of_birth": hash_of(used["v2_person_after"])}
    answers.append(await v2(platform, f"{ACCOUNTS}/{company}/persons/{person}", changed))
    persons = f"/v1/accounts/{company}/persons"
    made = await done(
        persons, {"first_name": "Jenny", **fields_of(used["v1_person"], "dob")}, idempotency_key="p"
    )
    other = f"{persons}/{made['id']}"
    await done(other, fields_of(used["v1_person_after"], "dob"))
    await done(other, {**fields_of(used["v1_refused"], "dob"), "nonsense": "1"}, 400)
    key = platform.keys.publishable
    content = {"person[first_name]": "Jenny", **fields_of(used["v1_token"], "person[dob]")}
    token = await done("/v1/tokens", content, key=key)
    await done(persons, {"person_token": token["id"]})
    content_v2 = {"given_name": "Jenny", "date_of_birth": hash_of(used["v2_token"])}
    status, token = await platform.call(
        "POST",
        f"{ACCOUNTS}/{company}/person_tokens",
        json=content_v2,
        key=key,
        version="2026-05-27.dahlia",
    )
    assert status == 200, token
    answers.append(
        await v2(platform, f"{ACCOUNTS}/{company}/persons", {"person_token": token["id"]})
    )
    return answers


async def cardholders_live(
    platform: Platform, used: dict[str, date], receiver: Receiver
) -> list[Any]:
    """Let somebody with a date of birth pay, also when the platform is asked; the answers."""
    holder = fields_of(used["cardholder"], "individual[dob]")
    payer = await spender(platform, funds=10_000, holder=holder)
    answers = [await payer.authorize(1000)]
    captured = f"/v1/test_helpers/issuing/authorizations/{answers[0]['id']}/capture"
    await payer.done("POST", captured)
    at = f"/v1/issuing/cardholders/{payer.holder}"
    after = fields_of(used["cardholder_after"], "individual[dob]")
    await payer.done("POST", at, after, idempotency_key="c")
    refused = fields_of(used["cardholder_refused"], "individual[dob]")
    assert (await payer.call("POST", at, {**refused, "type": "nonsense"}))[0] == 400
    answers.append(await payer.authorize(1000))
    path = f"/v1/issuing/authorizations/{answers[1]['id']}"
    answers.append(await payer.done("POST", f"/v1/test_helpers{path[3:]}/reverse"))
    answers.append(await payer.done("GET", path))
    asking = {"url": receiver.url("/ask"), "on_silence": "decline"}
    assert (await platform.call("POST", ASKING, form=asking))[0] == 200
    answers.append(await payer.authorize(1000))
    status = {"status": "inactive"}
    answers.append(await payer.done("POST", f"/v1/issuing/cards/{payer.card}", status))
    return answers


async def test_no_date_of_birth_lies_anywhere(
    platform: Platform,
    receiver: Receiver,
    pool: "asyncpg.Pool[asyncpg.Record]",
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """They are shown in answers, in events of both faces and to whom they are delivered."""
    caplog.set_level(logging.DEBUG)
    used = births()
    hook = {"url": receiver.url(), "enabled_events[]": "*", "connect": "true"}
    assert (await platform.call("POST", "/v1/webhook_endpoints", form=hook))[0] == 200
    answers = await cardholders_live(platform, used, receiver)
    async with vendors.working() as vendor:
        provider = {"provider": "http", "url": vendor.url}
        _, made = await platform.call("POST", PROVIDER, form=provider)
        vendor.secret = made["secret"]
        answers += await persons_live(platform, used)
        missing = set(used) - {"v1_refused", "cardholder_refused"}
        for _ in range(200):
            told = b"\n".join(request.body for request in receiver.received).decode()
            missing = {name for name in missing if not holds(told, used[name])}
            asked = any(holds(str(case), used["v2_person_after"]) for case in vendor.asked)
            if asked and not missing:
                break
            await receiver.wait_for(len(receiver.at("/hook")) + 1)
    assert not missing
    assert holds(receiver.at("/ask")[0].body.decode(), used["cardholder_after"])
    assert holds(str(answers), used["v2_token"])
    dumped = await dump(pool)
    out = capfd.readouterr()
    places = {"the database": dumped, "the log": caplog.text, "the output": out.out + out.err}
    leaks = [
        f"{name} is in {place}"
        for name, birth in used.items()
        for place, text in places.items()
        if holds(text, birth)
    ]
    assert not leaks, leaks


async def test_events_show_dates_of_birth_as_they_were(platform: Platform) -> None:
    """What is sealed is unsealed byte for byte, in lists, alone, and in what changed."""
    one = await spender(platform, holder=fields_of(date(1931, 11, 14), "individual[dob]"))
    after = fields_of(date(1932, 12, 15), "individual[dob]")
    await one.done("POST", f"/v1/issuing/cardholders/{one.holder}", after)
    listed = await one.done("GET", "/v1/events?type=issuing_cardholder.updated")
    [event] = listed["data"]
    assert event["data"]["object"]["individual"]["dob"] == hash_of(date(1932, 12, 15))
    before = event["data"]["previous_attributes"]["individual"]["dob"]
    assert before == hash_of(date(1931, 11, 14))
    assert await one.done("GET", f"/v1/events/{event['id']}") == event
    person = {"date_of_birth": hash_of(date(1933, 11, 14))}
    shown = {"identity": {"individual": person}}
    await v2(platform, f"{ACCOUNTS}/{one.account}", shown)
    status, page = await platform.call(
        "GET", f"/v2/core/events?object_id={one.account}", version="2026-05-27.dahlia"
    )
    assert status == 200, page
    changes = [found.get("changes") or {} for found in page["data"]]
    assert [one for one in changes if holds(str(one), date(1933, 11, 14))]


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
