"""Requirements that are added to an active account, and those that its card spend makes due."""

import asyncio
from typing import Any

import pytest

from cardwright.accounts.requirements.store import VOLUME
from tests.accounts.calls import ACCOUNTS, PREVIEW, creation
from tests.simulator.clocks import DAY, START, advance, new_clock
from tests.support.issuing import issuing_account
from tests.support.server import Platform
from tests.support.spending import HELPERS, spender

GENERAL = "2026-05-27.dahlia"
DOCUMENT = "identity.individual.documents.primary_verification"
SUCCESS = "file_identity_document_success"
STRUCTURE = "identity.business_details.structure"
GIVEN = {"individual[verification][document][front]": "file_identity_document_success"}
SEEN = (
    "include[0]=configuration.card_creator&include[1]=requirements&include[2]=future_requirements"
)


async def added(
    platform: Platform, account: str, *, door: str = "/_cardwright", **form: str
) -> Any:
    path = f"{door}/accounts/{account}/requirements"
    status, body = await platform.call("POST", path, form=form)
    assert status == 200, body
    return body


async def v1(platform: Platform, account: str) -> Any:
    status, body = await platform.call("GET", f"/v1/accounts/{account}")
    assert status == 200, body
    return body


async def v2(platform: Platform, account: str) -> Any:
    path = f"{ACCOUNTS}/{account}?{SEEN}"
    status, body = await platform.call("GET", path, version="2026-06-24.preview")
    assert status == 200, body
    return body


async def document(platform: Platform, account: str) -> Any:
    """Give a good document and wait until it is verified and the account active."""
    status, body = await platform.call("POST", f"/v1/accounts/{account}", form=GIVEN)
    assert (status, body["requirements"]["past_due"]) == (200, [])
    for _ in range(60):
        body = await v1(platform, account)
        if body["capabilities"]["card_issuing"] == "active":
            return body
        await asyncio.sleep(0.1)
    raise AssertionError(body["requirements"])


def charge_card(body: Any) -> Any:
    commercial = body["configuration"]["card_creator"]["capabilities"]["commercial"]
    return commercial["stripe"]["charge_card"]


async def types(platform: Platform, account: str) -> list[str]:
    rows = await platform.live.application.database.pool.fetch(
        "select type from events where account_id = $1 order by id", account
    )
    return [row["type"] for row in rows]


@pytest.mark.parametrize("door", ["/_cardwright", "/v1/test_helpers"])
async def test_a_missed_requirement_restricts_until_it_is_met(
    platform: Platform, door: str
) -> None:
    clock = await new_clock(platform)
    account = await issuing_account(platform, test_clock=clock)
    deadline = START + 14 * DAY
    made = await added(platform, account, door=door, requirement=DOCUMENT, deadline=str(deadline))
    assert made == {
        "id": made["id"],
        "object": "added_requirement",
        "account": account,
        "created": START,
        "deadline": deadline,
        "effective_at": START,
        "livemode": False,
        "person": None,
        "requirement": DOCUMENT,
        "restricts": ["issuing"],
        "status": "currently_due",
    }
    assert made["id"].startswith("areq_")
    body = await v1(platform, account)
    assert body["capabilities"]["card_issuing"] == "active"
    assert body["requirements"]["currently_due"] == ["individual.verification.document"]
    assert body["requirements"]["past_due"] == []
    assert body["requirements"]["current_deadline"] == deadline
    assert body["requirements"]["disabled_reason"] is None

    await advance(platform, clock, deadline)
    body = await v1(platform, account)
    assert body["capabilities"] == {
        "card_issuing": "inactive",
        "card_issuing_charge_card": "inactive",
        "transfers": "active",
    }
    assert body["requirements"]["past_due"] == ["individual.verification.document"]
    assert body["requirements"]["disabled_reason"] == "requirements.past_due"
    shown = await v2(platform, account)
    assert charge_card(shown)["status"] == "restricted"
    (entry,) = shown["requirements"]["entries"]
    assert entry["minimum_deadline"] == {"status": "past_due"}
    (listed,) = (await platform.call("GET", f"/_cardwright/accounts/{account}/requirements"))[1][
        "data"
    ]
    assert listed == {**made, "status": "past_due"}

    body = await document(platform, account)
    assert body["requirements"]["eventually_due"] == []
    updates = "v2.core.account[configuration.card_creator].capability_status_updated"
    # active, restricted, pending, active
    assert (await types(platform, account)).count(updates) == 4


async def test_a_future_requirement_becomes_one(platform: Platform) -> None:
    clock = await new_clock(platform)
    account = await issuing_account(platform, test_clock=clock)
    begin, deadline = START + 30 * DAY, START + 60 * DAY
    made = await added(
        platform,
        account,
        requirement=DOCUMENT,
        effective_at=str(begin),
        deadline=str(deadline),
    )
    assert made["status"] == "future"
    body = await v1(platform, account)
    assert body["requirements"]["eventually_due"] == []
    assert body["future_requirements"]["currently_due"] == ["individual.verification.document"]
    assert body["future_requirements"]["current_deadline"] == begin
    status, capability = await platform.call(
        "GET", f"/v1/accounts/{account}/capabilities/card_issuing"
    )
    assert capability["future_requirements"] == body["future_requirements"]
    _, transfers = await platform.call("GET", f"/v1/accounts/{account}/capabilities/transfers")
    assert transfers["future_requirements"]["eventually_due"] == []
    shown = await v2(platform, account)
    assert shown["future_requirements"]["minimum_transition_date"] == "2040-01-31T00:00:00.000Z"
    assert [entry["description"] for entry in shown["future_requirements"]["entries"]] == [DOCUMENT]
    status, general = await platform.call(
        "GET", f"{ACCOUNTS}/{account}?include[0]=future_requirements", version=GENERAL
    )
    assert status == 200
    assert general["future_requirements"]["alternatives"] == []
    assert "v2.core.account[future_requirements].updated" in await types(platform, account)

    await advance(platform, clock, begin)
    body = await v1(platform, account)
    assert body["requirements"]["currently_due"] == ["individual.verification.document"]
    assert body["requirements"]["current_deadline"] == deadline
    assert body["future_requirements"]["eventually_due"] == []
    assert body["capabilities"]["card_issuing"] == "active"
    await advance(platform, clock, deadline)
    assert (await v1(platform, account))["capabilities"]["card_issuing"] == "inactive"

    path = f"/_cardwright/accounts/{account}/requirements/{made['id']}"
    assert await platform.call("DELETE", path) == (
        200,
        {"id": made["id"], "object": "added_requirement", "deleted": True},
    )
    assert (await v1(platform, account))["capabilities"]["card_issuing"] == "active"
    assert (await platform.call("DELETE", path))[0] == 404


async def test_what_serves_instead_is_said_outside_of_previews(platform: Platform) -> None:
    status, account = await platform.call(
        "POST", ACCOUNTS, json=creation("gb", "company", "gbp"), version=PREVIEW
    )
    assert status == 200, account
    path = f"{ACCOUNTS}/{account['id']}?include[0]=requirements"
    _, general = await platform.call("GET", path, version=GENERAL)
    assert general["requirements"]["alternatives"] == [
        {
            "options": [
                {
                    "entries": [
                        {
                            "awaiting_action_from": "user",
                            "description": "defaults.profile.product_description",
                            "errors": [],
                            "reference": None,
                        }
                    ]
                }
            ],
            "original_entries": [
                {"description": "defaults.profile.business_url", "reference": None}
            ],
        }
    ]
    _, preview = await platform.call("GET", path, version=PREVIEW)
    assert "alternatives" not in preview["requirements"]
    assert (await v1(platform, account["id"]))["requirements"]["alternatives"] == [
        {
            "alternative_fields_due": ["business_profile.product_description"],
            "original_fields_due": ["business_profile.url"],
        }
    ]


async def test_payouts_can_be_stopped_alone(platform: Platform) -> None:
    account = await issuing_account(platform)
    bank = {
        "external_account[object]": "bank_account",
        "external_account[country]": "GB",
        "external_account[currency]": "gbp",
        "external_account[routing_number]": "108800",
        "external_account[account_number]": "00012345",
    }
    assert (await v1(platform, account))["payouts_enabled"] is False
    path = f"/v1/accounts/{account}/external_accounts"
    status, body = await platform.call("POST", path, form=bank)
    assert status == 200, body
    assert (await v1(platform, account))["payouts_enabled"] is True
    made = await added(
        platform,
        account,
        requirement=DOCUMENT,
        deadline=str(1_700_000_000),
        **{"restricts[0]": "payouts"},
    )
    assert (made["status"], made["restricts"]) == ("past_due", ["payouts"])
    body = await v1(platform, account)
    assert body["payouts_enabled"] is False
    assert body["capabilities"]["card_issuing"] == "active"
    (entry,) = (await v2(platform, account))["requirements"]["entries"]
    assert entry["impact"]["restricts_capabilities"] == [
        {
            "capability": "stripe_balance.payouts",
            "configuration": "recipient",
            "deadline": {"status": "past_due"},
        }
    ]
    await document(platform, account)
    assert (await v1(platform, account))["payouts_enabled"] is True


async def test_card_spend_makes_a_document_due(platform: Platform) -> None:
    clock = await new_clock(platform)
    controls = {
        "spending_controls[spending_limits][0][amount]": "99999999",
        "spending_controls[spending_limits][0][interval]": "all_time",
    }
    one = await spender(platform, funds=30_000_000, card=controls, test_clock=clock)
    now = START

    async def spend(amount: int) -> Any:
        # The network may settle more than was asked for.
        made = await one.authorize(1)
        capture = {"capture_amount": str(amount)}
        await one.done("POST", f"{HELPERS}/{made['id']}/capture", capture)
        # The account is looked at by a deadline of the instant, which its clock meets.
        nonlocal now
        now += 1
        await advance(platform, clock, now)
        return (await v1(platform, one.account))["requirements"]

    assert (await spend(12_499_999))["eventually_due"] == []
    found = await spend(1)
    assert found["eventually_due"] == ["individual.verification.document"]
    assert found["currently_due"] == []
    found = await spend(12_500_000)
    assert found["currently_due"] == ["individual.verification.document"]
    crossed = now - 1
    assert found["current_deadline"] == crossed + 30 * DAY
    await advance(platform, clock, crossed + 30 * DAY)
    body = await v1(platform, one.account)
    assert body["capabilities"]["card_issuing"] == "inactive"
    assert not (await one.authorize(1))["approved"]
    await document(platform, one.account)
    pool = platform.live.application.database.pool
    watched = "select count(*) from ledger_watches where account_id = $1 and kind = $2"
    assert await pool.fetchval(watched, one.account, VOLUME) == 0


BUSINESS = "identity.business_details"
OF_OWNER = {"deadline": "9", "person": "%OWNER%"}


async def company_with_owner(platform: Platform) -> tuple[str, str]:
    status, account = await platform.call(
        "POST", ACCOUNTS, json=creation("gb", "company", "gbp"), version=PREVIEW
    )
    assert status == 200, account
    path = f"/v1/accounts/{account['id']}/persons"
    form = {"first_name": "Jenny", "relationship[owner]": "true"}
    status, owner = await platform.call("POST", path, form=form)
    assert status == 200, owner
    return account["id"], owner["id"]


@pytest.mark.parametrize(
    ("form", "status", "param"),
    [
        ({}, 400, "requirement"),
        ({"requirement": DOCUMENT}, 400, "deadline"),
        ({"requirement": "identity.shoe_size", "deadline": "9"}, 400, "requirement"),
        ({"requirement": "v1.anything", "deadline": "9"}, 400, "requirement"),
        ({"requirement": "metadata", "deadline": "9"}, 400, "requirement"),
        (
            {"requirement": "identity.business_details.id_numbers.us_ssn", "deadline": "9"},
            400,
            "requirement",
        ),
        ({"requirement": "owners.shoe_size", "deadline": "9"}, 400, "requirement"),
        ({"requirement": "owners.email", "deadline": "9"}, 400, "person"),
        ({"requirement": "owners.email", "deadline": "9", "person": "person_none"}, 404, "person"),
        ({"requirement": "directors.email", "deadline": "9", "person": "%OWNER%"}, 400, "person"),
        ({"requirement": STRUCTURE, "deadline": "9", "person": "%OWNER%"}, 400, "person"),
        (
            {"requirement": "owners.given_name", "deadline": "9", "person": "%OWNER%"},
            400,
            "requirement",
        ),
        ({"requirement": "identity.country", "deadline": "9"}, 400, "requirement"),
        (
            {"requirement": STRUCTURE, "deadline": "1800000000", "effective_at": "1800000001"},
            400,
            "deadline",
        ),
        (
            {"requirement": DOCUMENT, "deadline": "9", "restricts[0]": "everything"},
            400,
            "restricts[0]",
        ),
        ({"requirement": DOCUMENT, "deadline": "soon"}, 400, "deadline"),
    ],
)
async def test_refusals(platform: Platform, form: dict[str, str], status: int, param: str) -> None:
    account, owner = await company_with_owner(platform)
    form = {name: value.replace("%OWNER%", owner) for name, value in form.items()}
    path = f"/_cardwright/accounts/{account}/requirements"
    answered, body = await platform.call("POST", path, form=form)
    assert (answered, body["error"].get("param")) == (status, param), body
    _, listed = await platform.call("GET", path)
    assert listed["data"] == []


async def test_what_is_asked_twice_or_of_nobody(platform: Platform) -> None:
    account, owner = await company_with_owner(platform)
    wanted = {"requirement": "owners.documents.passport", "person": owner, "deadline": "9"}
    await added(platform, account, **wanted)
    path = f"/_cardwright/accounts/{account}/requirements"
    status, body = await platform.call("POST", path, form=wanted)
    assert (status, body["error"]["param"]) == (400, "requirement")
    wanted["requirement"] = "owners.phone"
    second = await added(platform, account, **wanted)
    _, listed = await platform.call("GET", f"{path}?limit=1")
    assert ([one["id"] for one in listed["data"]], listed["has_more"]) == ([second["id"]], True)
    _, after = await platform.call("GET", f"{path}?limit=1&starting_after={second['id']}")
    assert (after["data"][0]["requirement"], after["has_more"]) == (
        "owners.documents.passport",
        False,
    )
    status, body = await platform.call("GET", f"{path}?starting_after=areq_none")
    assert (status, body["error"]["code"]) == (404, "resource_missing")

    form = {"type": "custom", "country": "GB"}
    status, blank = await platform.call("POST", "/v1/accounts", form=form)
    assert status == 200, blank
    path = f"/_cardwright/accounts/{blank['id']}/requirements"
    form = {"requirement": "identity.business_details.registration_date", "deadline": "9"}
    status, body = await platform.call("POST", path, form=form)
    assert (status, body["error"]["param"]) == (400, "restricts"), body
    status, body = await platform.call(
        "POST", "/_cardwright/accounts/acct_none/requirements", form=form
    )
    assert (status, body["error"]["code"]) == (404, "resource_missing")


async def test_the_test_helper_is_for_tests(live: Any) -> None:
    from cardwright.roles.provisioning import create_platform

    keys = await create_platform(live.application.database, livemode=True)
    platform = Platform(live, keys)
    path = "/v1/test_helpers/accounts/acct_1/requirements"
    form = {"requirement": DOCUMENT, "deadline": "9"}
    status, body = await platform.call("POST", path, form=form)
    assert (status, body["error"]["code"]) == (400, "testmode_only")


@pytest.mark.parametrize(
    ("member", "empty"),
    [
        ("individual", {"primary_verification": {"type": "front_back", "front_back": {}}}),
        (
            "individual",
            {"primary_verification": {"type": "front_back", "front_back": {"back": SUCCESS}}},
        ),
        ("individual", {"passport": {"type": "files", "files": []}}),
        ("business_details", {"proof_of_address": {"type": "files"}}),
    ],
)
async def test_a_document_without_a_file_is_none(
    platform: Platform, member: str, empty: dict[str, Any]
) -> None:
    account = await issuing_account(platform)
    (name,) = empty
    path = f"identity.{member}.documents.{name}"
    await added(platform, account, requirement=path, deadline="1")
    wanted = {"identity": {member: {"documents": empty}}}
    call = f"{ACCOUNTS}/{account}"
    status, body = await platform.call("POST", call, json=wanted, version=PREVIEW)
    assert status == 200, body
    seen = await v2(platform, account)
    assert [one["description"] for one in seen["requirements"]["entries"]] == [path]
    assert charge_card(seen)["status"] == "restricted"
