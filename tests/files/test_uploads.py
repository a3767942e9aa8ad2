"""Uploads on a live port: what is refused leaves nothing behind, and what arrives is whole."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from cardwright.files.rules import MIB
from cardwright.roles.provisioning import create_platform
from tests.files.uploads import GIF, JPEG, PDF, PNG, form, upload, uploaded
from tests.support.server import Live, Platform


def blobs(platform: Platform) -> Path:
    kept = platform.live.application.blobs
    assert kept is not None
    return kept.directory


def is_kept(platform: Platform, content: bytes) -> bool:
    digest = hashlib.sha256(content).hexdigest()
    return (blobs(platform) / digest[:2] / digest).exists()


def left(platform: Platform) -> list[Path]:
    return list((blobs(platform) / "incoming").iterdir())


async def nothing_left(platform: Platform) -> bool:
    for _ in range(100):
        if not left(platform):
            return True
        await asyncio.sleep(0.02)
    return False


async def count(platform: Platform) -> int:
    _, body = await platform.call("GET", "/v1/files?limit=100")
    return len(body["data"])


def twice() -> aiohttp.FormData:
    data = form()
    data.add_field("file", PDF, filename="second.pdf")
    return data


def text_file() -> aiohttp.FormData:
    return form(None, fields={"file": "file_123"})


def text_and_file() -> aiohttp.FormData:
    data = form()
    data.add_field("file", "file_123")
    return data


def elsewhere() -> aiohttp.FormData:
    data = form(None)
    data.add_field("document", PNG, filename="passport.png")
    return data


REFUSED: list[tuple[Any, int, str | None, str]] = [
    (lambda: form(None), 400, "file", "Missing required param: file."),
    (lambda: form(purpose=None), 400, "purpose", "Missing required param: purpose."),
    (lambda: form(purpose="holiday"), 400, "purpose", "Invalid purpose: must be one of account_r"),
    (lambda: form(purpose=""), 400, "purpose", "You passed an empty string for 'purpose'."),
    (lambda: form(b""), 400, "file", "The file is empty."),
    (twice, 400, "file", "Only one file can be sent"),
    (text_and_file, 400, "file", "Only one file can be sent"),
    (text_file, 400, "file", "Invalid file for file: send it in a multipart/form-data form."),
    (elsewhere, 400, "document", "Received unknown parameter: document"),
    (
        lambda: form(fields={"nonsense[0]": "1"}),
        400,
        "nonsense",
        "Received unknown parameter: nonsense",
    ),
    (lambda: form(fields={"file[x]": "1"}), 400, "file[x]", "Malformed parameter name"),
    (lambda: form(fields={"purpose[": "1"}), 400, "purpose[", "Malformed parameter name"),
    (lambda: form(fields={"title": "x" * 70_000}), 413, None, "The request body is larger"),
    (
        lambda: form(b"GIF of my passport"),
        400,
        "file",
        "A file for the purpose identity_document is of type jpg, pdf, png; by its content this "
        "one is none of the known types.",
    ),
    (lambda: form(GIF), 400, "file", "A file for the purpose identity_document is of type"),
    (lambda: form(JPEG, "pci_document"), 400, "file", "A file for the purpose pci_document is"),
    (lambda: form(PDF, "business_logo"), 400, "file", "A file for the purpose business_logo is"),
    (
        lambda: form(PNG + bytes(512 * 1024), "business_logo"),
        400,
        "file",
        "The file has 524336 bytes; a file for the purpose business_logo has at most 524288.",
    ),
    (lambda: form(PNG + bytes(5 * MIB), "dispute_evidence"), 400, "file", "The file has 5242928"),
    (lambda: form(PNG + bytes(15 * MIB)), 400, "file", "The file has 15728688 bytes; a file for"),
    (
        lambda: form(b"PK\x03\x04" + bytes(100), filename="passport.png"),
        400,
        "file",
        "A file for the purpose identity_document is of type jpg, pdf, png; by its content this "
        "one is none of the known types.",
    ),
    (lambda: form(PNG + bytes(16 * MIB)), 413, "file", "The file is larger than 16777216 bytes."),
    (
        lambda: form(fields={"file_link_data[create]": "true"}),
        400,
        "purpose",
        "A file for the purpose identity_document has no links.",
    ),
    (
        lambda: form(fields={"file_link_data[expires_at]": "4000000000"}),
        400,
        "file_link_data[create]",
        "Missing required param: file_link_data[create].",
    ),
]


@pytest.mark.parametrize(("sent", "status", "param", "message"), REFUSED)
async def test_a_refused_upload_leaves_nothing(
    platform: Platform, sent: Any, status: int, param: str | None, message: str
) -> None:
    found, body = await upload(platform, sent())
    assert found == status, body
    assert body["error"]["message"].startswith(message)
    assert body["error"].get("param") == param
    assert await count(platform) == 0
    assert await nothing_left(platform)


async def test_a_refused_type_is_not_kept(platform: Platform) -> None:
    content = b"%!PS-Adobe " + platform.keys.account_id.encode()
    assert (await upload(platform, form(content)))[0] == 400
    assert not is_kept(platform, content)


KINDS = [
    (JPEG, "identity_document", "jpg"),
    (PDF, "account_requirement", "pdf"),
    (PNG, "issuing_logo", "png"),
    (GIF, "business_icon", "gif"),
    (PNG + bytes(5 * MIB - len(PNG)), "dispute_evidence", "png"),
    (PDF, "additional_verification", "pdf"),
]


@pytest.mark.parametrize(("content", "purpose", "kind"), KINDS, ids=lambda one: str(one)[:20])
async def test_the_content_says_the_type(
    platform: Platform, content: bytes, purpose: str, kind: str
) -> None:
    file = await uploaded(platform, content=content, purpose=purpose, filename="scan.docx")
    assert (file["type"], file["filename"], file["size"]) == (kind, "scan.docx", len(content))
    assert is_kept(platform, content)


NAMES = [
    ("/etc/passwd", "passwd"),
    ("../../../etc/cron.d/job", "job"),
    ("C:\\Users\\jenny\\passport.png", "passport.png"),
    ("..\\..\\boot.ini", "boot.ini"),
    ("päss porträt.png", "päss porträt.png"),
    ("nul\x00l\x1b[31m.png", "null[31m.png"),
    ("invoice\u202egnp.exe", "invoicegnp.exe"),
    ("a\u2028b\x85c.png", "abc.png"),
    ("x" * 300 + ".png", "x" * 251 + ".png"),
    ("..", None),
    ("/", None),
    ("", None),
]


@pytest.mark.parametrize(("filename", "kept"), NAMES, ids=lambda name: str(name)[:20])
async def test_a_path_is_no_name(platform: Platform, filename: str, kept: str | None) -> None:
    boundary = b"x-boundary"
    body = (
        b'--x-boundary\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nidentity_document'
        b'\r\n--x-boundary\r\nContent-Disposition: form-data; name="file"; filename="'
        + filename.encode()
        + b'"\r\nContent-Type: text/html\r\n\r\n'
        + PNG
        + b"\r\n--x-boundary--\r\n"
    )
    status, file = await platform.call(
        "POST",
        "/v1/files",
        data=body,
        headers={"Content-Type": f"multipart/form-data; boundary={boundary.decode()}"},
    )
    assert status == 200, file
    assert file["filename"] == (kept if kept is not None else f"{file['id']}.png")


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
MALFORMED = [
    (b"", "multipart/form-data; boundary=b"),
    (b"nothing of a form", "multipart/form-data; boundary=b"),
    (PART + PNG, "multipart/form-data; boundary=b"),
    (PART + PNG + b"\r\n--b", "multipart/form-data; boundary=b"),
    (PART + PNG + b"\r\n--b--\r\n", "multipart/form-data"),
    (PART + PNG + b"\r\n--b--\r\n", "multipart/form-data; boundary="),
    (PART + PNG + b"\r\n--b--\r\n", "multipart/form-data; boundary=c"),
    (b"--b\r\n\r\n" + PNG + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"),
    (
        b"--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--",
        "multipart/form-data; boundary=b",
    ),
    (
        b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n\xff\xfe\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
    (
        b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    ),
    (
        b"".join(
            b'--b\r\nContent-Disposition: form-data; name="p%d"\r\n\r\nx\r\n' % number
            for number in range(200)
        )
        + b"--b--\r\n",
        "multipart/form-data; boundary=b",
    ),
    (b"--b\r\nContent-Disposition: " + b"x" * 10_000, "multipart/form-data; boundary=b"),
    (b'{"purpose": "identity_document"}', "application/json"),
    (PNG, "image/png"),
]


@pytest.mark.parametrize(("body", "content_type"), MALFORMED, ids=range(len(MALFORMED)))
async def test_a_malformed_form_is_refused(
    platform: Platform, body: bytes, content_type: str
) -> None:
    status, answer = await platform.call(
        "POST", "/v1/files", data=body, headers={"Content-Type": content_type}
    )
    assert status == 400, answer
    assert answer["error"]["message"]
    assert await count(platform) == 0
    assert await nothing_left(platform)


async def test_a_form_elsewhere_is_refused(platform: Platform) -> None:
    async with platform.live.http.post(
        f"{platform.base}/v1/file_links",
        data=form(),
        headers={"Authorization": f"Bearer {platform.keys.secret}"},
    ) as response:
        body = await response.json()
    assert (response.status, body["error"]["code"]) == (400, "content_type_unsupported")


async def test_a_stranger_sends_nothing_to_disk(platform: Platform) -> None:
    content = PNG + platform.keys.account_id.encode()
    status, _ = await upload(platform, form(content), key="sk_test_nobody")
    assert status == 401
    status, body = await upload(platform, form(content), **{"Stripe-Account": "acct_none"})
    assert (status, body["error"]["code"]) == (403, "account_invalid")
    assert not is_kept(platform, content)
    assert await nothing_left(platform)


async def test_a_publishable_key_uploads_without_a_link(platform: Platform) -> None:
    status, file = await upload(platform, form(), key=platform.keys.publishable)
    assert status == 200, file
    linked = form(PNG, "business_icon", fields={"file_link_data[create]": "true"})
    status, body = await upload(platform, linked, key=platform.keys.publishable)
    assert (status, body["error"]["code"]) == (403, "secret_key_required")
    for path in ("/v1/files", f"/v1/files/{file['id']}", f"/v1/files/{file['id']}/contents"):
        status, _ = await platform.call("GET", path, key=platform.keys.publishable)
        assert status == 403


async def send_part_of_it(platform: Platform, sent: int) -> None:
    """Announce a file of a megabyte, send some of it, and hang up."""
    address = urlsplit(platform.base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    content = PNG + bytes(MIB)
    writer.write(
        b"POST /v1/files HTTP/1.1\r\nHost: localhost\r\n"
        b"Authorization: Bearer " + platform.keys.secret.encode() + b"\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n"
        b"Content-Length: "
        + str(len(PART) + len(content)).encode()
        + b"\r\n\r\n"
        + (PART + content)[:sent]
    )
    await writer.drain()
    for _ in range(100):
        if left(platform):
            break
        await asyncio.sleep(0.02)
    assert left(platform), "the upload has not begun"
    writer.close()
    await writer.wait_closed()
    del reader


@pytest.mark.parametrize("sent", [len(PART) + 1000, len(PART) + 600_000])
async def test_a_cut_connection_leaves_nothing(platform: Platform, sent: int) -> None:
    await send_part_of_it(platform, sent)
    assert await nothing_left(platform)
    assert await count(platform) == 0


async def test_a_cut_form_is_not_half_read(platform: Platform) -> None:
    """A plain form that ends early is not taken for a shorter one."""
    address = urlsplit(platform.base)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    begun = b"url=https%3A%2F%2Fexample.com%2Fhook&enabled_events[]=issuing_card.created"
    writer.write(
        b"POST /v1/webhook_endpoints HTTP/1.1\r\nHost: localhost\r\n"
        b"Authorization: Bearer " + platform.keys.secret.encode() + b"\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 200\r\n\r\n" + begun
    )
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.3)
    _, body = await platform.call("GET", "/v1/webhook_endpoints")
    assert body["data"] == []


async def test_a_repeated_key_makes_one_file(platform: Platform) -> None:
    key = {"Idempotency-Key": "once"}
    first = await upload(platform, form(), **key)
    assert first[0] == 200
    assert await upload(platform, form(), **key) == first
    for other in (
        form(PNG + b"x"),
        form(filename="other.png"),
        form(purpose="additional_verification"),
    ):
        status, body = await upload(platform, other, **key)
        assert (status, body["error"]["type"]) == (400, "idempotency_error")
    assert await count(platform) == 1
    assert await nothing_left(platform)


async def test_many_at_once(platform: Platform) -> None:
    contents = [PNG + str(number % 5).encode() * 100_000 for number in range(20)]
    files = await asyncio.gather(*[uploaded(platform, content=one) for one in contents])
    assert len({file["id"] for file in files}) == 20
    for file, content in zip(files, contents, strict=True):
        headers = {"Authorization": f"Bearer {platform.keys.secret}"}
        async with platform.live.http.get(file["url"], headers=headers) as response:
            assert await response.read() == content
    assert await nothing_left(platform)


async def test_a_file_belongs_to_the_account_acted_on(platform: Platform, live: Live) -> None:
    status, account = await platform.call("POST", "/v1/accounts", form={"type": "custom"})
    assert status == 200
    theirs = await uploaded(platform, account["id"])
    own = await uploaded(platform)
    path = "/v1/files/" + theirs["id"]
    assert (await platform.call("GET", path, account=account["id"]))[0] == 200
    assert (await platform.call("GET", path + "/contents"))[0] == 404
    status, body = await platform.call("GET", path)
    assert (status, body["error"]["code"]) == (404, "resource_missing")
    _, listed = await platform.call("GET", "/v1/files")
    assert [file["id"] for file in listed["data"]] == [own["id"]]
    stranger = Platform(live, await create_platform(live.application.database))
    assert (await stranger.call("GET", "/v1/files/" + own["id"]))[0] == 404


async def test_a_file_expires(platform: Platform, pool: Any) -> None:
    file = await uploaded(platform, purpose="customer_signature", content=PNG)
    assert file["expires_at"] == file["created"] + 7 * 86400
    _, link = await platform.call("POST", "/v1/file_links", form={"file": file["id"]})
    await pool.execute(
        "update files set body = jsonb_set(body, '{expires_at}', '1') where id = $1", file["id"]
    )
    status, body = await platform.call("GET", f"/v1/files/{file['id']}/contents")
    assert (status, body["error"]["message"]) == (400, f"The file '{file['id']}' has expired.")
    async with platform.live.http.get(link["url"]) as response:
        assert response.status == 400
