"""Files and file links through the official SDK on a live port."""

import asyncio
import hashlib
from typing import Any

import pytest
import stripe

from tests.files.uploads import JPEG, PDF, PNG, form, named, upload, uploaded
from tests.support.server import Platform


async def create(platform: Platform, content: bytes, name: str, **params: Any) -> stripe.File:
    wanted: Any = {"purpose": "identity_document", "file": named(content, name), **params}
    return await asyncio.to_thread(platform.sdk.v1.files.create, wanted)


async def download(platform: Platform, url: str, **headers: str) -> tuple[int, bytes, Any]:
    async with platform.live.http.get(url, headers=headers) as response:
        return response.status, await response.read(), response.headers


def bearer(platform: Platform) -> dict[str, str]:
    return {"Authorization": f"Bearer {platform.keys.secret}"}


async def test_upload_retrieve_list_and_download(platform: Platform) -> None:
    made = await create(platform, PNG, "/home/jenny/passport.png")
    assert made.id.startswith("file_")
    assert made.to_dict() == {
        "id": made.id,
        "object": "file",
        "created": made.created,
        "expires_at": None,
        "filename": "passport.png",
        "links": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/file_links?file={made.id}",
        },
        "purpose": "identity_document",
        "size": len(PNG),
        "title": None,
        "type": "png",
        "url": f"{platform.base}/v1/files/{made.id}/contents",
    }
    found = await asyncio.to_thread(platform.sdk.v1.files.retrieve, made.id)
    assert found.to_dict() == made.to_dict()

    other = await create(platform, PDF, "evidence.pdf", purpose="dispute_evidence")
    assert (other.type, other.expires_at) == ("pdf", other.created + 270 * 86400)
    listed = await asyncio.to_thread(platform.sdk.v1.files.list)
    assert [item.id for item in listed.data] == [other.id, made.id]
    listed = await asyncio.to_thread(platform.sdk.v1.files.list, {"purpose": "identity_document"})
    assert [item.id for item in listed.data] == [made.id]

    assert made.url is not None
    status, content, headers = await download(platform, made.url, **bearer(platform))
    assert (status, content) == (200, PNG)
    assert headers["Content-Type"] == "image/png"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''passport.png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert (await download(platform, made.url))[0] == 401


async def test_a_large_file_comes_back_whole(platform: Platform) -> None:
    content = PDF + bytes(range(256)) * (60 * 1024)
    made = await create(platform, content, "long.pdf", purpose="pci_document")
    assert made.size == len(content) > 15 * 1024 * 1024
    assert made.url is not None
    _, found, _ = await download(platform, made.url, **bearer(platform))
    assert hashlib.sha256(found).digest() == hashlib.sha256(content).digest()


@pytest.mark.calendar
async def test_a_link_works_until_it_expires(platform: Platform) -> None:
    file = await create(platform, JPEG, "lögo.jpg", purpose="business_logo")
    links = platform.sdk.v1.file_links
    link = await asyncio.to_thread(links.create, {"file": file.id, "metadata": {"for": "print"}})
    assert (link.object, link.expired, link.expires_at) == ("file_link", False, None)
    assert link.to_dict()["metadata"] == {"for": "print"}
    assert link.url is not None
    status, content, headers = await download(platform, link.url)
    assert (status, content) == (200, JPEG)
    assert headers["Content-Disposition"] == "inline; filename*=UTF-8''l%C3%B6go.jpg"

    found = await asyncio.to_thread(links.retrieve, link.id, {"expand": ["file"]})
    assert isinstance(found.file, stripe.File)
    assert found.file.links is not None
    assert [item.id for item in found.file.links.data] == [link.id]

    ended = await asyncio.to_thread(
        links.update, link.id, {"expires_at": "now", "metadata": {"for": "", "by": "mail"}}
    )
    assert (ended.expired, ended.to_dict()["metadata"]) == (True, {"by": "mail"})
    status, content, _ = await download(platform, link.url)
    assert (status, b"expired" in content) == (404, True)

    lasting = await asyncio.to_thread(links.update, link.id, {"expires_at": link.created + 3600})
    assert lasting.expired is False
    assert (await download(platform, link.url))[0] == 200
    endless = await asyncio.to_thread(links.update, link.id, {"expires_at": ""})
    assert endless.expires_at is None


@pytest.mark.calendar
async def test_links_are_listed_by_file_and_by_their_end(platform: Platform) -> None:
    files = [await uploaded(platform, purpose="business_icon") for _ in range(2)]
    links = platform.sdk.v1.file_links
    open_, ended, other = [
        await asyncio.to_thread(links.create, {"file": file})
        for file in (files[0]["id"], files[0]["id"], files[1]["id"])
    ]
    await asyncio.to_thread(links.update, ended.id, {"expires_at": "now"})

    async def listed(**filters: Any) -> list[str]:
        wanted: Any = filters
        return [item.id for item in (await asyncio.to_thread(links.list, wanted)).data]

    assert await listed() == [other.id, ended.id, open_.id]
    assert await listed(file=files[0]["id"]) == [ended.id, open_.id]
    assert await listed(expired=True) == [ended.id]
    assert await listed(expired=False) == [other.id, open_.id]
    assert await listed(expired=False, file=files[0]["id"], limit=1) == [open_.id]


async def test_a_link_comes_with_its_file(platform: Platform) -> None:
    status, file = await upload(
        platform,
        form(
            purpose="dispute_evidence",
            fields={"file_link_data[create]": "true", "file_link_data[metadata][case]": "one"},
        ),
    )
    assert status == 200, file
    (link,) = file["links"]["data"]
    assert (link["file"], link["metadata"]) == (file["id"], {"case": "one"})
    assert (await download(platform, link["url"]))[:2] == (200, PNG)


async def test_a_file_shows_ten_of_its_links(platform: Platform) -> None:
    file = await uploaded(platform, purpose="business_icon")
    for _ in range(11):
        await asyncio.to_thread(platform.sdk.v1.file_links.create, {"file": file["id"]})
    found = await asyncio.to_thread(platform.sdk.v1.files.retrieve, file["id"])
    assert found.links is not None
    assert (len(found.links.data), found.links.has_more) == (10, True)
    listed = await asyncio.to_thread(platform.sdk.v1.files.list)
    assert listed.data[0].to_dict() == found.to_dict()


WRONG_LINKS = [
    ({}, "Missing required param: file."),
    ({"file": "file_none"}, "No such file: 'file_none'"),
    ({"file": "{id}", "expires_at": "1"}, "A link can only expire at an instant to come."),
    ({"file": "{id}", "expires_at": "now"}, "Invalid timestamp for expires_at: now"),
    ({"file": "{document}"}, "A file for the purpose identity_document has no links."),
]


@pytest.mark.parametrize(("wanted", "message"), WRONG_LINKS)
async def test_a_wrong_link_is_refused(
    platform: Platform, wanted: dict[str, str], message: str
) -> None:
    file = await uploaded(platform, purpose="business_icon")
    document = await uploaded(platform)
    sent = {
        name: value.format(id=file["id"], document=document["id"]) for name, value in wanted.items()
    }
    status, body = await platform.call("POST", "/v1/file_links", form=sent)
    assert status in (400, 404)
    assert body["error"]["message"].startswith(message)


async def test_a_wrong_address_opens_nothing(platform: Platform) -> None:
    file = await uploaded(platform, purpose="business_icon")
    link = await asyncio.to_thread(platform.sdk.v1.file_links.create, {"file": file["id"]})
    assert link.url is not None
    head, token = link.url.rsplit("/", 1)
    account, _ = head.removeprefix(f"{platform.base}/links/").split("/")
    for path in (
        f"{head}/{'0' * len(token)}",
        f"{head}/x%00",
        f"{head}/{token[:-1]}é",
        f"{platform.base}/links/{account}/link_none/{token}",
        f"{platform.base}/links/acct_none/{link.id}/{token}",
    ):
        status, content, _ = await download(platform, path)
        assert (status, b"There is no such file link." in content) == (404, True)


async def test_an_upload_is_an_event(platform: Platform) -> None:
    file = await uploaded(platform)
    listed = await asyncio.to_thread(platform.sdk.v1.events.list, {"type": "file.created"})
    (event,) = listed.data
    assert event.data.object["id"] == file["id"]
    assert event.data.object["url"] == file["url"]
