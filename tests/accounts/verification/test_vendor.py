"""A vendor verifies over HTTP: asked after the commit, signed both ways, once for given values."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from cardwright.accounts.operations import vendor as verification_vendor
from cardwright.accounts.operations import vendor_posting as verification_posting
from cardwright.kernel.clock import machine_ms
from cardwright.kernel.refusal import Failure
from cardwright.kernel.vault import installed_vault
from tests.accounts.calls import ACCOUNTS
from tests.accounts.verification import vendor as vendors
from tests.accounts.verification.vendor import Vendor, answer_to, signed
from tests.accounts.verification.verifying import (
    EIN,
    PROVIDER,
    SSN,
    cases,
    charge_card,
    decide,
    due,
    gb_individual,
    seen,
    until,
    us_company,
    v2,
)
from tests.files.uploads import PNG, uploaded
from tests.support import processes
from tests.support.database import private_directory
from tests.support.server import Platform

ANSWERS = "/_cardwright/verification_answers"
# Nested deeper than any reader follows.
DEEP = b'{"x":' + b"[" * 100_000


async def hire(platform: Platform, vendor: Vendor) -> None:
    """Let the vendor verify the platform's accounts."""
    form = {"provider": "http", "url": vendor.url}
    status, body = await platform.call("POST", PROVIDER, form=form)
    assert status == 200, body
    vendor.secret = body["secret"]


@pytest.fixture
async def vendor(platform: Platform) -> AsyncIterator[Vendor]:
    async with vendors.working() as working:
        await hire(platform, working)
        yield working


async def answered(platform: Platform, body: bytes, header: str | None) -> tuple[int, Any]:
    """What a vendor hears that comes with an answer."""
    headers = {} if header is None else {"Stripe-Signature": header}
    async with platform.live.http.post(
        platform.base + ANSWERS, data=body, headers=headers
    ) as response:
        return response.status, await response.json()


async def test_immediate_answers_activate_the_account(platform: Platform, vendor: Vendor) -> None:
    account, person = await us_company(platform)

    async def active() -> bool:
        return charge_card(await seen(platform, account)) == "active"

    await until(active)
    asked = {f"{case['subject'][:4]}.{case['kind']}": case for case in vendor.asked}
    assert len(vendor.asked) == len(asked) == 5
    assert vendor.keys == [case["id"] for case in vendor.asked]
    identity = asked["pers.identity"]
    assert identity == {
        "id": identity["id"],
        "object": "verification_case",
        "account": account,
        "created": identity["created"],
        "documents": [],
        "kind": "identity",
        "livemode": False,
        "subject": person,
        "values": {"name": "Jenny Rosen", "date_of_birth": "1978-11-12"},
    }
    assert asked["pers.id_number"]["values"]["value"] == SSN
    assert asked["acct.id_number"]["values"]["value"] == EIN
    assert {case["answered_by"] for case in (await cases(platform)).values()} == {"vendor"}
    # The same values again are not asked about.
    same = {"id_numbers": [{"type": "us_ssn", "value": SSN}]}
    await v2(platform, f"{ACCOUNTS}/{account}/persons/{person}", same)
    await asyncio.sleep(3 * verification_posting.REST_SECONDS)
    assert len(vendor.asked) == 5


async def test_a_later_answer_is_taken_once(platform: Platform, vendor: Vendor) -> None:
    vendor.script = lambda _case: None
    account, _ = await gb_individual(platform)

    async def posted() -> Any:
        found = await cases(platform, status="posted")
        return found if len(found) == 2 else None

    waiting = await until(posted)
    for name, outcome in (
        ("pers.address", {"outcome": "approved"}),
        ("pers.identity", {"outcome": "rejected", "code": "verification_failed_keyed_identity"}),
    ):
        body = answer_to(waiting[name], **outcome)
        for _ in range(2):
            status, said = await answered(platform, body, signed(body, vendor.secret))
            assert status == 200, said
            assert said["status"] == outcome["outcome"]
    path = "identity.individual.documents.primary_verification"
    assert due(await seen(platform, account)) == {path: ["verification_failed_keyed_identity"]}
    # The vendor's first answer stands; the operator may think otherwise.
    other = answer_to(waiting["pers.identity"], outcome="approved")
    status, said = await answered(platform, other, signed(other, vendor.secret))
    assert (status, said["error"]["code"]) == (400, "verification_case_answered")
    await decide(platform, waiting["pers.identity"]["id"], "approve")
    assert charge_card(await seen(platform, account)) == "active"


async def test_a_vendor_asks_for_a_document_and_fetches_it(
    platform: Platform, vendor: Vendor
) -> None:
    fetched: list[bytes] = []

    def script(case: dict[str, Any]) -> dict[str, Any]:
        if case["kind"] == "identity":
            return {"outcome": "document_requested"}
        return {"outcome": "approved"}

    vendor.script = script
    account, person = await gb_individual(platform)
    path = "identity.individual.documents.primary_verification"

    async def wanted() -> bool:
        return path in due(await seen(platform, account))

    await until(wanted)
    vendor.script = lambda _case: None
    file = await uploaded(platform, account)
    sides = {"type": "front_back", "front_back": {"front": file["id"]}}
    documents = {"individual": {"documents": {"primary_verification": sides}}}
    await v2(platform, f"{ACCOUNTS}/{account}", {"identity": documents})

    async def asked() -> Any:
        return next((case for case in vendor.asked if case["kind"] == "document"), None)

    case = await until(asked)
    assert case["subject"] == person
    [document] = case["documents"]
    assert (document["file"], document["side"], document["type"]) == (file["id"], "front", "png")
    async with platform.live.http.get(document["url"]) as response:
        assert response.status == 200
        fetched.append(await response.read())
    assert fetched == [PNG]
    head, _, token = document["url"].rpartition("/")
    start, _, expiry = head.rpartition("/")
    for url in (
        f"{head}/{'0' * len(token)}",
        f"{start}/{int(expiry) + 60}/{token}",
        f"{start}/1/{token}",
        f"{start}/x/{token}",
    ):
        async with platform.live.http.get(url) as response:
            assert response.status == 404, url


async def test_trouble_is_noted_and_tried_again(platform: Platform, vendor: Vendor) -> None:
    bad: list[Any] = [
        web.Response(status=500),
        web.Response(status=200, body=b"{}"),
        {"outcome": "perhaps"},
    ]

    def script(case: dict[str, Any]) -> Any:
        if case["kind"] == "identity" and bad:
            return bad.pop(0)
        return {"outcome": "approved"}

    vendor.script = script
    account, _ = await gb_individual(platform)

    async def troubled() -> Any:
        found = (await cases(platform))["pers.identity"]
        return found if found["trouble"] and found["status"] == "queued" else None

    case = await until(troubled)
    assert case["attempts"] == 1
    assert case["trouble"] == "The vendor answered with status 500."

    # One case in trouble does not hold up another.
    async def other() -> bool:
        return bool((await cases(platform))["pers.address"]["status"] == "approved")

    await until(other)

    async def active() -> bool:
        return charge_card(await seen(platform, account)) == "active"

    await until(active, 20)
    case = (await cases(platform))["pers.identity"]
    assert (case["attempts"], case["trouble"]) == (4, None)
    assert len({case["id"] for case in vendor.asked if case["kind"] == "identity"}) == 1


async def test_what_a_vendor_cannot_answer_is_the_operators(
    platform: Platform, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification_posting, "ATTEMPTS_MAX", 1)
    vendor.script = lambda _case: web.Response(status=503)
    account, _ = await gb_individual(platform)

    async def left() -> Any:
        found = await cases(platform, status="needs_review")
        return found if len(found) == 2 else None

    for case in (await until(left)).values():
        assert case["trouble"] == "The vendor answered with status 503."
        await decide(platform, case["id"], "approve")
    assert charge_card(await seen(platform, account)) == "active"


async def test_a_vendor_that_is_let_go_leaves_its_cases(platform: Platform, vendor: Vendor) -> None:
    vendor.script = lambda _case: web.Response(status=503)
    await gb_individual(platform)
    form = {"provider": "manual", "url": ""}
    assert (await platform.call("POST", PROVIDER, form=form))[0] == 200

    async def left() -> bool:
        return len(await cases(platform, status="needs_review")) == 2

    assert await until(left)


async def test_values_that_change_while_the_vendor_looks(
    platform: Platform, vendor: Vendor
) -> None:
    vendor.script = lambda _case: None
    account, _ = await gb_individual(platform)

    async def posted() -> Any:
        return (await cases(platform, status="posted")).get("pers.identity")

    case = await until(posted)
    date = {"day": 2, "month": 1, "year": 1978}
    individual = {"identity": {"individual": {"date_of_birth": date}}}
    await v2(platform, f"{ACCOUNTS}/{account}", individual)
    body = answer_to(case, outcome="approved")
    status, said = await answered(platform, body, signed(body, vendor.secret))
    assert (status, said["error"]["code"]) == (400, "verification_case_superseded")
    assert charge_card(await seen(platform, account)) == "pending"


@pytest.mark.calendar
async def test_answers_that_are_refused(platform: Platform, vendor: Vendor) -> None:
    vendor.script = lambda _case: None
    await gb_individual(platform)
    case = (await cases(platform))["pers.identity"]
    good = answer_to(case, outcome="approved")
    secret, now = vendor.secret, machine_ms() // 1000
    wanted: list[tuple[bytes, str | None, int, str]] = [
        (good, None, 401, "verification_answer_unsigned"),
        (good, "nonsense", 401, "verification_answer_unsigned"),
        (good, f"t=x,{signed(good, secret)}", 401, "verification_answer_unsigned"),
        (good, signed(good, "whsec_other"), 401, "verification_answer_unsigned"),
        (good, signed(good, secret, now - 400), 401, "verification_answer_unsigned"),
        (good, signed(good, secret, now + 400), 401, "verification_answer_unsigned"),
        (good + b" ", signed(good, secret), 401, "verification_answer_unsigned"),
        (b"\xff", signed(b"\xff", secret), 400, "verification_answer_malformed"),
        (b"[]", signed(b"[]", secret), 400, "verification_answer_malformed"),
        (DEEP, signed(DEEP, secret), 400, "verification_answer_malformed"),
        (b"x" * 600_000, signed(b"x", secret), 413, "request_too_large"),
    ]
    for answer in (
        {"outcome": "perhaps"},
        {"outcome": "rejected"},
        {"outcome": "rejected", "code": "no_code"},
        {"outcome": "approved", "code": "verification_failed_other"},
    ):
        body = answer_to(case, **answer)
        wanted.append((body, signed(body, secret), 400, "verification_answer_malformed"))
    for changed in ({"account": "acct_x"}, {"account": platform.keys.account_id}):
        body = answer_to({**case, **changed}, outcome="approved")
        code = "verification_answer_unsigned" if changed["account"] == "acct_x" else None
        wanted.append(
            (body, signed(body, secret), 401 if code else 404, code or "resource_missing")
        )
    body = answer_to({**case, "account": "acct_\0"}, outcome="approved")
    wanted.append((body, signed(body, secret), 400, "verification_answer_malformed"))
    body = answer_to({**case, "id": "vcase_none"}, outcome="approved")
    wanted.append((body, signed(body, secret), 404, "resource_missing"))
    for body, header, expected, code in wanted:
        status, said = await answered(platform, body, header)
        assert (status, said["error"]["code"]) == (expected, code), body[:100]
    assert (await cases(platform))["pers.identity"]["status"] in ("queued", "posted")


async def test_a_business_value_that_no_document_makes_good(
    platform: Platform, vendor: Vendor
) -> None:
    vendor.script = lambda _case: None
    await us_company(platform)
    case = (await cases(platform))["acct.address"]
    body = answer_to(case, outcome="document_requested")
    status, said = await answered(platform, body, signed(body, vendor.secret))
    assert (status, said["error"]["code"]) == (400, "verification_document_useless")


def test_a_signature_is_of_a_body_and_a_time() -> None:
    body = b'{"case": "vcase_1"}'
    verification_vendor.check_signature(body, signed(body, "s", 1000), "s", 1000)
    verification_vendor.check_signature(body, signed(body, "s", 1000), "s", 1300)
    for other in (b"{}", body + b"\n"):
        with pytest.raises(Failure, match="not signed"):
            verification_vendor.check_signature(other, signed(body, "s", 1000), "s", 1000)
    with pytest.raises(Failure, match="not signed"):
        verification_vendor.check_signature(body, signed(body, "s", 1000), "s", 1301)


async def test_a_server_that_dies_while_asking_asks_again() -> None:
    """The case was committed before the vendor was asked; its answer counts after the restart."""
    directory = private_directory()
    data = directory / "data"
    server = await processes.start(data)
    try:
        async with vendors.working() as vendor:
            vendor.wait_seconds = 60.0
            vault = installed_vault(data, None)
            connect = server.published["database"]
            async with processes.beside(connect, vault, server.base) as platform:
                await hire(platform, vendor)
                account, _ = await gb_individual(platform)

                async def both() -> bool:
                    return len(vendor.asked) == 2

                await until(both)
                server.process.kill()
                server.process.wait()
            vendor.wait_seconds = 0.0
            server = await processes.start(data)
            connect = server.published["database"]
            async with processes.beside(connect, vault, server.base) as other:
                again = Platform(other.live, platform.keys)

                async def active() -> bool:
                    return charge_card(await seen(again, account)) == "active"

                await until(active, 60)
            assert len(vendor.asked) == 4
            assert len(set(vendor.keys)) == 2
    finally:
        server.stop()
        shutil.rmtree(directory)
