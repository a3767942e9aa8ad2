"""``/v1/files`` and ``/v1/file_links``: the operations on files and their links."""

from typing import Any

from cardwright.files import flows, rules
from cardwright.files.model import (
    File,
    FileLink,
    FileLinkList,
    FileLinkUpdate,
    FileParameters,
)
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import registry
from cardwright.wire import expand, pages, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.content.downloads import Download
from cardwright.wire.operation import Call, Operation

FILES = "/v1/files"
LINKS = "/v1/file_links"


def check(call: Call[FileParameters]) -> None:
    """Refuse an upload before anything of it is kept."""
    given = call.given
    rules.check_upload(given.get("purpose"), given.get("file"))
    if call.actor.kind == "publishable" and given.get("file_link_data") is not None:
        fail(wire_refusals.SECRET_KEY_REQUIRED)


async def create(tx: Tx, call: Call[FileParameters]) -> File:
    """Upload a file."""
    return await flows.create_file(tx, call.given, call.base_url)


async def retrieve(tx: Tx, call: Call[Any]) -> File:
    """Retrieve a file."""
    file = await rows.get(tx, File, call.path["id"])
    (shown,) = await flows.with_links(tx.connection, tx.account_id, [file], tx.now)
    return shown


async def list_all(tx: Tx, call: Call[File]) -> pages.Page[File]:
    """List files, newest first."""
    page = await pages.list_page(tx.connection, File, tx.account_id, call.given, call.page)
    shown = await flows.with_links(tx.connection, tx.account_id, page.data, tx.now)
    return pages.Page(shown, page.has_more, page.request)


async def contents(tx: Tx, call: Call[Any]) -> Download:
    """The bytes of a file."""
    return await flows.contents(tx, await rows.get(tx, File, call.path["id"]))


async def create_link(tx: Tx, call: Call[FileLink]) -> FileLink:
    """Create a link to a file."""
    return await flows.create_link(tx, call.given, call.base_url)


async def retrieve_link(tx: Tx, call: Call[Any]) -> FileLink:
    """Retrieve a link."""
    return flows.standing(await rows.get(tx, FileLink, call.path["id"]), tx.now)


async def update_link(tx: Tx, call: Call[FileLinkUpdate]) -> FileLink:
    """Update a link."""
    return await flows.update_link(tx, call.path["id"], call.given)


async def list_links(tx: Tx, call: Call[FileLinkList]) -> pages.Page[FileLink]:
    """List links, newest first."""
    fixed = {name: value for name, value in call.given.tree.items() if name != "expired"}
    expired = call.given.get("expired")
    if expired is not None:
        fixed["expires_at"] = {"lte" if expired else "never_or_gt": tx.now}
    page = await pages.list_page(
        tx.connection, FileLink, tx.account_id, None, call.page, fixed=fixed
    )
    shown = [flows.standing(link, tx.now) for link in page.data]
    return pages.Page(shown, page.has_more, page.request)


async def _load(connection: Connection, account_id: str, ids: list[str]) -> dict[str, Any]:
    """Files of the account, and those of its platform that its documents are."""
    tenant = await registry.find_tenant(connection, account_id)
    assert tenant is not None, f"account {account_id} is not registered"
    now_ms = await registry.instant(connection, tenant, holding=False)
    loaded: dict[str, File] = {}
    for owner in dict.fromkeys((account_id, tenant.platform_id)):
        wanted = [file_id for file_id in ids if file_id not in loaded]
        found = await rows.batch(connection, File, owner, wanted) if wanted else {}
        files = await flows.with_links(connection, owner, list(found.values()), now_ms // 1000)
        loaded |= {file.id: file for file in files}
    return loaded


LOADER = expand.Loader(File, _load)

OPERATIONS = (
    Operation(
        method="POST",
        path=FILES,
        handler=create,
        takes=FileParameters,
        letter="c",
        returns=File,
        publishable=True,
        upload_max=rules.UPLOAD_MAX,
        check=check,
    ),
    Operation(
        method="GET",
        path=FILES,
        handler=list_all,
        takes=File,
        letter="l",
        returns=File,
        is_list=True,
    ),
    Operation(method="GET", path=f"{FILES}/{{id}}", handler=retrieve, returns=File),
    Operation(method="GET", path=f"{FILES}/{{id}}/contents", handler=contents),
    Operation(
        method="POST",
        path=LINKS,
        handler=create_link,
        takes=FileLink,
        letter="c",
        returns=FileLink,
    ),
    Operation(
        method="GET",
        path=LINKS,
        handler=list_links,
        takes=FileLinkList,
        letter="l",
        returns=FileLink,
        is_list=True,
    ),
    Operation(method="GET", path=f"{LINKS}/{{id}}", handler=retrieve_link, returns=FileLink),
    Operation(
        method="POST",
        path=f"{LINKS}/{{id}}",
        handler=update_link,
        takes=FileLinkUpdate,
        letter="u",
        returns=FileLink,
    ),
)
