"""How far issuing is for an account: read and kept under the account's gate."""

import msgspec

from cardwright.compliance.model import Record
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load

QUERIES = load(__file__)

_GET = QUERIES.one("get_record", Record)
_PUT = QUERIES.run("put_record")


async def record_of(tx: Tx) -> Record:
    """The record of the acting account; an empty one when there is none."""
    return await _GET(tx.connection, account_id=tx.account_id) or Record()


async def keep(tx: Tx, before: Record, after: Record) -> Record:
    """Write the record of the acting account, if it differs."""
    if after != before:
        fields = msgspec.structs.asdict(after)
        await _PUT(tx.connection, account_id=tx.account_id, **fields)
    return after
