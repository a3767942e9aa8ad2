"""Account notices over HTTP: who sends them, what goes out, what is refused."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from cardwright.notices import flows
from cardwright.notices.mailer import Mailer
from cardwright.notices.model import AccountNotice
from cardwright.roles.application import Application
from cardwright.tenancy import registry
from tests.support.mailbox import Mailbox, open_mailbox
from tests.support.server import Platform

VERSION = "2026-10-14.preview"
REASON = "issuing.account_closed_for_terms_of_service_violation"
OTHER_REASON = "issuing.application_rejected_for_failure_to_verify"
TEMPLATES = "/_cardwright/notice_templates"


@pytest.fixture
async def mailbox(application: Application) -> AsyncIterator[Mailbox]:
    async with open_mailbox() as made:
        application.part(Mailer).server = made.server
        yield made
        application.part(Mailer).server = None


async def done(platform: Platform, method: str, path: str, **given: Any) -> Any:
    status, body = await platform.call(method, path, version=VERSION, **given)
    assert status == 200, body
    return body


async def refused(platform: Platform, method: str, path: str, **given: Any) -> Any:
    status, body = await platform.call(method, path, version=VERSION, **given)
    assert 400 <= status < 500, body
    return body["error"]


async def account(platform: Platform, **members: str) -> str:
    form = {"type": "custom", "country": "GB", **members}
    return str((await done(platform, "POST", "/v1/accounts", form=form))["id"])


async def give(platform: Platform, account_id: str, reason: Any = REASON) -> AccountNotice:
    database = platform.live.application.database
    async with registry.transaction(database, account_id) as tx:
        return await flows.give_notice(
            tx, reason, capability="card_issuing", details={"detail": "Payments at a casino"}
        )


async def operator(platform: Platform, **more: str) -> None:
    form = {"sender": "operator", **more}
    await done(platform, "POST", "/_cardwright/notice_settings", form=form)


async def until_sent(platform: Platform, notice_id: str) -> Any:
    for _ in range(200):
        found = await done(platform, "GET", f"/v1/account_notices/{notice_id}")
        if found["sent_at"] is not None:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("the notice was never marked as sent")


async def test_the_platform_sends(platform: Platform) -> None:
    mine = await account(platform, email="jenny.rosen@example.com")
    notice = await give(platform, mine)
    shown = await done(platform, "GET", f"/v1/account_notices/{notice.id}", account=mine)
    assert shown == {
        "id": notice.id,
        "object": "account_notice",
        "created": notice.created,
        "deadline": notice.created + 30 * 86400,
        "email": None,
        "linked_objects": {
            "capability": "card_issuing",
            "issuing_credit_underwriting_record": None,
            "issuing_dispute": None,
        },
        "livemode": False,
        "metadata": {},
        "reason": REASON,
        "sent_at": None,
    }
    for who in (mine, None):
        unsent = await done(platform, "GET", "/v1/account_notices?sent=false", account=who)
        assert [one["id"] for one in unsent["data"]] == [notice.id]
    form = {
        "email[plain_text]": "Your cards are off.",
        "email[recipient]": "jenny.rosen@example.com",
        "email[subject]": "Cards",
        "sent_at": str(notice.created),
        "metadata[case]": "1",
    }
    path = f"/v1/account_notices/{notice.id}"
    early = {**form, "sent_at": str(notice.created - 1)}
    error = await refused(platform, "POST", path, account=mine, form=early)
    assert error["param"] == "sent_at"
    late = {**form, "sent_at": str(notice.created + 86400)}
    error = await refused(platform, "POST", path, account=mine, form=late)
    assert error["param"] == "sent_at"
    for name in ("email[plain_text]", "email[recipient]", "email[subject]", "sent_at"):
        less = {key: value for key, value in form.items() if key != name}
        error = await refused(platform, "POST", path, account=mine, form=less)
        assert (error["code"], error["param"]) == ("parameter_missing", name)
    empty = {**form, "sent_at": ""}
    assert (await refused(platform, "POST", path, account=mine, form=empty))["param"] == "sent_at"
    sent = await done(platform, "POST", path, account=mine, form=form)
    assert sent["sent_at"] == notice.created
    assert sent["email"]["subject"] == "Cards"
    assert sent["metadata"] == {"case": "1"}
    assert (await done(platform, "GET", "/v1/account_notices?sent=false"))["data"] == []
    types = [
        event["type"]
        for event in (await done(platform, "GET", "/v1/events", account=mine))["data"]
        if event["type"].startswith("account_notice")
    ]
    assert types == ["account_notice.updated", "account_notice.created"]


async def test_the_operator_sends(platform: Platform, mailbox: Mailbox) -> None:
    await operator(
        platform,
        brand_name="Rocket Rides",
        color="#aa0011",
        background_color="#00bb22",
        logo_url="https://example.com/logo.png",
        support_email="support@example.com",
        from_address="card-issuing-notices@example.com",
    )
    mine = await account(platform, email="sent@example.com")
    notice = await give(platform, mine)
    (letter,) = await mailbox.wait_for(1, "sent@example.com")
    assert letter.sender == "card-issuing-notices@example.com"
    assert letter.message["From"] == "Rocket Rides <card-issuing-notices@example.com>"
    assert letter.message["Reply-To"] == "support@example.com"
    assert "Payments at a casino" in letter.plain_text
    assert "support@example.com" in letter.plain_text
    assert 'src="https://example.com/logo.png"' in letter.html
    assert "#aa0011" in letter.html
    assert "background:#00bb22" in letter.html
    shown = await until_sent(platform, notice.id)
    assert shown["email"] == {
        "plain_text": letter.plain_text,
        "recipient": "sent@example.com",
        "subject": letter.subject,
    }
    (email,) = (await done(platform, "GET", f"/_cardwright/accounts/{mine}/emails"))["data"]
    assert (email["status"], email["notice"], email["attempts"]) == ("sent", notice.id, 1)
    assert email["message_id"] == letter.message["Message-ID"]
    form = {
        "email[plain_text]": "Other words",
        "email[recipient]": "sent@example.com",
        "email[subject]": "Cards",
        "sent_at": str(shown["sent_at"]),
    }
    error = await refused(platform, "POST", f"/v1/account_notices/{notice.id}", form=form)
    assert "sent by email already" in error["message"]


@pytest.mark.parametrize(
    ("members", "locale", "words"),
    [
        ({"country": "DE"}, "de", "Guten Tag"),
        ({"country": "FR"}, "fr", "Bonjour"),
        ({"country": "ES"}, "es", "Hola"),
        ({"country": "US"}, "en", "Hello"),
    ],
)
async def test_a_language_for_each_country(
    platform: Platform, members: dict[str, str], locale: str, words: str
) -> None:
    await operator(platform)
    form = {"business_profile[name]": "Rocket Rides", "business_type": "company"}
    name = {"company[name]": "Rocket Rides"}
    mine = await account(platform, email="x@example.com", **members, **form, **name)
    await give(platform, mine, OTHER_REASON)
    (email,) = (await done(platform, "GET", f"/_cardwright/accounts/{mine}/emails"))["data"]
    assert email["locale"] == locale
    assert email["plain_text"].startswith(words)
    assert email["status"] == "queued"


async def test_an_account_without_an_address_is_left_to_the_platform(platform: Platform) -> None:
    await operator(platform)
    mine = await account(platform)
    notice = await give(platform, mine)
    assert (await done(platform, "GET", f"/_cardwright/accounts/{mine}/emails"))["data"] == []
    assert (await done(platform, "GET", "/v1/account_notices?sent=false"))["data"][0]["id"] == (
        notice.id
    )


async def test_an_email_that_waits_is_not_sent_when_the_platform_was_quicker(
    platform: Platform,
) -> None:
    await operator(platform)
    mine = await account(platform, email="x@example.com")
    notice = await give(platform, mine)
    form = {
        "email[plain_text]": "By telephone",
        "email[recipient]": "x@example.com",
        "email[subject]": "Cards",
        "sent_at": str(notice.created),
    }
    await done(platform, "POST", f"/v1/account_notices/{notice.id}", form=form)
    (email,) = (await done(platform, "GET", f"/_cardwright/accounts/{mine}/emails"))["data"]
    assert email["status"] == "canceled"


async def test_a_mail_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not(
    platform: Platform, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cardwright.notices.mailer.BACKOFF_FIRST_MS", 1)
    mailbox.script["busy@example.com"] = ["451 Try again later"]
    await operator(platform)
    mine = await account(platform, email="busy@example.com")
    notice = await give(platform, mine)
    first, second = await mailbox.wait_for(2, "busy@example.com")
    assert first.message["Message-ID"] == second.message["Message-ID"]
    await until_sent(platform, notice.id)
    mailbox.script["busy@example.com"] = ["554 No"]
    other = await give(platform, mine)
    for _ in range(100):
        path = f"/_cardwright/accounts/{mine}/emails?status=failed"
        failed = (await done(platform, "GET", path))["data"]
        if failed:
            break
        await asyncio.sleep(0.05)
    assert (failed[0]["notice"], failed[0]["trouble"]) == (other.id, "554 No")
    assert (await done(platform, "GET", f"/v1/account_notices/{other.id}"))["sent_at"] is None


async def test_words_of_a_platform(platform: Platform, mailbox: Mailbox) -> None:
    path = f"{TEMPLATES}/{REASON}"
    ours = await done(platform, "GET", path)
    assert (ours["own"], ours["locale"]) == (False, "en")
    form = {"subject": "Off", "text": "Dear {account_name},\n\n{detail} on {date}."}
    changed = await done(platform, "POST", path, form=form)
    assert (changed["own"], changed["text"]) == (True, form["text"])
    everything = (await done(platform, "GET", TEMPLATES))["data"]
    assert [one["locale"] for one in everything if one["own"]] == ["en"]
    assert len(everything) == 13 * 4
    shown = await done(platform, "GET", f"{path}/preview")
    assert shown["subject"] == "Off"
    assert "(what was found is said here)" in shown["html"]
    german = await done(platform, "GET", f"{path}/preview?locale=de")
    assert "Verstoßes" in german["subject"]
    mine = await account(platform, country="FR")
    french = await done(platform, "GET", f"{path}/preview?account={mine}")
    assert french["locale"] == "fr"
    await done(platform, "POST", f"{path}/test_send", form={"to": "me@example.com"})
    (letter,) = await mailbox.wait_for(1, "me@example.com")
    assert letter.subject == "Off"
    assert (await done(platform, "DELETE", path))["subject"] == ours["subject"]
    assert (await done(platform, "GET", path))["own"] is False


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"subject": "Off", "text": "{balance}"}, "text"),
        ({"subject": "{}", "text": "x"}, "subject"),
        ({"subject": "two\nlines", "text": "x"}, "subject"),
        ({"subject": " ", "text": "x"}, "subject"),
        ({"subject": "x", "text": " "}, "text"),
    ],
)
async def test_words_that_are_refused(platform: Platform, form: dict[str, str], param: str) -> None:
    error = await refused(platform, "POST", f"{TEMPLATES}/{REASON}", form=form)
    assert error["param"] == param, error


async def test_what_else_is_refused(platform: Platform) -> None:
    error = await refused(platform, "GET", f"{TEMPLATES}/issuing.nothing")
    assert error["code"] == "resource_missing"
    path = f"{TEMPLATES}/{REASON}/preview?account=acct_nobody"
    assert (await refused(platform, "GET", path))["param"] == "account"
    path = "/_cardwright/accounts/acct_nobody/emails"
    assert (await refused(platform, "GET", path))["param"] == "account"
    for bad in (
        {"color": "red"},
        {"background_color": "#12"},
        {"logo_url": "javascript:1"},
        {"support_email": "nobody"},
        {"support_email": "a..b@example.com"},
        {"from_address": ".a@example.com"},
        {"from_address": "j\u00f6rg@example.com"},
        {"from_address": "a@example..com"},
    ):
        error = await refused(platform, "POST", "/_cardwright/notice_settings", form=bad)
        assert error["param"] in bad
    for nobody in ("@", "a..b@example.com", "a@b.com\r\nBcc: c@d.com", "<a@b.com>"):
        path = f"{TEMPLATES}/{REASON}/test_send"
        error = await refused(platform, "POST", path, form={"to": nobody})
        assert (error["code"], error["param"]) == ("email_invalid", "to")
    error = await refused(platform, "GET", "/v1/account_notices/notice_x")
    assert error["message"] == "No such account notice: 'notice_x'"


async def test_settings_go_back_to_the_first_ones(platform: Platform) -> None:
    first = await done(platform, "GET", "/_cardwright/notice_settings")
    await operator(platform, color="#000000", brand_name="Rocket Rides")
    form = {"sender": "", "color": "", "brand_name": ""}
    assert await done(platform, "POST", "/_cardwright/notice_settings", form=form) == first
    assert first["sender"] == "platform"
