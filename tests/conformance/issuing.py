"""A valid and an invalid call of every operation on cards and what they pay."""

import asyncio
from typing import Any

from tests.authorizations.real_time.test_asking import configured
from tests.conformance.walk import Walk
from tests.files.uploads import uploaded
from tests.support.receiver import Receiver, Step
from tests.support.spending import HOLDER

ISSUING, TESTS = "/v1/issuing", "/v1/test_helpers/issuing"
ADDRESS = {
    "shipping[name]": "Jenny Rosen",
    "shipping[address][line1]": "1 High Street",
    "shipping[address][city]": "London",
    "shipping[address][postal_code]": "SW1A 1AA",
    "shipping[address][country]": "GB",
}


async def walk(walk: Walk, receiver: Receiver, account: str) -> dict[str, str]:
    """From the cardholder to the dispute; the answer are ids of what was made."""
    at: dict[str, Any] = {"account": account}
    await programs(walk, at)
    await walk.done("POST", f"{TESTS}/fund_balance", form=money("90000"), **at)
    await walk.refused("POST", f"{TESTS}/fund_balance", form={"amount": "x"}, **at)
    holder = await common(walk, "cardholders", HOLDER, {"name": "A" * 25}, at)
    form = {"cardholder": holder["id"], "currency": "gbp", "type": "virtual", "status": "active"}
    card = await common(walk, "cards", form, {"type": "virtual"}, at)
    await authorizations(walk, card["id"], at)
    await answers(walk, card["id"], receiver, at)
    transaction = await transactions(walk, card["id"], at)
    await disputes(walk, transaction, at)
    await designs(walk, at)
    await shipping(walk, form, at)
    await keys_and_tokens(walk, card["id"], at)
    await funding_instructions(walk, at)
    return {"cardholder": holder["id"], "card": card["id"], "transaction": transaction}


def money(amount: str, currency: str = "gbp") -> dict[str, str]:
    """An amount."""
    return {"amount": amount, "currency": currency}


async def common(
    walk: Walk, name: str, form: dict[str, str], bad: dict[str, str], at: dict[str, Any]
) -> Any:
    """Create, list, retrieve, update."""
    path = f"{ISSUING}/{name}"
    made = await walk.done("POST", path, form=form, **at)
    await walk.refused("POST", path, form=bad, **at)
    await read(walk, path, made["id"], at)
    await walk.done("POST", f"{path}/{made['id']}", form={"metadata[a]": "b"}, **at)
    await walk.refused("POST", f"{path}/{made['id']}", form={"nonsense": "1"}, **at)
    return made


async def read(walk: Walk, path: str, one: str, at: dict[str, Any]) -> None:
    """List and retrieve."""
    await walk.done("GET", path, **at)
    await walk.refused("GET", f"{path}?limit=1000", **at)
    await walk.done("GET", f"{path}/{one}", **at)
    await walk.refused("GET", f"{path}/no_such", **at)


async def programs(walk: Walk, at: dict[str, Any]) -> None:
    """One of the platform's is attached."""
    path = f"{ISSUING}/programs"
    own = (await walk.done("GET", path))["data"]
    british = next(one["id"] for one in own if one["metadata"]["region"] == "GB")
    form = {"platform_program": british, "is_default": "true"}
    program = await walk.done("POST", path, form=form, **at)
    await walk.refused("POST", path, form={"platform_program": "iprg_no"}, **at)
    await read(walk, path, program["id"], at)
    await walk.done("POST", f"{path}/{program['id']}", form={"is_default": "true"}, **at)
    await walk.refused("POST", f"{path}/{program['id']}", form={"nonsense": "1"}, **at)


async def authorizations(walk: Walk, card: str, at: dict[str, Any]) -> None:
    """Every helper: one that is allowed, one that is not."""
    path, helpers = f"{ISSUING}/authorizations", f"{TESTS}/authorizations"

    async def pay(**more: str) -> str:
        form = {"card": card, "amount": "100", **more}
        made = await walk.done("POST", helpers, form=form, **at)
        assert made["approved"], made
        return str(made["id"])

    await walk.refused("POST", helpers, form={"card": "ic_no", "amount": "1"}, **at)
    first = await pay()
    await read(walk, path, first, at)
    await walk.done("POST", f"{path}/{first}", form={"metadata[a]": "b"}, **at)
    await walk.refused("POST", f"{path}/{first}", form={"nonsense": "1"}, **at)
    form = {"increment_amount": "10"}
    await walk.done("POST", f"{helpers}/{first}/increment", form=form, **at)
    await walk.refused("POST", f"{helpers}/{first}/increment", **at)
    for verb in ("capture", "reverse", "expire"):
        one = await pay()
        await walk.done("POST", f"{helpers}/{one}/{verb}", **at)
        await walk.refused("POST", f"{helpers}/{one}/{verb}", **at)
    fuel = await pay(**{"merchant_data[category]": "automated_fuel_dispensers"})
    final = {"final_amount": "80"}
    await walk.done("POST", f"{helpers}/{fuel}/finalize_amount", form=final, **at)
    await walk.refused("POST", f"{helpers}/{fuel}/finalize_amount", **at)
    settings = "/_cardwright/issuing/authorization_settings"
    await walk.platform.call("POST", settings, form={"fraud_challenges": "true"})
    form = {"card": card, "amount": "10", "risk_assessment[fraud_risk][level]": "highest"}
    declined = await walk.done("POST", helpers, form=form, **at)
    respond = f"{helpers}/{declined['id']}/fraud_challenges/respond"
    await walk.done("POST", respond, form={"confirmed": "true"}, **at)
    await walk.refused("POST", respond, form={"confirmed": "true"}, **at)


async def answers(walk: Walk, card: str, receiver: Receiver, at: dict[str, Any]) -> None:
    """The older way to answer: a call while the question is open."""
    await configured(walk.platform, url=receiver.url("/ask"), on_silence="decline")
    form = {"card": card, "amount": "10"}
    for verb in ("approve", "decline"):
        receiver.script["/ask"] = [Step(wait_seconds=1.0)]
        asking = asyncio.create_task(
            walk.platform.call("POST", f"{TESTS}/authorizations", form=form, **at)
        )
        one = await _waiting(walk, at)
        path = f"{ISSUING}/authorizations/{one}/{verb}"
        await walk.done("POST", path, **at)
        assert (await asking)[1]["approved"] == (verb == "approve")
        await walk.refused("POST", path, **at)
    await configured(walk.platform, url="")


async def _waiting(walk: Walk, at: dict[str, Any]) -> str:
    """The authorization that waits for an answer."""
    path = f"{ISSUING}/authorizations?status=pending&limit=1"
    for _ in range(500):
        [newest] = (await walk.platform.call("GET", path, **at))[1]["data"]
        if newest["pending_request"] is not None:
            return str(newest["id"])
        await asyncio.sleep(0.02)
    raise AssertionError("nobody was asked")


async def transactions(walk: Walk, card: str, at: dict[str, Any]) -> str:
    """Forced, refunded, listed; the answer is a capture."""
    helpers = f"{TESTS}/transactions"
    made = ""
    for verb in ("create_unlinked_refund", "create_force_capture"):
        form = {"card": card, "amount": "500"}
        made = (await walk.done("POST", f"{helpers}/{verb}", form=form, **at))["id"]
        await walk.refused("POST", f"{helpers}/{verb}", form={"card": card}, **at)
    form = {"refund_amount": "100"}
    await walk.done("POST", f"{helpers}/{made}/refund", form=form, **at)
    await walk.refused("POST", f"{helpers}/{made}/refund", form={"refund_amount": "401"}, **at)
    path = f"{ISSUING}/transactions"
    await read(walk, path, made, at)
    await walk.done("POST", f"{path}/{made}", form={"metadata[a]": "b"}, **at)
    await walk.refused("POST", f"{path}/{made}", form={"nonsense": "1"}, **at)
    return made


async def disputes(walk: Walk, transaction: str, at: dict[str, Any]) -> None:
    """Each reason, with what is known of it; the last one is submitted."""
    path, made = f"{ISSUING}/disputes", {"id": ""}
    for reason in (
        *("canceled", "duplicate", "merchandise_not_as_described", "no_valid_authorization"),
        *("not_received", "other", "service_not_as_described", "fraudulent"),
    ):
        form = {
            "transaction": transaction,
            "amount": "10",
            "evidence[reason]": reason,
            f"evidence[{reason}][explanation]": "winning_evidence",
        }
        made = await walk.done("POST", path, form=form, **at)
    await walk.refused("POST", path, form={"transaction": "ipi_no"}, **at)
    one = f"{path}/{made['id']}"
    await read(walk, path, made["id"], at)
    await walk.done("POST", one, form={"amount": "20"}, **at)
    await walk.refused("POST", one, form={"amount": "0"}, **at)
    await walk.done("POST", f"{one}/submit", **at)
    await walk.refused("POST", f"{one}/submit", **at)


async def designs(walk: Walk, at: dict[str, Any]) -> None:
    """Bundles, designs, and the reviewer's three answers."""
    bundles, path = f"{ISSUING}/physical_bundles", f"{ISSUING}/personalization_designs"
    listed = await walk.done("GET", bundles, **at)
    await read(walk, bundles, listed["data"][0]["id"], at)
    logo = await uploaded(walk.platform, at["account"], purpose="issuing_logo", filename="l.png")
    bundle = next(
        each["id"] for each in listed["data"] if each["features"]["card_logo"] != "unsupported"
    )
    form = {"physical_bundle": bundle, "card_logo": logo["id"], "name": "Blue"}
    made = await common(walk, "personalization_designs", form, {"name": "Red"}, at)
    helpers = f"{TESTS}/personalization_designs/{made['id']}"
    no = {"rejection_reasons[card_logo][0]": "promotional_material"}
    await walk.done("POST", f"{helpers}/activate", **at)
    await walk.done("POST", f"{helpers}/deactivate", **at)
    other = await walk.done("POST", path, form=form, **at)
    rejected = f"{TESTS}/personalization_designs/{other['id']}/reject"
    await walk.done("POST", rejected, form=no, **at)
    await walk.refused("POST", rejected, **at)
    for verb in ("activate", "deactivate"):
        await walk.refused("POST", f"{TESTS}/personalization_designs/isd_no/{verb}", **at)


async def shipping(walk: Walk, form: dict[str, str], at: dict[str, Any]) -> None:
    """A physical card, from the printer to the door and back."""
    for steps in (("submit", "ship", "deliver"), ("submit", "ship", "return"), ("submit", "fail")):
        physical = {**form, **ADDRESS, "type": "physical", "status": "inactive"}
        made = await walk.done("POST", f"{ISSUING}/cards", form=physical, **at)
        for step in steps:
            await walk.done("POST", f"{TESTS}/cards/{made['id']}/shipping/{step}", **at)
            await walk.refused("POST", f"{TESTS}/cards/ic_no/shipping/{step}", **at)


async def keys_and_tokens(walk: Walk, card: str, at: dict[str, Any]) -> None:
    """A token that the network made, and a key for a browser."""
    path = f"{ISSUING}/tokens"
    form = {"card": card, "wallet_provider": "apple_pay"}
    status, token = await walk.platform.call("POST", "/_cardwright/issuing/tokens", form=form, **at)
    assert status == 200, token
    await walk.done("GET", f"{path}?card={card}", **at)
    await walk.refused("GET", path, **at)
    await walk.done("GET", f"{path}/{token['id']}", **at)
    await walk.refused("GET", f"{path}/intok_no", **at)
    await walk.done("POST", f"{path}/{token['id']}", form={"status": "active"}, **at)
    await walk.refused("POST", f"{path}/{token['id']}", form={"status": "asleep"}, **at)
    made = await walk.done("POST", "/v1/ephemeral_keys", form={"issuing_card": card}, **at)
    await walk.refused("POST", "/v1/ephemeral_keys", form={"issuing_card": "ic_no"}, **at)
    await walk.done("DELETE", f"/v1/ephemeral_keys/{made['id']}", **at)
    await walk.refused("DELETE", "/v1/ephemeral_keys/ephkey_no", **at)


async def funding_instructions(walk: Walk, at: dict[str, Any]) -> None:
    """Made and listed."""
    path = f"{ISSUING}/funding_instructions"
    form = {
        "currency": "gbp",
        "funding_type": "bank_transfer",
        "bank_transfer[type]": "gb_bank_transfer",
    }
    await walk.done("POST", path, form=form, **at)
    await walk.refused("POST", path, form={**form, "currency": "xxx"}, **at)
    await walk.done("GET", path, **at)
    await walk.refused("GET", f"{path}?limit=1000", **at)
