"""Card programs on a live port: the platform's own, and those of its connected accounts."""

import asyncio
from typing import Any

import pytest

from cardwright.accounts.record.capabilities import known
from cardwright.kernel.refusal import Failure
from cardwright.programs import flows
from cardwright.roles.provisioning import create_platform
from cardwright.tenancy import registry
from tests.support.server import Platform

VERSION = "2026-05-27.preview; issuing_program_beta=v2"
PATH = "/v1/issuing/programs"
CAPABILITIES = "include[0]=configuration.card_creator"


async def programs_of(platform: Platform, account: str | None = None) -> list[dict[str, Any]]:
    path = f"{PATH}?limit=100"
    status, body = await platform.call("GET", path, account=account, version=VERSION)
    assert status == 200, body
    assert body["object"] == "list"
    return list(body["data"])


async def own_program(platform: Platform, region: str) -> str:
    listed = await programs_of(platform)
    return str(next(one["id"] for one in listed if one["metadata"]["region"] == region))


async def new_account(
    platform: Platform, country: str = "us", *, transfers: bool = True, dashboard: str = "none"
) -> str:
    collector = "application" if dashboard == "none" else "stripe"
    recipient = {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
    status, body = await platform.call(
        "POST",
        "/v2/core/accounts",
        version="2025-09-30.preview",
        json={
            "dashboard": dashboard,
            "identity": {"country": country, "entity_type": "company"},
            "configuration": {"recipient": recipient} if transfers else {},
            "defaults": {
                "responsibilities": {"fees_collector": collector, "losses_collector": collector}
            },
        },
    )
    assert status == 200, body
    return str(body["id"])


async def attach(
    platform: Platform, account: str | None, program: str, **more: str
) -> tuple[int, Any]:
    form = {"platform_program": program, **more}
    return await platform.call("POST", PATH, account=account, version=VERSION, form=form)


async def capabilities_of(platform: Platform, account: str) -> Any:
    _, body = await platform.call(
        "GET", f"/v2/core/accounts/{account}?{CAPABILITIES}", version="2025-09-30.preview"
    )
    card_creator = body["configuration"]["card_creator"]
    return card_creator and card_creator["capabilities"]["commercial"]


async def test_a_platform_starts_with_a_program_for_each_region(platform: Platform) -> None:
    listed = await programs_of(platform)
    offered = {(one["metadata"]["region"], one["metadata"]["capability"]) for one in listed}
    wanted = {
        (region, path)
        for path, line in known().items()
        for region, country in (("US", "US"), ("GB", "GB"), ("EU", "IE"))
        if path.startswith("card_creator.") and country in line.countries
    }
    assert offered == wanted
    assert len(listed) == len(wanted)
    for one in listed:
        assert one["object"] == "issuing.program"
        assert one["platform_program"] is None
        assert sorted(one) == [
            "created",
            "id",
            "is_default",
            "metadata",
            "object",
            "platform_program",
        ]


@pytest.mark.parametrize(
    ("country", "region", "sponsor", "capability"),
    [
        ("us", "US", "celtic", "spend_card"),
        ("gb", "GB", "stripe", "charge_card"),
        ("de", "EU", "stripe", "charge_card"),
    ],
)
async def test_attaching_a_program_requests_its_capability(
    platform: Platform, country: str, region: str, sponsor: str, capability: str
) -> None:
    account = await new_account(platform, country)
    assert await capabilities_of(platform, account) is None
    program = await own_program(platform, region)
    status, body = await attach(platform, account, program, is_default="true")
    assert status == 200, body
    assert body["platform_program"] == program
    assert body["is_default"] is True
    commercial = await capabilities_of(platform, account)
    assert commercial[sponsor][capability]["requested"] is True
    assert await programs_of(platform, account) == [body]


async def test_requesting_the_capability_makes_no_program(platform: Platform) -> None:
    account = await new_account(platform)
    wanted = {"commercial": {"celtic": {"spend_card": {"requested": True}}}}
    status, _ = await platform.call(
        "POST",
        f"/v2/core/accounts/{account}",
        version="2025-09-30.preview",
        json={"configuration": {"card_creator": {"capabilities": wanted}}},
    )
    assert status == 200
    assert await programs_of(platform, account) == []


async def test_a_new_default_takes_the_place_of_the_old_one(platform: Platform) -> None:
    first, second, *_ = [
        one["id"] for one in await programs_of(platform) if one["metadata"].get("region") == "US"
    ]
    account = await new_account(platform)
    _, one = await attach(platform, account, first)
    assert one["is_default"] is True
    _, other = await attach(platform, account, second, is_default="true")
    listed = await programs_of(platform, account)
    assert {item["id"]: item["is_default"] for item in listed} == {
        one["id"]: False,
        other["id"]: True,
    }
    status, changed = await platform.call(
        "POST",
        f"{PATH}/{one['id']}",
        account=account,
        version=VERSION,
        form={"is_default": "true", "metadata[order]": "1"},
    )
    assert (status, changed["is_default"], changed["metadata"]) == (200, True, {"order": "1"})
    status, other = await platform.call(
        "GET", f"{PATH}/{other['id']}", account=account, version=VERSION
    )
    assert other["is_default"] is False


async def test_one_default_however_many_are_named_at_once(platform: Platform) -> None:
    offered = [
        one["id"] for one in await programs_of(platform) if one["metadata"].get("region") == "US"
    ]
    account = await new_account(platform)
    _, first = await attach(platform, account, offered[0])

    async def name_first() -> int:
        status, _ = await platform.call(
            "POST",
            f"{PATH}/{first['id']}",
            account=account,
            version=VERSION,
            form={"is_default": "true"},
        )
        return status

    attaching = [attach(platform, account, offered[1], is_default="true") for _ in range(6)]
    made, named = await asyncio.gather(
        asyncio.gather(*attaching), asyncio.gather(*(name_first() for _ in range(6)))
    )
    assert sorted(status for status, _ in made) == [200] + [400] * 5
    assert set(named) == {200}
    listed = await programs_of(platform, account)
    assert [one["is_default"] for one in listed].count(True) == 1


async def test_refusals_are_clear(platform: Platform) -> None:
    account = await new_account(platform)
    american = await own_program(platform, "US")
    status, body = await attach(platform, account, "iprg_none")
    assert (status, body["error"]["code"]) == (404, "resource_missing")
    assert body["error"]["param"] == "platform_program"
    status, body = await attach(platform, account, await own_program(platform, "GB"))
    assert status == 400
    assert "gbp" in body["error"]["message"]
    status, body = await attach(platform, None, american)
    assert status == 400
    assert "Stripe-Account" in body["error"]["message"]
    assert (await attach(platform, account, american))[0] == 200
    status, body = await attach(platform, account, american)
    assert status == 400
    assert american in body["error"]["message"]
    status, body = await platform.call(
        "POST", PATH, account=account, version=VERSION, form={"is_default": "true"}
    )
    assert (status, body["error"]["param"]) == (400, "platform_program")


async def test_an_account_with_a_dashboard_of_its_own_cannot_issue(platform: Platform) -> None:
    account = await new_account(platform, dashboard="full")
    status, body = await attach(platform, account, await own_program(platform, "US"))
    assert (status, body["error"]["code"]) == (400, "capability_not_available_for_dashboard_type")
    assert await programs_of(platform, account) == []


@pytest.mark.parametrize("version", ["2026-05-27.preview", None, "2026-05-27.dahlia"])
async def test_without_the_flag_there_is_no_such_url(
    platform: Platform, version: str | None
) -> None:
    status, body = await platform.call("GET", PATH, version=version)
    assert (status, body["error"]["type"]) == (404, "invalid_request_error")


async def test_the_program_of_another_platform_does_not_exist(platform: Platform) -> None:
    account = await new_account(platform)
    other = Platform(platform.live, await create_platform(platform.live.application.database))
    foreign = await own_program(other, "US")
    assert (await attach(platform, account, foreign))[0] == 404


async def test_cards_are_issued_under_the_default(platform: Platform) -> None:
    account = await new_account(platform)
    database = platform.live.application.database
    async with registry.transaction(database, account) as tx:
        with pytest.raises(Failure, match="no default card program"):
            await flows.choose_program(tx)
    _, program = await attach(platform, account, await own_program(platform, "US"))
    async with registry.transaction(database, account) as tx:
        chosen = await flows.choose_program(tx)
        assert chosen.id == program["id"]
        assert chosen.offering.currency == "usd"
        assert chosen.offering.bin.startswith("400000")
        with pytest.raises(Failure, match="No such program"):
            await flows.choose_program(tx, await own_program(platform, "US"))
