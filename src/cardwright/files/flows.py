"""What happens to files and their links."""

import hmac

import msgspec

from cardwright.files import refusals, rules
from cardwright.files.model import (
    File,
    FileLink,
    FileLinkData,
    FileLinks,
    FileLinkUpdate,
    FileParameters,
)
from cardwright.kernel import ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.kernel.vault import Vault
from cardwright.wire import rows
from cardwright.wire.content.downloads import Download
from cardwright.wire.given import Given, merge
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)
# How many of its links a file shows.
LINKS_SHOWN = 10
LINK_PATH = "/links/"
TOKEN_LENGTH = 40


class Content(msgspec.Struct, frozen=True):
    """Which blob holds the bytes of a file."""

    digest: str
    size_bytes: int


class Id(msgspec.Struct, frozen=True):
    """An id alone."""

    id: str


_INSERT_CONTENT = QUERIES.run("insert_content")
_CONTENT = QUERIES.one("get_content", Content)
_LINKS = QUERIES.many("list_links", Id)


async def create_file(tx: Tx, given: Given[FileParameters], base_url: str) -> File:
    """A file of the acting account from an upload that was checked and kept."""
    wanted = given.value()
    kind = rules.kind_of(wanted.file.head)
    assert kind is not None, "an upload of a known kind"
    lives = rules.PURPOSES[wanted.purpose].lives_seconds
    file_id = ids.new_id(File.prefix)
    file = File(
        id=file_id,
        created=Timestamp(tx.now),
        expires_at=None if lives is None else Timestamp(tx.now + lives),
        filename=wanted.file.filename or f"{file_id}.{kind.type}",
        links=FileLinks(url=f"/v1/file_links?file={file_id}"),
        purpose=wanted.purpose,
        size=wanted.file.size,
        type=kind.type,
        url=f"{base_url}{_contents_path(file_id)}",
    )
    await rows.insert(tx, file)
    await _INSERT_CONTENT(
        tx.connection,
        account_id=tx.account_id,
        file_id=file_id,
        digest=wanted.file.digest,
        size_bytes=wanted.file.size,
    )
    if wanted.file_link_data is not None and wanted.file_link_data.create:
        link = await _add_link(tx, file, wanted.file_link_data, base_url, param="purpose")
        file.links.data.append(link)
    tx.emit("file.created", file)
    return file


async def create_link(tx: Tx, given: Given[FileLink], base_url: str) -> FileLink:
    """A link to a file of the acting account."""
    file = await rows.get(tx, File, given.get("file"), param="file")
    data = FileLinkData(
        create=True,
        expires_at=given.get("expires_at"),
        metadata={name: text for name, text in (given.get("metadata") or {}).items() if text},
    )
    return await _add_link(tx, file, data, base_url, param="file")


async def _add_link(
    tx: Tx, file: File, data: FileLinkData, base_url: str, *, param: str
) -> FileLink:
    rules.check_link(file.purpose, data.expires_at, tx.now, param=param)
    link_id = ids.new_id(FileLink.prefix)
    token = link_token(tx.vault, tx.account_id, link_id)
    link = FileLink(
        id=link_id,
        created=Timestamp(tx.now),
        expires_at=data.expires_at,
        file=file.id,
        livemode=tx.livemode,
        metadata=data.metadata,
        url=f"{base_url}{LINK_PATH}{tx.account_id}/{link_id}/{token}",
    )
    await rows.insert(tx, link)
    return link


async def update_link(tx: Tx, link_id: str, given: Given[FileLinkUpdate]) -> FileLink:
    """A link with another end or other metadata; ``now`` ends it at once."""
    before = await rows.lock(tx, FileLink, link_id)
    after = merge(before, Given(FileLink, {k: v for k, v in given.tree.items() if k == "metadata"}))
    if "expires_at" in given:
        asked = given.get("expires_at")
        ending = tx.now if asked == "now" else asked and int(asked)
        if asked != "now":
            rules.check_expiry(ending, tx.now)
        after = msgspec.structs.replace(after, expires_at=ending)
    if after != before:
        await rows.save(tx, after)
    return standing(after, tx.now)


def standing(link: FileLink, now: int) -> FileLink:
    """The link, with whether it is expired at this instant."""
    expired = link.expires_at is not None and link.expires_at <= now
    return msgspec.structs.replace(link, expired=expired)


async def with_links(
    connection: Connection, account_id: str, files: list[File], now: int
) -> list[File]:
    """The files with their newest links."""
    wanted = [file.id for file in files]
    listed = await _LINKS(connection, account_id=account_id, file_ids=wanted, count=LINKS_SHOWN + 1)
    if not listed:
        return files
    found = await rows.batch(connection, FileLink, account_id, [row.id for row in listed])
    links: dict[str, list[FileLink]] = {}
    for row in listed:
        links.setdefault(found[row.id].file, []).append(standing(found[row.id], now))
    shown = []
    for file in files:
        of_file = links.get(file.id, [])
        several = msgspec.structs.replace(
            file.links, data=of_file[:LINKS_SHOWN], has_more=len(of_file) > LINKS_SHOWN
        )
        shown.append(msgspec.structs.replace(file, links=several))
    return shown


async def contents(
    tx: Tx, file: File, *, inline: bool = False, account_id: str | None = None
) -> Download:
    """The bytes of a file of the acting account, or of another that is named; refuses when its
    time is over."""
    if file.expires_at is not None and file.expires_at <= tx.now:
        fail(refusals.FILE_EXPIRED, param="file", file=file.id)
    owner = account_id or tx.account_id
    content = await _CONTENT(tx.connection, account_id=owner, file_id=file.id)
    assert content is not None, f"{file.id} has no content"
    return Download(
        digest=content.digest,
        size=content.size_bytes,
        content_type=rules.CONTENT_TYPES[file.type],
        filename=file.filename or file.id,
        inline=inline,
    )


async def open_link(tx: Tx, link_id: str) -> Download:
    """The bytes behind a link of the acting account, until the link or the file expires."""
    link = await rows.find(tx.connection, FileLink, tx.account_id, link_id)
    if link is None:
        fail(refusals.FILE_LINK_UNKNOWN)
    if standing(link, tx.now).expired:
        fail(refusals.FILE_LINK_EXPIRED)
    file = await rows.get(tx, File, link.file)
    return await contents(tx, file, inline=True)


def base_of(file: File) -> str:
    """How the server was reached by whoever uploaded the file."""
    return file.url.removesuffix(_contents_path(file.id))


def _contents_path(file_id: str) -> str:
    return f"/v1/files/{file_id}/contents"


def link_token(vault: Vault, account_id: str, link_id: str) -> str:
    """What the address of a link ends with: only this installation can make it."""
    return vault.blind_index(f"{account_id}/{link_id}", "file_link")[:TOKEN_LENGTH]


def is_link(vault: Vault, account_id: str, link_id: str, token: str) -> bool:
    """Whether the address of a link was made here."""
    made = link_token(vault, account_id, link_id)
    return hmac.compare_digest(made.encode(), token.encode())
