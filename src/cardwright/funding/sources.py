"""Expanding the source of a balance transaction: its id tells what kind of object it is."""

from collections import defaultdict
from typing import Any

from cardwright.kernel.database import Connection
from cardwright.wire import expand
from cardwright.wire.resource import Resource

# What may move money, by the prefix of its id.
TAGS = {
    "iauth_": "issuing.authorization",
    "ipi_": "issuing.transaction",
    "tu_": "topup",
}


async def load(connection: Connection, account_id: str, ids: list[str]) -> dict[str, Any]:
    """The sources of the ids, each from the loader of its kind."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for source_id in ids:
        tag = TAGS.get(source_id[: source_id.index("_") + 1])
        if tag in expand.LOADERS:
            kinds[tag].append(source_id)
    found: dict[str, Any] = {}
    for tag, wanted in kinds.items():
        found |= await expand.LOADERS[tag].load(connection, account_id, wanted)
    return found


LOADER = expand.Loader(Resource, load)
