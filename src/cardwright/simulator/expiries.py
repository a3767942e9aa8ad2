"""What of an account ends by itself: cards, links and keys.

Nothing has to be done when they end: whoever uses one compares it with the time. So they are no
rows of the deadline mechanism, and are listed beside those.
"""

import msgspec

from cardwright.cards.rules import expires_ms
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.tenancy import registry
from cardwright.tenancy.deadlines import Upcoming
from cardwright.tenancy.registry import Tenant

QUERIES = load(__file__)
WORDS = {
    "account_link_expiry": "An account link that nobody has opened leads to its refresh address.",
    "api_key_expiry": "An API key is refused.",
    "card_expiry": "A card expires: its payments are declined.",
    "file_link_expiry": "A file link opens nothing any more.",
}


class Expiry(msgspec.Struct, frozen=True):
    """Something that ends, at an instant or with a month."""

    kind: str
    subject: str
    exp_year: int | None
    exp_month: int | None
    due_ms: int | None
    timebase: str

    @property
    def ends_ms(self) -> int:
        """When it ends."""
        if self.due_ms is not None:
            return self.due_ms
        assert self.exp_year is not None, "a card has a month"
        assert self.exp_month is not None, "a card has a month"
        return expires_ms(self.exp_year, self.exp_month)


_EXPIRIES = QUERIES.many("expiries", Expiry)


async def expiries_of(tx: Tx, tenant: Tenant) -> list[Upcoming]:
    """What of an account is still to end, as its deadlines are listed."""
    now = {
        "machine": clock.machine_ms(),
        "account": await registry.instant(tx.connection, tenant, holding=False),
    }
    found = await _EXPIRIES(tx.connection, account_id=tenant.account_id)
    return [
        Upcoming(
            account_id=tenant.account_id,
            due_ms=one.ends_ms,
            rank=0,
            kind=one.kind,
            subject=one.subject,
            timebase=one.timebase,
            clock_id=tenant.clock_id,
            attempts=0,
            not_before_ms=0,
        )
        for one in found
        if one.ends_ms > now[one.timebase]
    ]
