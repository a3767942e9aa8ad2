"""Where a platform is asked, and what else it has set about payments."""

import msgspec

from cardwright.events import destinations
from cardwright.events.catalogue import REAL_TIME
from cardwright.kernel.database import Tx
from cardwright.tenancy import platforms
from cardwright.tenancy.platforms import PlatformSettings


class WebhookTarget(msgspec.Struct, frozen=True):
    """Where the real-time webhook goes: an address of the platform's own, or a destination of its
    events, which has an id, secrets and a version."""

    url: str
    destination: str | None = None
    api_version: str | None = None


async def of_platform(tx: Tx) -> WebhookTarget | None:
    """Where the acting account's platform is asked; None: nowhere."""
    found = await destinations.naming(tx.connection, tx.platform_id, REAL_TIME)
    destination = None if found is None else WebhookTarget(found.url, found.id, found.api_version)
    return choose(await platforms.settings(tx), destination)


def choose(settings: PlatformSettings, destination: WebhookTarget | None) -> WebhookTarget | None:
    """The platform's own address, or else the oldest of its destinations that name the question."""
    own = settings.authorization_webhook_url
    return destination if own is None else WebhookTarget(own)
