"""The addresses of file links: readable by anybody who has one, without a key."""

from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from cardwright.files import flows, refusals
from cardwright.kernel.blobs import Blobs
from cardwright.kernel.database import Database
from cardwright.kernel.refusal import Failure, fail
from cardwright.tenancy import registry
from cardwright.wire import failures, http
from cardwright.wire.content.downloads import Download, sending
from cardwright.wire.operation import Answer

ROUTE = f"{flows.LINK_PATH}{{account_id:str}}/{{link_id:str}}/{{token:str}}"


def handlers(database: Database, blobs: Blobs) -> list[HTTPRouteHandler]:
    """The route of the links."""

    @get(ROUTE)
    async def open_link(request: Request[Any, Any, Any]) -> ASGIApp:
        """The file behind a link."""
        named = {name: str(value) for name, value in request.path_params.items()}
        try:
            download = await _find(database, **named)
        except Failure as failure:
            return http.answering(Answer(*failures.encoded(failure, "v1")))
        return sending(download, blobs, ())

    return [open_link]


async def _find(database: Database, account_id: str, link_id: str, token: str) -> Download:
    # An address that was not made here costs no connection.
    if not flows.is_link(database.vault, account_id, link_id, token):
        fail(refusals.FILE_LINK_UNKNOWN)
    async with database.connection() as connection:
        tenant = await registry.find_tenant(connection, account_id)
    if tenant is None:
        fail(refusals.FILE_LINK_UNKNOWN)
    async with registry.reading(database, tenant) as tx:
        return await flows.open_link(tx, link_id)
