"""Files and file links, said once (source: Files API, ``file`` and ``file_link``)."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import field

from cardwright.wire.resource import Mark, Metadata, Parameters, Resource, Shape, Timestamp, Upload

Purpose = Literal[
    "account_requirement",
    "additional_verification",
    "business_icon",
    "business_logo",
    "customer_signature",
    "dispute_evidence",
    "identity_document",
    "issuing_logo",
    "pci_document",
    "platform_terms_of_service",
    "tax_document_user_upload",
]


class FileLink(Resource, tag="file_link"):
    """An address at which anybody can read a file, until it expires."""

    prefix: ClassVar[str] = "link_"
    table: ClassVar[str] = "file_links"

    created: Annotated[Timestamp, Mark("l", column=True)]
    # Follows from the account's instant whenever the link is read.
    expired: bool = False
    expires_at: Annotated[Timestamp | None, Mark("c", column=True)] = None
    file: Annotated[str, Mark("cl", need="c", expand="file", column=True)]
    livemode: bool
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    url: str


class FileLinks(msgspec.Struct, tag_field="object", tag="list", kw_only=True):
    """The newest links of a file."""

    data: list[FileLink] = field(default_factory=list)
    has_more: bool = False
    url: str


class File(Resource, tag="file"):
    """An uploaded file."""

    prefix: ClassVar[str] = "file_"
    table: ClassVar[str] = "files"

    created: Annotated[Timestamp, Mark("l", column=True)]
    expires_at: Timestamp | None = None
    filename: str | None = None
    links: FileLinks
    purpose: Annotated[Purpose, Mark("l", column=True)]
    size: int
    title: str | None = None
    type: str
    url: str


class FileLinkData(Shape):
    """The link to make together with a file."""

    create: Annotated[bool, Mark(need="c")]
    expires_at: Timestamp | None = None
    metadata: Metadata = field(default_factory=dict)


class FileParameters(Parameters):
    """What an upload gives."""

    file: Annotated[Upload, Mark(need="c")]
    purpose: Annotated[Purpose, Mark(need="c")]
    file_link_data: FileLinkData | None = None


class FileLinkUpdate(Parameters):
    """What an update of a link may give; ``expires_at`` is seconds or ``now``."""

    expires_at: Annotated[str | None, Mark(pattern="now|[0-9]{1,10}")] = None
    metadata: Metadata = field(default_factory=dict)


class FileLinkList(Parameters):
    """Filters of the list of links."""

    created: Timestamp | None = None
    expired: bool | None = None
    file: Annotated[str | None, Mark(longest=255)] = None
