"""The events of notices."""

from cardwright.kernel.database import Tx
from cardwright.notices.model import AccountNotice
from cardwright.wire.given import difference
from cardwright.wire.render import render


def announce_update(tx: Tx, before: AccountNotice, after: AccountNotice) -> None:
    """Emit what changed of what is shown of a notice, if anything did."""
    was, now = render(before), render(after)
    if was != now:
        tx.emit("account_notice.updated", after, previous=difference(was, now))
