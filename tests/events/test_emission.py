"""Events are rows of the transaction that caused them."""

import inspect
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from stripe.params import WebhookEndpointCreateParams

from cardwright.events import catalogue, emission
from cardwright.kernel import ids
from cardwright.kernel.database import Emission
from cardwright.tenancy import registry
from tests.support.server import Platform

COMPANY = {"id": "acct_x", "object": "v2.core.account", "contact_email": "jenny.rosen@example.com"}


async def written(platform: Platform, account_id: str) -> list[dict[str, Any]]:
    rows = await platform.live.application.database.pool.fetch(
        "select * from events where account_id = $1 order by id", account_id
    )
    return [dict(row) for row in rows]


async def test_versions_count_the_events_of_one_object(platform: Platform) -> None:
    """1 for the creation; later ones follow, within a transaction and across transactions."""
    database, account_id = platform.live.application.database, platform.keys.account_id
    card = {"id": ids.new_id("ic_"), "object": "issuing.card"}
    other = {"id": ids.new_id("ic_"), "object": "issuing.card"}
    async with registry.transaction(database, account_id) as tx:
        tx.emit("issuing_card.created", card)
        tx.emit("issuing_card.updated", card, previous={"status": "inactive"})
        tx.emit("issuing_card.created", other)
    async with registry.transaction(database, account_id) as tx:
        tx.emit("issuing_card.updated", card)
        tx.emit("issuing_card.updated", other)
        tx.emit("issuing_card.updated", card)
    rows = await written(platform, account_id)
    versions = {
        made["id"]: [row["object_version"] for row in rows if row["object_id"] == made["id"]]
        for made in (card, other)
    }
    assert versions == {card["id"]: [1, 2, 3, 4], other["id"]: [1, 2]}
    assert msgspec.json.decode(rows[1]["previous"]) == {"status": "inactive"}


async def test_a_rolled_back_transaction_leaves_no_event(platform: Platform) -> None:
    database, account_id = platform.live.application.database, platform.keys.account_id

    async def fails() -> None:
        async with registry.transaction(database, account_id) as tx:
            tx.emit("issuing_card.created", {"id": "ic_x", "object": "issuing.card"})
            await database.finish(tx)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await written(platform, account_id) == []


def test_a_v2_event_names_its_object_and_its_changes() -> None:
    row = emission.row_of(
        Emission(
            "v2.core.account[configuration.card_creator].capability_status_updated",
            "acct_x",
            COMPANY,
            {"contact_email": None},
            {"updated_capability": "commercial.stripe.charge_card"},
        ),
        created_ms=0,
        object_version=1,
    )
    assert row.snapshot is None
    assert row.thin is not None
    assert msgspec.json.decode(row.thin) == {
        "related_object": {
            "id": "acct_x",
            "type": "v2.core.account",
            "url": "/v2/core/accounts/acct_x?include=configuration.card_creator",
        },
        "data": {"updated_capability": "commercial.stripe.charge_card"},
        "changes": {
            "before": {"contact_email": None},
            "after": {"contact_email": "jenny.rosen@example.com"},
        },
    }


def test_an_unknown_type_is_a_defect() -> None:
    with pytest.raises(AssertionError):
        emission.row_of(
            Emission("issuing_card.sneezed", "acct_x", {"id": "ic_x"}, None, None),
            created_ms=0,
            object_version=1,
        )


def test_every_type_has_an_object_with_a_url() -> None:
    tags = {tag for tag in (*catalogue.V1.values(), *catalogue.V2.values()) if tag is not None}
    assert tags == set(catalogue.URLS)


def test_every_name_of_the_official_sdk_may_be_asked_for() -> None:
    source = Path(inspect.getfile(WebhookEndpointCreateParams)).read_text()
    names = re.findall(r'"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"', source)
    assert "charge.succeeded" in names
    assert [name for name in names if not catalogue.is_v1_name(name)] == []
    assert not catalogue.FOREIGN & catalogue.V1.keys()


@pytest.mark.parametrize(
    ("name", "v1", "thin"),
    [
        ("issuing_card.created", True, False),
        ("issuing_card.creatd", False, False),
        ("issuing_authorisation.created", False, False),
        ("nope.created", False, False),
        ("v1.nope.created", False, False),
        ("charge.succeeded", True, False),
        ("v1.charge.succeeded", False, True),
        ("account.application.deauthorized", True, False),
        ("v1.issuing_card.created", False, True),
        ("v2.core.account.created", False, True),
        ("v2.core.account.exploded", False, False),
        ("", False, False),
    ],
)
def test_names_that_may_be_asked_for(name: str, v1: bool, thin: bool) -> None:
    assert (catalogue.is_v1_name(name), catalogue.is_thin_name(name)) == (v1, thin)
