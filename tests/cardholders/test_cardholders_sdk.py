"""Cardholders through the official SDK on a live port."""

import asyncio

import pytest
import stripe

from tests.support.server import Platform

ADDRESS = {
    "line1": "510 Townsend Street",
    "city": "San Francisco",
    "state": "CA",
    "postal_code": "94111",
    "country": "US",
}


async def test_create_get_list_update(platform: Platform) -> None:
    sdk = platform.sdk.v1.issuing.cardholders
    made = await asyncio.to_thread(
        sdk.create,
        {
            "name": "Jenny Rosen",
            "type": "individual",
            "email": "jenny.rosen@example.com",
            "billing": {"address": ADDRESS},  # type: ignore[typeddict-item]
            "metadata": {"team": "travel"},
            "spending_controls": {
                "blocked_categories": ["bakeries"],
                "spending_limits": [{"amount": 5000, "interval": "daily"}],
            },
        },
    )
    assert made.id.startswith("ich_")
    assert made.object == "issuing.cardholder"
    assert made.livemode is False
    assert made.billing.address.line2 is None
    assert made.spending_controls is not None
    assert made.spending_controls.blocked_categories == ["bakeries"]

    found = await asyncio.to_thread(sdk.retrieve, made.id)
    assert found.to_dict() == made.to_dict()

    changed = await asyncio.to_thread(
        sdk.update, made.id, {"metadata": {"team": "", "site": "x"}, "status": "inactive"}
    )
    assert changed.to_dict()["metadata"] == {"site": "x"}
    assert changed.status == "inactive"

    listed = await asyncio.to_thread(sdk.list, {"status": "inactive"})
    assert [item.id for item in listed.data] == [made.id]
    assert (await asyncio.to_thread(sdk.list, {"status": "active"})).data == []


async def test_unknown_id_is_resource_missing(platform: Platform) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await asyncio.to_thread(platform.sdk.v1.issuing.cardholders.retrieve, "ich_none")
    assert caught.value.code == "resource_missing"
    assert caught.value.http_status == 404
