"""Physical bundles: read only, those of the platform, for all of its accounts."""

from typing import Any

from cardwright.designs.model import PhysicalBundle
from cardwright.designs.rules import STANDARD_BUNDLES
from cardwright.kernel import ids
from cardwright.kernel.database import Connection, Tx
from cardwright.tenancy import registry
from cardwright.wire import expand, pages, rows
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Timestamp

PATH = "/v1/issuing/physical_bundles"


async def create_standard_bundles(tx: Tx) -> None:
    """Give a new platform the standard bundles."""
    for name, features in STANDARD_BUNDLES.items():
        bundle = PhysicalBundle(
            id=ids.new_id(PhysicalBundle.prefix),
            created=Timestamp(tx.now),
            features=features,
            livemode=tx.livemode,
            name=name,
        )
        await rows.insert(tx, bundle)


async def find_bundle(tx: Tx, bundle_id: str, param: str = "id") -> PhysicalBundle:
    """A bundle of the acting account's platform; refuses with ``resource_missing``."""
    found = await rows.find(tx.connection, PhysicalBundle, tx.platform_id, bundle_id)
    return found if found is not None else rows.missing(PhysicalBundle, bundle_id, param)


async def load(connection: Connection, account_id: str, bundle_ids: list[str]) -> dict[str, Any]:
    """The loader of expanded bundles."""
    tenant = await registry.find_tenant(connection, account_id)
    assert tenant is not None, f"account {account_id} is not registered"
    return dict(await rows.batch(connection, PhysicalBundle, tenant.platform_id, bundle_ids))


async def list_all(tx: Tx, call: Call[PhysicalBundle]) -> pages.Page[PhysicalBundle]:
    """List the platform's physical bundles."""
    return await pages.list_page(
        tx.connection, PhysicalBundle, tx.platform_id, call.given, call.page
    )


async def retrieve(tx: Tx, call: Call[PhysicalBundle]) -> PhysicalBundle:
    """Retrieve a physical bundle."""
    return await find_bundle(tx, call.path["id"])


LOADER = expand.Loader(PhysicalBundle, load)
OPERATIONS = (
    Operation(
        method="GET",
        path=PATH,
        handler=list_all,
        takes=PhysicalBundle,
        letter="l",
        returns=PhysicalBundle,
        is_list=True,
    ),
    Operation(method="GET", path=f"{PATH}/{{id}}", handler=retrieve, returns=PhysicalBundle),
)
