"""The operator verifies: cases queue up and are approved, rejected or sent back for a document."""

from typing import Any

import pytest

from cardwright.accounts import flows, reviewing
from cardwright.accounts.requirements.error_words import ERROR_WORDS
from cardwright.accounts.verification import cases as verification_cases
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy import registry, secrets
from tests.accounts.calls import ACCOUNTS, US_ADDRESS
from tests.accounts.verification.verifying import (
    CASES,
    EIN,
    PROVIDER,
    SSN,
    cases,
    charge_card,
    decide,
    due,
    gb_individual,
    livemode,
    seen,
    us_company,
    v2,
    verifying,
)
from tests.files.uploads import uploaded
from tests.support.server import Live, Platform

OPEN = {"status": "needs_review"}


@pytest.fixture
async def operator(live: Live) -> Platform:
    """A platform of the live environment, whose operator verifies."""
    return await livemode(live)


async def test_an_account_becomes_active_when_everything_is_approved(operator: Platform) -> None:
    account, person = await us_company(operator)
    body = await seen(operator, account)
    assert charge_card(body) == "pending"
    assert due(body) == {}
    waiting = await cases(operator, **OPEN)
    assert sorted(waiting) == [
        "acct.address",
        "acct.id_number",
        "pers.address",
        "pers.id_number",
        "pers.identity",
    ]
    assert verifying(body)
    for case in waiting.values():
        assert case["account"] == account
        assert case["provider"] == "manual"
        assert case["subject"] in (account, person)
        assert charge_card(await seen(operator, account)) == "pending"
        answered = await decide(operator, case["id"], "approve")
        assert (answered["status"], answered["answered_by"]) == ("approved", "operator")
    assert charge_card(await seen(operator, account)) == "active"
    assert await cases(operator, **OPEN) == {}


async def test_a_case_shows_its_values_and_the_end_of_a_number(operator: Platform) -> None:
    await us_company(operator)
    waiting = await cases(operator)
    shown = {}
    for name, case in waiting.items():
        assert "values" not in case
        status, body = await operator.call("GET", f"{CASES}/{case['id']}")
        assert status == 200
        shown[name] = body["values"]
    assert shown["pers.identity"] == {"name": "Jenny Rosen", "date_of_birth": "1978-11-12"}
    assert shown["pers.id_number"]["value"] == "*****6789"
    assert shown["acct.id_number"]["value"] == "*****2376"
    assert shown["acct.address"]["line1"] == "123 Main Street"


REJECTED: list[tuple[str, str, dict[str, list[str]]]] = [
    (
        "pers.identity",
        "verification_failed_keyed_identity",
        {"representative.documents.primary_verification": ["verification_failed_keyed_identity"]},
    ),
    (
        "pers.id_number",
        "verification_failed_id_number_match",
        {"representative.id_numbers.us_ssn": ["verification_failed_id_number_match"]},
    ),
    (
        "pers.address",
        "verification_failed_residential_address",
        {
            "representative.documents.secondary_verification": [
                "verification_failed_residential_address"
            ]
        },
    ),
    (
        "acct.id_number",
        "verification_failed_tax_id_not_issued",
        {"identity.business_details.id_numbers.us_ein": ["verification_failed_tax_id_not_issued"]},
    ),
    (
        "acct.address",
        "invalid_address_private_mailbox",
        {"identity.business_details.address.line1": ["invalid_address_private_mailbox"]},
    ),
]


@pytest.mark.parametrize(("name", "code", "expected"), REJECTED)
async def test_a_rejection_is_a_requirement_with_its_error(
    operator: Platform, name: str, code: str, expected: dict[str, list[str]]
) -> None:
    account, _ = await us_company(operator)
    for one, case in (await cases(operator)).items():
        if one == name:
            answered = await decide(operator, case["id"], "reject", code=code)
            assert (answered["status"], answered["code"]) == ("rejected", code)
        else:
            await decide(operator, case["id"], "approve")
    body = await seen(operator, account)
    assert due(body) == expected
    assert charge_card(body) == "restricted"


async def test_a_document_is_asked_for_and_makes_it_good(operator: Platform) -> None:
    account, person = await us_company(operator)
    waiting = await cases(operator)
    asked = await decide(operator, waiting.pop("pers.id_number")["id"], "request_document")
    assert asked["status"] == "document_requested"
    for case in waiting.values():
        await decide(operator, case["id"], "approve")
    path = "representative.documents.primary_verification"
    assert due(await seen(operator, account)) == {path: ["verification_failed_id_number_match"]}

    for code in ("verification_document_expired", None):
        file = await uploaded(operator, account)
        sides = {"type": "front_back", "front_back": {"front": file["id"]}}
        wanted = {"documents": {"primary_verification": sides}}
        await v2(operator, f"{ACCOUNTS}/{account}/persons/{person}", wanted)
        assert verifying(await seen(operator, account)) == {path}
        case = (await cases(operator, **OPEN))["pers.document"]
        if code is not None:
            await decide(operator, case["id"], "reject", code=code)
            found = due(await seen(operator, account))
            assert found == {path: ["verification_failed_id_number_match", code]}
        else:
            await decide(operator, case["id"], "approve")
    assert charge_card(await seen(operator, account)) == "active"


async def test_values_that_change_supersede_their_case(operator: Platform) -> None:
    account, person = await gb_individual(operator)
    first = (await cases(operator))["pers.identity"]
    path = f"{ACCOUNTS}/{account}"

    async def born(year: int) -> None:
        date = {"day": 1, "month": 1, "year": year}
        await v2(operator, path, {"identity": {"individual": {"date_of_birth": date}}})

    await born(1979)
    status, body = await operator.call("GET", f"{CASES}/{first['id']}")
    assert (body["status"], body["values"]) == ("superseded", None)
    status, body = await operator.call("POST", f"{CASES}/{first['id']}/approve")
    assert (status, body["error"]["code"]) == (400, "verification_case_superseded")
    second = (await cases(operator, **OPEN))["pers.identity"]
    assert second["id"] != first["id"]
    # The first values again: their case again, not a third one.
    await born(1978)
    assert (await cases(operator, **OPEN))["pers.identity"]["id"] == first["id"]
    await decide(operator, first["id"], "reject", code="verification_failed_keyed_identity")
    # Answered values are not asked about again, in either order.
    await born(1979)
    await decide(operator, second["id"], "approve")
    await born(1978)
    assert "pers.identity" not in await cases(operator, **OPEN)
    wanted = "identity.individual.documents.primary_verification"
    assert due(await seen(operator, account)) == {wanted: ["verification_failed_keyed_identity"]}
    await born(1979)
    assert due(await seen(operator, account)) == {}
    listed = await operator.call("GET", f"{CASES}?kind=identity&subject={person}")
    assert len(listed[1]["data"]) == 2


async def test_a_call_that_changes_no_value_asks_nothing(operator: Platform) -> None:
    account, _ = await gb_individual(operator)
    before = await cases(operator)
    await v2(operator, f"{ACCOUNTS}/{account}", {"metadata": {"a": "b"}})
    assert await cases(operator) == before


async def test_the_operator_may_think_again(operator: Platform) -> None:
    account, _ = await gb_individual(operator)
    waiting = await cases(operator)
    for case in waiting.values():
        await decide(operator, case["id"], "approve")
    assert charge_card(await seen(operator, account)) == "active"
    case = waiting["pers.identity"]
    for _ in range(2):
        await decide(operator, case["id"], "reject", code="verification_failed_other")
    assert charge_card(await seen(operator, account)) == "restricted"
    await decide(operator, case["id"], "approve")
    assert charge_card(await seen(operator, account)) == "active"


async def test_a_closed_account_needs_no_answer(operator: Platform) -> None:
    account, _ = await gb_individual(operator)
    case = (await cases(operator))["pers.identity"]
    status, _ = await operator.call("DELETE", f"/v1/accounts/{account}")
    assert status == 200
    assert await cases(operator, **OPEN) == {}
    status, body = await operator.call("POST", f"{CASES}/{case['id']}/approve")
    assert (status, body["error"]["code"]) == (400, "verification_case_superseded")


async def test_another_door_closes_the_case_too(operator: Platform) -> None:
    account, person = await gb_individual(operator)
    async with registry.transaction(operator.live.application.database, account) as tx:
        await flows.record_verification(tx, person, "identity", "verified")
    assert (await cases(operator))["pers.identity"]["status"] == "approved"


async def test_what_is_refused(operator: Platform) -> None:
    await us_company(operator)
    waiting = await cases(operator)
    identity, address = waiting["pers.identity"]["id"], waiting["acct.address"]["id"]
    wanted: list[tuple[str, dict[str, str], int, str | None, str | None]] = [
        (f"{identity}/reject", {}, 400, "parameter_missing", "code"),
        (f"{identity}/reject", {"code": "no_code"}, 400, None, "code"),
        (f"{identity}/request_document", {"code": "no_code"}, 400, None, "code"),
        (f"{address}/request_document", {}, 400, "verification_document_useless", None),
        ("vcase_none/approve", {}, 404, "resource_missing", "id"),
    ]
    for path, form, expected, code, param in wanted:
        status, body = await operator.call("POST", f"{CASES}/{path}", form=form)
        assert status == expected, body
        assert body["error"].get("param") == param
        if code is not None:
            assert body["error"]["code"] == code
    assert await cases(operator) == waiting


async def test_the_cases_of_another_platform_do_not_exist(operator: Platform, live: Live) -> None:
    await gb_individual(operator)
    case = (await cases(operator))["pers.identity"]["id"]
    stranger = await livemode(live)
    assert await cases(stranger) == {}
    for method, path in (("GET", case), ("POST", f"{case}/approve")):
        status, body = await stranger.call(method, f"{CASES}/{path}")
        assert (status, body["error"]["code"]) == (404, "resource_missing")
    assert (await cases(operator))["pers.identity"]["status"] == "needs_review"


async def test_a_test_platform_may_have_an_operator_too(platform: Platform) -> None:
    status, body = await platform.call("POST", PROVIDER, form={"provider": "manual"})
    assert (status, body["provider"]) == (200, "manual")
    account, _ = await gb_individual(platform)
    assert set(await cases(platform)) == {"pers.identity", "pers.address"}
    status, body = await platform.call("POST", PROVIDER, form={"provider": ""})
    assert (status, body["provider"]) == (200, "test_values")
    # What was begun is finished by whom it was begun with.
    for case in (await cases(platform)).values():
        await decide(platform, case["id"], "approve")
    assert charge_card(await seen(platform, account)) == "active"


async def test_what_test_values_leave_open_is_the_operators(platform: Platform) -> None:
    account, _ = await us_company(
        platform,
        date_of_birth={"day": 1, "month": 1, "year": 1902},
        address={**US_ADDRESS, "line1": "address_full_match"},
        id_numbers=[{"type": "us_ssn", "value": "222222222"}],
    )
    details = {
        "address": {"line1": "address_full_match"},
        "id_numbers": [{"type": "us_ein", "value": "222221005"}],
    }
    body = await v2(platform, f"{ACCOUNTS}/{account}", {"identity": {"business_details": details}})
    body = await seen(platform, account)
    assert charge_card(body) == "pending"
    assert verifying(body) == {"identity.business_details.id_numbers.us_ein"}
    [case] = (await cases(platform, **OPEN)).values()
    assert case["subject"] == account
    await decide(platform, case["id"], "approve")
    assert charge_card(await seen(platform, account)) == "active"


PROVIDERS: list[tuple[bool, dict[str, str], int, str | None]] = [
    (False, {"provider": "http"}, 400, "url"),
    (False, {"provider": "http", "url": "nowhere"}, 400, "url"),
    (False, {"provider": "somebody"}, 400, "provider"),
    (True, {"provider": "test_values"}, 400, "provider"),
    (True, {"provider": "http", "url": "http://192.0.2.1/"}, 400, "url"),
    (True, {"provider": "http", "url": "https://192.168.1.1/"}, 400, "url"),
]


@pytest.mark.parametrize(("is_live", "form", "expected", "param"), PROVIDERS)
async def test_providers_that_are_refused(
    live: Live, is_live: bool, form: dict[str, str], expected: int, param: str | None
) -> None:
    keys = await create_platform(live.application.database, livemode=is_live)
    platform = Platform(live, keys)
    before = await platform.call("GET", PROVIDER)
    assert before[1]["provider"] == ("manual" if is_live else "test_values")
    status, body = await platform.call("POST", PROVIDER, form=form)
    assert (status, body["error"]["param"]) == (expected, param)
    assert await platform.call("GET", PROVIDER) == before


async def test_a_payment_webhook_and_a_provider_do_not_forget_each_other(
    platform: Platform,
) -> None:
    url = {"url": "http://127.0.0.1:1/"}
    await platform.call("POST", PROVIDER, form={"provider": "http", **url})
    await platform.call("POST", "/_cardwright/authorization_webhook", form=url)
    assert (await platform.call("GET", PROVIDER))[1]["provider"] == "http"
    await platform.call("POST", PROVIDER, form={"provider": "manual"})
    _, body = await platform.call("GET", "/_cardwright/authorization_webhook")
    assert body["url"] == url["url"]


async def test_numbers_are_sealed(operator: Platform) -> None:
    account, person = await us_company(operator)
    database = operator.live.application.database
    for subject, kind, value in ((account, "us_ein", EIN), (person, "us_ssn", SSN)):
        async with database.connection() as connection:
            kept = await secrets.get(
                connection, database.vault, account, subject, f"id_number.{kind}"
            )
        assert kept == value


def test_every_code_of_a_request_has_words() -> None:
    kinds = set(reviewing.CODES_OF_KINDS.values()) | {reviewing.BUSINESS_NUMBER_CODE}
    assert kinds <= set(ERROR_WORDS)
    assert verification_cases.OPEN.isdisjoint(verification_cases.ANSWERED)


async def test_v1_says_how_far_a_person_is(operator: Platform) -> None:
    account, _ = await gb_individual(operator)

    async def verification() -> Any:
        _, body = await operator.call("GET", f"/v1/accounts/{account}")
        return body["individual"]["verification"]

    assert (await verification())["status"] == "pending"
    waiting = await cases(operator)
    await decide(operator, waiting["pers.address"]["id"], "approve")
    code = "verification_failed_keyed_identity"
    await decide(operator, waiting["pers.identity"]["id"], "reject", code=code)
    found = await verification()
    assert (found["status"], found["details_code"]) == ("unverified", "failed_keyed_identity")
    assert found["details"] == ERROR_WORDS[code]
    assert found["document"]["details_code"] is None

    for code, shown in (
        ("verification_document_expired", "document_expired"),
        ("verification_document_not_readable", "document_not_readable"),
    ):
        file = await uploaded(operator, account)
        member = "individual[verification][document][front]"
        status, _ = await operator.call(
            "POST", f"/v1/accounts/{account}", form={member: file["id"]}
        )
        assert status == 200
        assert (await verification())["status"] == "pending"
        case = (await cases(operator, **OPEN))["pers.document"]
        await decide(operator, case["id"], "reject", code=code)
        found = await verification()
        assert found["status"] == "unverified"
        assert found["document"]["front"] == file["id"]
        assert found["document"]["details_code"] == shown
        assert found["document"]["details"] == ERROR_WORDS[code]
        assert found["additional_document"]["details_code"] is None
    await decide(operator, case["id"], "approve")
    found = await verification()
    assert (found["status"], found["details"], found["details_code"]) == ("verified", None, None)
    assert found["document"]["details_code"] is None


async def test_v1_says_what_is_wrong_with_a_business_document(operator: Platform) -> None:
    account, _ = await us_company(operator)
    for name, case in (await cases(operator)).items():
        if name == "acct.id_number":
            await decide(operator, case["id"], "request_document")
        else:
            await decide(operator, case["id"], "approve")
    file = await uploaded(operator, account, purpose="additional_verification")
    form = {"company[verification][document][front]": file["id"]}
    await operator.call("POST", f"/v1/accounts/{account}", form=form)
    case = (await cases(operator, **OPEN))["acct.document"]
    await decide(operator, case["id"], "reject", code="verification_document_expired")
    _, body = await operator.call("GET", f"/v1/accounts/{account}")
    document = body["company"]["verification"]["document"]
    assert document["details_code"] == "document_expired"
    assert "company.verification.document" in body["requirements"]["currently_due"]
    await decide(operator, case["id"], "approve")
    _, body = await operator.call("GET", f"/v1/accounts/{account}")
    assert body["capabilities"]["card_issuing"] == "active"
