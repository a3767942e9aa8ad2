"""What was agreed to is on record: version, place, person, and the end of it."""

import re
from pathlib import Path
from typing import Any

import pytest

import cardwright
from cardwright.accounts import agreements
from cardwright.accounts.record.store import load_state
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy import registry
from tests.accounts.calls import ACCOUNTS, PREVIEW, creation, individual
from tests.accounts.verification.verifying import charge_card, due, seen, us_company, v2
from tests.support.server import Live, Platform

TERMS = "/_cardwright/terms"
COMMERCIAL = "terms_of_service.card_creator.commercial"
HOLDER = f"{COMMERCIAL}.account_holder"
ACCEPTED = {
    "date": "2026-01-02T03:04:05.000Z",
    "ip": "192.0.2.7",
    "url": "https://example.com/terms",
    "user_agent": "Mozilla/5.0",
}


async def record(platform: Platform, account: str, **filters: str) -> list[dict[str, Any]]:
    """The record of an account, oldest first."""
    query = "&".join(f"{name}={value}" for name, value in {"limit": "100", **filters}.items())
    status, body = await platform.call("GET", f"/_cardwright/accounts/{account}/agreements?{query}")
    assert status == 200, body
    return list(reversed(body["data"]))


async def publish(platform: Platform, **form: str) -> tuple[int, Any]:
    return await platform.call("POST", TERMS, form=form)


async def active(platform: Platform) -> str:
    """An account that issues."""
    account = await v2(platform, ACCOUNTS, creation("gb", "individual", "gbp"))
    await v2(platform, f"{ACCOUNTS}/{account['id']}", individual(1902))
    return str(account["id"])


def accepting(**leaves: Any) -> dict[str, Any]:
    terms = {"card_creator": {"commercial": leaves}}
    return {"identity": {"attestations": {"terms_of_service": terms}}}


async def test_an_acceptance_is_recorded_with_who_and_where(platform: Platform) -> None:
    account = await active(platform)
    before = await record(platform, account)
    assert [one["agreement"] for one in before] == ["terms_of_service.account", HOLDER]
    status, _ = await platform.call(
        "POST",
        f"{ACCOUNTS}/{account}",
        json=accepting(account_holder=ACCEPTED),
        version=PREVIEW,
    )
    assert status == 200
    [added] = (await record(platform, account))[len(before) :]
    key = platform.keys.secret
    assert added == {
        **ACCEPTED,
        "id": added["id"],
        "object": "agreement",
        "account": account,
        "agreement": HOLDER,
        "created": added["created"],
        "key": f"{key[:8]}{'*' * 8}{key[-4:]}",
        "kind": "accepted",
        "livemode": False,
        "reason": None,
        "request": added["request"],
        "subject": account,
        "version": None,
    }
    assert added["request"].startswith("req_")
    # The same again, or something else, adds nothing.
    await v2(platform, f"{ACCOUNTS}/{account}", accepting(account_holder=ACCEPTED))
    await v2(platform, f"{ACCOUNTS}/{account}", {"metadata": {"a": "b"}})
    assert (await record(platform, account))[-1] == added
    assert await record(platform, account, agreement=HOLDER, kind="accepted") != []


async def test_v1_accepts_into_the_same_record(platform: Platform) -> None:
    account = await active(platform)
    form = {
        "tos_acceptance[date]": "1767323045",
        "tos_acceptance[ip]": "192.0.2.8",
        "settings[card_issuing][tos_acceptance][date]": "1767323046",
        "settings[card_issuing][tos_acceptance][ip]": "192.0.2.9",
    }
    status, _ = await platform.call("POST", f"/v1/accounts/{account}", form=form)
    assert status == 200
    added = {one["agreement"]: one["ip"] for one in (await record(platform, account))[2:]}
    assert added["terms_of_service.account"] == "192.0.2.8"
    assert "192.0.2.9" in added.values()


async def test_the_version_is_the_one_in_force_when_it_was_accepted(platform: Platform) -> None:
    for agreement, version, published in (
        ("terms_of_service", "all-1", "1262304000"),
        (COMMERCIAL, "cards-1", "1700000000"),
        (COMMERCIAL, "cards-2", "1780000000"),
        ("terms_of_service.acc", "no-prefix-of-a-member", "1262304000"),
    ):
        given = {"agreement": agreement, "version": version, "published": published}
        status, body = await publish(platform, **given, url="https://example.com/terms")
        assert (status, body["published"]) == (200, int(published)), body
    account = await active(platform)
    expected: list[tuple[str, str | None]] = [
        ("2009-06-01T00:00:00.000Z", None),
        ("2012-01-01T00:00:00.000Z", "all-1"),
        ("2026-01-01T00:00:00.000Z", "cards-1"),
        ("2026-06-01T00:00:00.000Z", "cards-2"),
    ]
    for date, current in expected:
        wanted = accepting(account_holder={**ACCEPTED, "date": date})
        await v2(platform, f"{ACCOUNTS}/{account}", wanted)
        assert (await record(platform, account))[-1]["version"] == current
    [first, *_] = await record(platform, account)
    assert (first["agreement"], first["version"]) == ("terms_of_service.account", "all-1")
    _, listed = await platform.call("GET", f"{TERMS}?agreement={COMMERCIAL}")
    assert [one["version"] for one in listed["data"]] == ["cards-2", "cards-1"]


REFUSED = [
    ({"version": "1"}, "agreement"),
    ({"agreement": "terms_of_service"}, "version"),
    ({"agreement": "Terms Of Service", "version": "1"}, "agreement"),
    ({"agreement": "terms_of_service", "version": "1", "published": "soon"}, "published"),
]


@pytest.mark.parametrize(("form", "param"), REFUSED)
async def test_terms_that_are_refused(platform: Platform, form: dict[str, str], param: str) -> None:
    status, body = await publish(platform, **form)
    assert (status, body["error"]["param"]) == (400, param)
    assert (await platform.call("GET", TERMS))[1]["data"] == []


async def test_a_version_is_published_once(platform: Platform) -> None:
    form = {"agreement": "terms_of_service", "version": "1"}
    assert (await publish(platform, **form))[0] == 200
    status, body = await publish(platform, **form)
    assert (status, body["error"]["code"]) == (400, "terms_version_published")


async def test_clearing_makes_the_terms_due_again(platform: Platform) -> None:
    account = await active(platform)
    assert charge_card(await seen(platform, account)) == "active"
    store = platform.live.application.database
    for _ in range(2):
        async with registry.transaction(store, account) as tx:
            path = f"identity.attestations.{COMMERCIAL}"
            await agreements.clear(tx, path, "29 days have passed")
    body = await seen(platform, account)
    assert charge_card(body) == "restricted"
    assert any(name.startswith(f"identity.attestations.{COMMERCIAL}") for name in due(body))
    cleared = await record(platform, account, kind="cleared")
    assert [(one["agreement"], one["reason"], one["key"]) for one in cleared] == [
        (HOLDER, "29 days have passed", None)
    ]
    # What was accepted stays on record, and accepting anew is another row.
    await v2(platform, f"{ACCOUNTS}/{account}", accepting(account_holder=ACCEPTED))
    assert charge_card(await seen(platform, account)) == "active"
    kinds = [one["kind"] for one in await record(platform, account, agreement=HOLDER)]
    assert kinds == ["accepted", "cleared", "accepted"]


async def test_clearing_a_leaf_leaves_the_others(platform: Platform) -> None:
    account = await active(platform)
    store = platform.live.application.database
    async with registry.transaction(store, account) as tx:
        state = await agreements.clear(tx, "terms_of_service.account", "they changed")
    terms = state.account.identity.attestations
    assert terms is not None
    assert terms.terms_of_service is not None
    assert terms.terms_of_service.account is None
    assert terms.terms_of_service.card_creator is not None
    async with registry.transaction(store, account) as tx:
        assert (await load_state(tx)).account == state.account


async def test_what_a_request_withdraws_is_on_record(platform: Platform) -> None:
    account = await active(platform)
    status, body = await platform.call(
        "POST", f"{ACCOUNTS}/{account}", json=accepting(account_holder=None), version=PREVIEW
    )
    if status == 200:
        [cleared] = await record(platform, account, kind="cleared")
        assert (cleared["agreement"], cleared["reason"]) == (HOLDER, "withdrawn by request")
    else:
        assert body["error"]["param"].startswith("identity.attestations")


async def test_persons_accept_too(platform: Platform) -> None:
    account, _ = await us_company(platform)
    guardian = {
        "relationship": {"legal_guardian": True},
        "additional_terms_of_service": {"account": ACCEPTED},
    }
    person = await v2(platform, f"{ACCOUNTS}/{account}/persons", guardian)
    [added] = await record(platform, account, subject=person["id"])
    assert added["agreement"] == "additional_terms_of_service.account"
    assert added["ip"] == "192.0.2.7"


async def test_the_record_of_another_platform_does_not_exist(
    platform: Platform, live: Live
) -> None:
    account = await active(platform)
    stranger = Platform(live, await create_platform(live.application.database))
    path = f"/_cardwright/accounts/{account}/agreements"
    status, body = await stranger.call("GET", path)
    assert (status, body["error"]["code"]) == (404, "resource_missing")
    status, body = await platform.call("GET", path, account=account)
    assert status == 400


def test_no_statement_changes_the_record() -> None:
    """Every statement of ours that mentions the table adds to it or reads it."""
    root = Path(cardwright.__file__).parent
    changing = re.compile(r"(update|delete\s+from)\s+account_agreements", re.I)
    assert [file for file in root.rglob("*.sql") if changing.search(file.read_text())] == []
    writes = re.compile(r"rows\.(save|delete)\([^)]*agreement", re.I)
    assert [file for file in root.rglob("*.py") if writes.search(file.read_text())] == []
