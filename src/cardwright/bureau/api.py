"""``/_cardwright/card_bureau``: the key, the files and the reports of who makes physical cards.

The public API leaves making cards to nobody that it names, so the paths stand outside of it; form,
answers and errors are those of v1. They are for the platform's own key.
"""

from typing import Any

from cardwright.bureau import encryption, exporting, statuses
from cardwright.bureau.model import BureauFile, BureauKey, BureauReport, check_report
from cardwright.kernel.database import Tx
from cardwright.wire import standard
from cardwright.wire.operation import Call, Operation
from cardwright.wire.versions import Body

KEY = "/_cardwright/card_bureau/key"
FILES = "/_cardwright/card_bureau/files"
REPORTS = "/_cardwright/card_bureau/reports"
UPLOAD_MAX = 2 * 1024 * 1024


async def set_key(tx: Tx, call: Call[BureauKey]) -> Body:
    """Set the key that files are encrypted to."""
    await exporting.set_key(tx, call.given.value().public_key)
    return await _key(tx)


async def retrieve_key(tx: Tx, _call: Call[Any]) -> Body:
    """Show the key that files are encrypted to."""
    return await _key(tx)


async def create(tx: Tx, _call: Call[Any]) -> BureauFile:
    """Put the cards that can be made into a new file."""
    return await exporting.export(tx)


async def content(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve what the bureau is given."""
    text = await exporting.content_of(tx, call.path["id"])
    return {"object": "card_bureau_file_content", "id": call.path["id"], "content": text}


async def report(tx: Tx, call: Call[BureauReport]) -> Body:
    """Take what the bureau reports."""
    assert call.upload is not None, "calls without a file are refused before"
    results = await statuses.import_report(tx, call.upload.incoming.content())
    return statuses.summary(results, livemode=tx.livemode)


async def _key(tx: Tx) -> Body:
    pem = await exporting.key_of(tx)
    name = None if pem is None else encryption.key_id(encryption.read_key(pem))
    return {
        "object": "card_bureau_key",
        "key_id": name,
        "livemode": tx.livemode,
        "public_key": pem,
    }


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


OPERATIONS: tuple[Operation, ...] = (
    _operation("GET", KEY, retrieve_key),
    _operation("POST", KEY, set_key, takes=BureauKey),
    *standard.operations(BureauFile, FILES, platform_only=True),
    _operation("POST", FILES, create, returns=BureauFile),
    _operation("GET", f"{FILES}/{{id}}/content", content),
    _operation(
        "POST", REPORTS, report, takes=BureauReport, upload_max=UPLOAD_MAX, check=check_report
    ),
)
