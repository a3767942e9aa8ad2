"""What events say of changes to accounts, in both families, with what was before."""

from typing import Any

from tests.accounts.calls import ACCOUNTS, CREATE, LATER_PREVIEW, individual
from tests.support.server import Platform

ACCOUNT = "v2.core.account"


async def made(platform: Platform) -> str:
    status, body = await platform.call("POST", ACCOUNTS, json=CREATE, version=LATER_PREVIEW)
    assert status == 200, body
    return str(body["id"])


async def v1_events(platform: Platform, account: str) -> list[Any]:
    """Every event of the account as a snapshot, oldest first."""
    status, body = await platform.call("GET", "/v1/events?limit=100", account=account)
    assert status == 200, body
    return list(reversed(body["data"]))


async def v2_events(platform: Platform, account: str) -> list[Any]:
    """Every thin event about the account, oldest first, whole."""
    path = f"/v2/core/events?object_id={account}&limit=100"
    status, body = await platform.call("GET", path, version=LATER_PREVIEW, account=account)
    assert status == 200, body
    whole = []
    for event in reversed(body["data"]):
        path = f"/v2/core/events/{event['id']}"
        _, one = await platform.call("GET", path, version=LATER_PREVIEW, account=account)
        whole.append(one)
    return [event for event in whole if event["type"].startswith("v2.")]


async def update(platform: Platform, account: str, **changes: Any) -> list[Any]:
    """The thin events of one update."""
    known = {event["id"] for event in await v2_events(platform, account)}
    status, body = await platform.call(
        "POST", f"{ACCOUNTS}/{account}", json=changes, version=LATER_PREVIEW
    )
    assert status == 200, body
    return [event for event in await v2_events(platform, account) if event["id"] not in known]


async def test_a_creation_is_told(platform: Platform) -> None:
    account = await made(platform)
    types = {event["type"] for event in await v2_events(platform, account)}
    status = "capability_status_updated"
    assert types == {
        f"{ACCOUNT}.created",
        f"{ACCOUNT}[configuration.card_creator].{status}",
        f"{ACCOUNT}[configuration.recipient].{status}",
    }


async def test_each_part_tells_of_its_own_change(platform: Platform) -> None:
    account = await made(platform)
    told = await update(platform, account, defaults={"timezone": "Europe/London"})
    assert {event["type"] for event in told} == {
        f"{ACCOUNT}.updated",
        f"{ACCOUNT}[defaults].updated",
    }
    for event in told:
        before = event["changes"]["before"]["defaults"]
        assert before == {"timezone": None}
        assert event["changes"]["after"]["defaults"]["timezone"] == "Europe/London"
    (part,) = [event for event in told if event["type"].endswith("[defaults].updated")]
    assert part["related_object"]["url"].endswith("?include=defaults")
    told = await update(platform, account, configuration={"merchant": {"mcc": "5999"}})
    types = {event["type"] for event in told}
    assert f"{ACCOUNT}[configuration.merchant].updated" in types
    assert f"{ACCOUNT}[identity].updated" not in types
    # Nothing is told of a call that changes nothing.
    assert await update(platform, account, configuration={"merchant": {"mcc": "5999"}}) == []


async def test_what_becomes_active_is_told(platform: Platform) -> None:
    account = await made(platform)
    told = await update(platform, account, **individual(1902))
    types = {event["type"] for event in told}
    assert {
        f"{ACCOUNT}.updated",
        f"{ACCOUNT}[identity].updated",
        f"{ACCOUNT}[requirements].updated",
        f"{ACCOUNT}[configuration.card_creator].capability_status_updated",
    } <= types
    (status,) = [event for event in told if "card_creator].capability" in event["type"]]
    assert status["data"] == {"updated_capability": "commercial.stripe.charge_card"}
    snapshots = await v1_events(platform, account)
    (issuing,) = [
        event
        for event in snapshots
        if event["type"] == "capability.updated"
        and event["data"]["object"]["id"] == "card_issuing"
        and event["data"]["object"]["status"] == "active"
    ]
    previous = issuing["data"]["previous_attributes"]
    assert previous["status"] == "inactive"
    assert previous["requirements"]["currently_due"]
    updated = [event for event in snapshots if event["type"] == "account.updated"][-1]
    previous = updated["data"]["previous_attributes"]
    assert previous["capabilities"]["card_issuing"] == "inactive"
    assert previous["business_profile"]["url"] is None
    assert "country" not in previous


async def test_an_individual_is_told_of_as_a_person(platform: Platform) -> None:
    account = await made(platform)
    await update(platform, account, **individual(1901))
    people = [event for event in await v1_events(platform, account) if "person." in event["type"]]
    assert people[0]["type"] == "person.created"
    person = people[0]["data"]["object"]["id"]
    status, _ = await platform.call(
        "POST", f"/v1/accounts/{account}/persons/{person}", form={"first_name": "John"}
    )
    assert status == 200
    told = [
        event
        for event in await v1_events(platform, account)
        if event["type"] == "person.updated"
        and event["data"]["previous_attributes"].get("first_name") == "Jenny"
    ]
    assert len(told) == 1
    assert told[0]["data"]["object"]["first_name"] == "John"
    path = f"/v2/core/events?object_id={person}&limit=100"
    _, body = await platform.call("GET", path, version=LATER_PREVIEW, account=account)
    types = [event["type"] for event in reversed(body["data"]) if "v2." in event["type"]]
    assert types[0] == "v2.core.account_person.created"
    assert types.count("v2.core.account_person.updated") >= 1


async def test_persons_are_told_of_in_both_families(platform: Platform) -> None:
    wanted = {**CREATE, "identity": {"country": "gb", "entity_type": "company"}}
    status, body = await platform.call("POST", ACCOUNTS, json=wanted, version=LATER_PREVIEW)
    assert status == 200, body
    account = body["id"]
    path = f"/v1/accounts/{account}/persons"
    form = {"first_name": "Jenny", "us_cfpb_data[self_identified_gender]": "woman"}
    _, person = await platform.call("POST", path, form=form)
    one = f"{path}/{person['id']}"
    await platform.call("POST", one, form={"last_name": "Rosen", "relationship[director]": "true"})
    await platform.call("DELETE", one)
    snapshots = [
        event for event in await v1_events(platform, account) if event["type"].startswith("person.")
    ]
    assert [event["type"] for event in snapshots] == [
        "person.created",
        "person.updated",
        "person.deleted",
    ]
    previous = snapshots[1]["data"]["previous_attributes"]
    assert previous["last_name"] is None
    assert previous["relationship"] == {"director": False}
    assert "first_name" not in previous
    path = f"/v2/core/events?object_id={person['id']}&limit=100"
    _, body = await platform.call("GET", path, version=LATER_PREVIEW, account=account)
    thin = [event for event in reversed(body["data"]) if event["type"].startswith("v2.")]
    assert [event["type"] for event in thin] == [
        "v2.core.account_person.created",
        "v2.core.account_person.updated",
        "v2.core.account_person.deleted",
    ]
    _, whole = await platform.call(
        "GET", f"/v2/core/events/{thin[1]['id']}", version=LATER_PREVIEW, account=account
    )
    assert whole["changes"]["before"]["surname"] is None
    assert whole["changes"]["after"]["surname"] == "Rosen"
    # What v1 alone knows is not in the words of v2.
    assert "v1" not in whole["changes"]["before"]
    assert "woman" not in str(whole)


async def test_a_closed_account_is_told_of(platform: Platform) -> None:
    account = await made(platform)
    wanted = {"applied_configurations": ["card_creator", "recipient", "merchant"]}
    status, body = await platform.call(
        "POST", f"{ACCOUNTS}/{account}/close", json=wanted, version=LATER_PREVIEW
    )
    assert status == 200, body
    _, body = await platform.call(
        "GET", f"/v2/core/events?object_id={account}&limit=5", version=LATER_PREVIEW
    )
    assert f"{ACCOUNT}.closed" in {event["type"] for event in body["data"]}
