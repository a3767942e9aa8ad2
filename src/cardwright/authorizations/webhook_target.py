"""Where a platform is asked, and what else it has set about payments."""

import msgspec

from cardwright.authorizations.lane.work import Place
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.tenancy import platforms
from cardwright.tenancy.platforms import PlatformSettings

QUERIES = load(__file__)


class Destination(msgspec.Struct, frozen=True):
    """A destination of events that names the question."""

    id: str
    url: str
    api_version: str | None


_DESTINATION = QUERIES.one("real_time_destination", Destination)


async def settings_of(tx: Tx) -> PlatformSettings:
    """What the acting account's platform has set."""
    _pinned, settings = await platforms.settings_of(tx.connection, tx.platform_id)
    return settings


async def of_platform(tx: Tx) -> Place | None:
    """The platform's own address, or else the oldest of its destinations that name the question."""
    settings = await settings_of(tx)
    if settings.authorization_webhook_url is not None:
        return Place(settings.authorization_webhook_url)
    found = await _DESTINATION(tx.connection, account_id=tx.platform_id)
    return Place(found.url, found.id, found.api_version) if found is not None else None
