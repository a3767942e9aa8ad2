"""Objects of funding, found by id for expansion; the source of a balance transaction is of the
kind that its id tells."""

from collections import defaultdict
from typing import Any

from cardwright.funding.balance_transfers.model import BalanceTransfer
from cardwright.funding.payouts.model import Payout
from cardwright.funding.topups.model import Topup
from cardwright.funding.transfers.model import Transfer, TransferReversal
from cardwright.kernel.database import Connection
from cardwright.wire import expand
from cardwright.wire.resource import Resource

# What may move money, by the prefix of its id.
TAGS = {
    "btr_": "balance_transfer",
    "iauth_": "issuing.authorization",
    "idp_": "issuing.dispute",
    "ifo_": "issuing.funding_obligation",
    "ipi_": "issuing.transaction",
    "po_": "payout",
    "tr_": "transfer",
    "trr_": "transfer_reversal",
    "tu_": "topup",
}


async def load_sources(connection: Connection, account_id: str, ids: list[str]) -> dict[str, Any]:
    """The sources of the ids, each from the loader of its kind."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for source_id in ids:
        tag = TAGS.get(source_id[: source_id.index("_") + 1])
        if tag is not None and tag in expand.LOADERS:
            kinds[tag].append(source_id)
    found: dict[str, Any] = {}
    for tag, wanted in kinds.items():
        found |= await expand.LOADERS[tag].load(connection, account_id, wanted)
    return found


LOADERS = {
    "balance_transaction.source": expand.Loader(Resource, load_sources, tuple(TAGS.values())),
    "balance_transfer": expand.loader(BalanceTransfer),
    "payout": expand.loader(Payout),
    "topup": expand.loader(Topup),
    "transfer": expand.loader(Transfer),
    "transfer_reversal": expand.loader(TransferReversal),
}
