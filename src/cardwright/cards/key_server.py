"""The key that PINs are encrypted to.

``GET /v1/keys`` has the place and the shape of the key server of the public API; it needs no API
key.
"""

from typing import Any

from litestar import MediaType, Response, get
from litestar.handlers import HTTPRouteHandler

from cardwright.cards import pin_encryption
from cardwright.kernel.database import Database
from cardwright.wire.content import security

PATH = "/v1/keys"


def handlers(database: Database) -> list[HTTPRouteHandler]:
    """The route of the public key."""

    @get(PATH, media_type=MediaType.JSON)
    async def keys() -> Response[dict[str, Any]]:
        """The public key that PINs are encrypted to; pages of any origin may ask for it."""
        return Response(
            await pin_encryption.public_key(database),
            headers={"Access-Control-Allow-Origin": "*", **security.NOT_KEPT},
        )

    return [keys]
