"""Applications for cards: rejected when nobody could be verified in time."""

import pytest

from tests.compliance import stories
from tests.compliance.stories import (
    ACCEPT,
    DAY,
    HOUR,
    KNOWN,
    START,
    advance,
    applicant,
    capability,
    deadlines,
    done,
    event_types,
    issuing_status,
    new_clock,
    notices,
    reasons,
    until,
)
from tests.support.server import Platform

REJECTED = "application_rejected_for_failure_to_verify"
# A birth that is verified after a while.
SOON_KNOWN = {"date_of_birth": {"day": 1, "month": 1, "year": 1901}}


@pytest.mark.parametrize(("timers", "seconds"), [("test", HOUR), ("live", 29 * DAY)])
async def test_rejected_when_the_time_is_over(
    platform: Platform, timers: str, seconds: int
) -> None:
    clock = await new_clock(platform, timers=timers)
    account = await applicant(platform, clock)
    # The answer of the test environment comes soon, in machine time.
    await until(lambda: capability(platform, account), lambda one: one["status"] == "inactive")
    assert (await deadlines(platform, account))["application_unverified"] == START + seconds
    await advance(platform, clock, START + seconds - 1)
    assert await notices(platform, account) == []
    assert (await capability(platform, account))["status"] == "inactive"
    await advance(platform, clock, START + 60 * DAY)
    (notice,) = await notices(platform, account)
    assert notice["reason"] == f"issuing.{REJECTED}"
    assert notice["created"] == START + seconds
    assert notice["deadline"] == START + seconds + 30 * DAY
    assert notice["linked_objects"]["capability"] == "card_issuing"
    shown = await capability(platform, account)
    assert shown["status"] == "inactive"
    due = shown["requirements"]["currently_due"]
    assert "settings.card_issuing.tos_acceptance.date" in due
    assert "settings.card_issuing.tos_acceptance.ip" in due
    found = await done(platform, "GET", f"/v1/accounts/{account}")
    assert found["settings"]["card_issuing"]["tos_acceptance"]["date"] is None
    assert found["tos_acceptance"]["date"] is not None
    types = await event_types(platform, account)
    assert "account_notice.created" in types
    assert types.count("account.updated") >= 2


async def test_a_new_application_starts_anew(platform: Platform) -> None:
    clock = await new_clock(platform)
    account = await applicant(platform, clock)
    await advance(platform, clock, START + 2 * HOUR)
    assert await reasons(platform, account) == [REJECTED]
    path = f"/v2/core/accounts/{account}"
    await done(platform, "POST", path, json=ACCEPT)
    again = await deadlines(platform, account)
    assert again["application_unverified"] == START + 3 * HOUR
    await advance(platform, clock, START + 4 * HOUR)
    assert await reasons(platform, account) == [REJECTED, REJECTED]
    await done(platform, "POST", path, json=ACCEPT)
    await done(platform, "POST", path, json={"identity": {"individual": KNOWN}})
    assert await issuing_status(platform, account) == ("active", [])
    assert "application_unverified" not in await deadlines(platform, account)
    await advance(platform, clock, START + 30 * DAY)
    assert await reasons(platform, account) == [REJECTED, REJECTED]


async def test_the_time_begins_with_the_last_thing_that_is_asked(platform: Platform) -> None:
    clock = await new_clock(platform)
    account = await applicant(platform, clock, terms=False)
    await advance(platform, clock, START + DAY)
    assert "application_unverified" not in await deadlines(platform, account)
    await done(platform, "POST", f"/v2/core/accounts/{account}", json=ACCEPT)
    assert (await deadlines(platform, account))["application_unverified"] == START + DAY + HOUR


async def test_who_is_verified_in_time_is_not_rejected(platform: Platform) -> None:
    clock = await new_clock(platform)
    account = await applicant(platform, clock, known=True)
    assert await issuing_status(platform, account) == ("active", [])
    assert "application_unverified" not in await deadlines(platform, account)
    late = await applicant(platform, clock)
    await until(lambda: capability(platform, late), lambda one: one["status"] == "inactive")
    await advance(platform, clock, START + HOUR // 2)
    identity = {"identity": {"individual": KNOWN}}
    await done(platform, "POST", f"/v2/core/accounts/{late}", json=identity)
    await advance(platform, clock, START + 2 * DAY)
    assert await reasons(platform, account) == await reasons(platform, late) == []


async def test_a_jump_does_not_outrun_an_answer_that_is_on_its_way(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer takes its time on the clock, too, however quickly the clock is advanced."""
    monkeypatch.setattr("cardwright.accounts.verification.flows.CHECK_MS", HOUR * 1000 // 2)
    clock = await new_clock(platform)
    account = await applicant(platform, clock)
    identity = {"identity": {"individual": SOON_KNOWN}}
    await done(platform, "POST", f"/v2/core/accounts/{account}", json=identity)
    assert (await issuing_status(platform, account))[0] == "pending"
    assert (await deadlines(platform, account))["application_unverified"] == START + HOUR
    await advance(platform, clock, START + DAY)
    assert await issuing_status(platform, account) == ("active", [])
    assert await reasons(platform, account) == []
    left = await deadlines(platform, account)
    assert not [kind for kind in left if kind.startswith("account_verification")]


async def test_what_is_taken_back_is_no_application(platform: Platform) -> None:
    clock = await new_clock(platform)
    account = await applicant(platform, clock)
    await advance(platform, clock, START + 60)
    none = {"identity": {"individual": {"date_of_birth": None}}}
    await done(platform, "POST", f"/v2/core/accounts/{account}", json=none)
    assert "application_unverified" not in await deadlines(platform, account)
    await advance(platform, clock, START + 2 * DAY)
    assert await reasons(platform, account) == []


async def test_a_company_applies_too(platform: Platform) -> None:
    clock = await new_clock(platform)
    account = await applicant(platform, clock, "us")
    await advance(platform, clock, START + 2 * HOUR)
    assert await reasons(platform, account) == [REJECTED]
    assert (await stories.done(platform, "GET", f"/v1/accounts/{account}"))["country"] == "US"
