"""What is taken as a file, for which purpose, and who may be given a link to it.

The documented limits; a purpose that the product has no use for is not taken.
"""

from typing import NamedTuple

from cardwright.files import refusals
from cardwright.files.model import Purpose
from cardwright.kernel import clock
from cardwright.kernel.refusal import fail
from cardwright.wire.resource import Upload

KIB, MIB = 1024, 1024 * 1024
DAY = clock.DAY_MS // clock.SECOND_MS


class Kind(NamedTuple):
    """A kind of file and the bytes that it begins with."""

    type: str
    content_type: str
    beginnings: tuple[bytes, ...]


KINDS = (
    Kind("gif", "image/gif", (b"GIF87a", b"GIF89a")),
    Kind("jpg", "image/jpeg", (b"\xff\xd8\xff",)),
    Kind("pdf", "application/pdf", (b"%PDF-",)),
    Kind("png", "image/png", (b"\x89PNG\r\n\x1a\n",)),
)
CONTENT_TYPES = {kind.type: kind.content_type for kind in KINDS}


class Terms(NamedTuple):
    """What a purpose takes: kinds, bytes; how long it is kept at hand and whether it is shared."""

    types: tuple[str, ...]
    size_max: int
    lives_seconds: int | None = None
    linkable: bool = False


DOCUMENT = ("jpg", "pdf", "png")
IMAGE = ("gif", "jpg", "png")
PURPOSES: dict[Purpose, Terms] = {
    "account_requirement": Terms(DOCUMENT, 10 * MIB),
    "additional_verification": Terms(DOCUMENT, 10 * MIB),
    "business_icon": Terms(IMAGE, 512 * KIB, linkable=True),
    "business_logo": Terms(IMAGE, 512 * KIB, linkable=True),
    "customer_signature": Terms(("jpg", "png"), 4 * MIB, 7 * DAY, linkable=True),
    "dispute_evidence": Terms(DOCUMENT, 5 * MIB, 270 * DAY, linkable=True),
    "identity_document": Terms(DOCUMENT, 10 * MIB),
    "issuing_logo": Terms(("jpg", "png"), 512 * KIB, linkable=True),
    "pci_document": Terms(("pdf",), 16 * MIB, linkable=True),
    "platform_terms_of_service": Terms(("pdf",), 16 * MIB),
    "tax_document_user_upload": Terms(DOCUMENT, 16 * MIB, linkable=True),
}
UPLOAD_MAX = max(terms.size_max for terms in PURPOSES.values())


def kind_of(head: bytes) -> Kind | None:
    """The kind of a file by its first bytes; its name and its content type say nothing."""
    return next((kind for kind in KINDS if head.startswith(kind.beginnings)), None)


def check_upload(purpose: Purpose, upload: Upload) -> None:
    """Refuse a file that is empty, too large for its purpose, or of another kind."""
    terms = PURPOSES[purpose]
    if upload.size == 0:
        fail(refusals.FILE_EMPTY, param="file")
    if upload.size > terms.size_max:
        limit = terms.size_max
        fail(refusals.FILE_TOO_LARGE, param="file", purpose=purpose, size=upload.size, limit=limit)
    kind = kind_of(upload.head)
    if kind is None or kind.type not in terms.types:
        found = kind.type if kind is not None else "none of the known types"
        taken = ", ".join(terms.types)
        fail(
            refusals.FILE_TYPE_UNSUPPORTED, param="file", purpose=purpose, found=found, types=taken
        )


def check_link(purpose: Purpose, expires_at: int | None, now: int, *, param: str) -> None:
    """Refuse a link to a file that is not shared, and one that would be expired already."""
    if not PURPOSES[purpose].linkable:
        shared = ", ".join(name for name, terms in PURPOSES.items() if terms.linkable)
        fail(refusals.FILE_NOT_LINKABLE, param=param, purpose=purpose, purposes=shared)
    check_expiry(expires_at, now)


def check_expiry(expires_at: int | None, now: int) -> None:
    """Refuse an instant that is not to come."""
    if expires_at is not None and expires_at <= now:
        fail(refusals.FILE_LINK_EXPIRY_PAST, param="expires_at")
