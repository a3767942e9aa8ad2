"""What an account is told when its credit is cut or ends."""

from tests.credit.support import POLICIES, VERSION, give_credit
from tests.support.server import Platform
from tests.support.spending import spender

NOTICES = "2026-10-14.preview"


async def test_less_credit_and_its_end_are_told(platform: Platform) -> None:
    one = await spender(platform)
    path = f"{POLICIES}/{(await give_credit(one, 5000))['id']}"

    async def told() -> list[tuple[str, str]]:
        listed = await one.done("GET", "/v1/account_notices", version=NOTICES)
        found = [(one["reason"], one["linked_objects"]["capability"]) for one in listed["data"]]
        return list(reversed(found))

    for more in ({"credit_limit_amount": "6000"}, {"days_until_due": "10"}):
        await one.done("POST", path, more, version=VERSION)
    assert await told() == []
    await one.done("POST", path, {"credit_limit_amount": "4000"}, version=VERSION)
    expected = [("issuing.credit_limit_decreased", "card_issuing_charge_card")]
    assert await told() == expected
    await one.done("POST", path, {"status": "inactive"}, version=VERSION)
    expected.append(("issuing.credit_line_closed", "card_issuing_charge_card"))
    assert await told() == expected
    # Nothing is told of what nobody can spend.
    await one.done("POST", path, {"credit_limit_amount": "1000"}, version=VERSION)
    await one.done("POST", path, {"status": "active"}, version=VERSION)
    assert await told() == expected
