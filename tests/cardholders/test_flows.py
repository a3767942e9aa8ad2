"""What cardholders leave behind: sealed tax ids, untouched rows after a refusal."""

from typing import Any

from cardwright.kernel.vault import Vault
from cardwright.tenancy import secrets
from tests.support.server import Platform

PATH = "/v1/issuing/cardholders"
COMPANY = {
    "name": "Rocket Rides",
    "type": "company",
    "company[tax_id]": "000000000",
    "billing[address][line1]": "123 Main St",
    "billing[address][city]": "San Francisco",
    "billing[address][state]": "CA",
    "billing[address][postal_code]": "94111",
    "billing[address][country]": "us",
}


async def test_a_tax_id_is_sealed_and_never_shown(platform: Platform, vault: Vault) -> None:
    status, holder = await platform.call("POST", PATH, form=COMPANY)
    assert status == 200
    assert holder["company"] == {"tax_id_provided": True}
    assert holder["billing"]["address"]["country"] == "US"
    async with platform.live.application.database.connection() as connection:
        body = await connection.fetchval("select body from cardholders where id = $1", holder["id"])
        assert "000000000" not in body
        kept = await secrets.get(
            connection, vault, platform.keys.account_id, holder["id"], "company.tax_id"
        )
    assert kept == "000000000"


async def test_a_refused_update_leaves_the_row_as_it_was(platform: Platform) -> None:
    _, before = await platform.call("POST", PATH, form=COMPANY)
    wrong: list[dict[str, str]] = [
        {"status": "blocked"},
        {"name": "Other"},
        {"type": "individual"},
        {"email": "nobody"},
        {"metadata[k]": "v", "spending_controls[spending_limits][0][interval]": "daily"},
        {"metadata[k]": "v", "billing[address][city]": "Oakland"},
    ]
    for form in wrong:
        status, body = await platform.call("POST", f"{PATH}/{before['id']}", form=form)
        assert status == 400, form
        assert body["error"]["message"]
    _, after = await platform.call("GET", f"{PATH}/{before['id']}")
    assert after == before


async def test_update_merges_controls_and_replaces_the_address(platform: Platform) -> None:
    _, before = await platform.call("POST", PATH, form=COMPANY)
    changes: dict[str, str] = {
        "spending_controls[blocked_categories][]": "bakeries",
        "spending_controls[spending_limits_currency]": "usd",
        "billing[address][line1]": "510 Townsend Street",
        "billing[address][city]": "San Francisco",
        "billing[address][postal_code]": "94111",
        "billing[address][country]": "US",
    }
    _, after = await platform.call("POST", f"{PATH}/{before['id']}", form=changes)
    assert after["billing"]["address"]["state"] is None
    assert after["spending_controls"]["blocked_categories"] == ["bakeries"]
    cleared = {"spending_controls[blocked_categories]": ""}
    _, again = await platform.call("POST", f"{PATH}/{before['id']}", form=cleared)
    controls: Any = again["spending_controls"]
    assert controls["blocked_categories"] == []
    assert controls["spending_limits_currency"] == "usd"
