"""``/_cardwright/environments``: for the secret key of the platform that made them."""

from typing import Any

import msgspec

from cardwright.environments import flows
from cardwright.environments.model import (
    Environment,
    NewEnvironment,
    NewSnapshot,
    Restoring,
    Snapshot,
)
from cardwright.kernel.database import Tx
from cardwright.wire import standard
from cardwright.wire.operation import Call, Operation
from cardwright.wire.versions import Body

PATH = "/_cardwright/environments"
ONE = f"{PATH}/{{id}}"


async def create(tx: Tx, call: Call[NewEnvironment]) -> Body:
    """Make a test environment; its keys are in this answer alone."""
    made, keys = await flows.create_environment(tx, call.given.value())
    body: Body = msgspec.to_builtins(made)
    return body | {"publishable_key": keys.publishable, "secret_key": keys.secret}


async def delete(tx: Tx, call: Call[Any]) -> Body:
    """Remove a test environment with all that it holds."""
    await flows.delete_environment(tx, call.path["id"])
    return {"id": call.path["id"], "object": "environment", "deleted": True}


async def reset(tx: Tx, call: Call[Any]) -> Environment:
    """Set a test environment back to how it was made."""
    return await flows.reset_environment(tx, call.path["id"])


async def restore(tx: Tx, call: Call[Restoring]) -> Environment:
    """Put a test environment back to a snapshot."""
    return await flows.restore_environment(tx, call.path["id"], call.given.value().snapshot)


async def create_snapshot(tx: Tx, call: Call[NewSnapshot]) -> Snapshot:
    """Copy everything that a test environment holds."""
    return await flows.create_snapshot(tx, call.path["id"], call.given.value().name)


async def list_snapshots(tx: Tx, call: Call[Any]) -> Body:
    """List the snapshots of a test environment, newest first; a hundred at most."""
    found = await flows.list_snapshots(tx, call.path["id"])
    return {
        "object": "list",
        "data": msgspec.to_builtins(found),
        "has_more": False,
        "url": call.url,
    }


async def delete_snapshot(tx: Tx, call: Call[Any]) -> Body:
    """Remove a snapshot."""
    await flows.delete_snapshot(tx, call.path["id"], call.path["snapshot"])
    return {"id": call.path["snapshot"], "object": "environment_snapshot", "deleted": True}


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(
        method=method, path=path, handler=handler, platform_only=True, test_only=True, **more
    )


OPERATIONS = (
    _operation("POST", PATH, create, takes=NewEnvironment),
    *standard.operations(Environment, PATH, platform_only=True, test_only=True),
    _operation("DELETE", ONE, delete, invalidates=True),
    _operation("POST", f"{ONE}/reset", reset, invalidates=True),
    _operation("POST", f"{ONE}/restore", restore, takes=Restoring, invalidates=True),
    _operation("POST", f"{ONE}/snapshots", create_snapshot, takes=NewSnapshot),
    _operation("GET", f"{ONE}/snapshots", list_snapshots),
    _operation("DELETE", f"{ONE}/snapshots/{{snapshot}}", delete_snapshot),
)
