"""Documents by the ids of their files, wherever a feature takes one."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from cardwright.files import refusals
from cardwright.files.model import File, Purpose
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import rows

# Stand for documents in the test environment, where they always exist and fit everywhere.
VERIFIED_DOCUMENT = "file_identity_document_success"
UNVERIFIED_DOCUMENT = "file_identity_document_failure"
TEST_DOCUMENTS = frozenset({VERIFIED_DOCUMENT, UNVERIFIED_DOCUMENT})


class Document(NamedTuple):
    """A file, the parameter that names it, and the purposes that fit there."""

    param: str
    file_id: str
    purposes: tuple[Purpose, ...]


async def find_files(tx: Tx, wanted: list[str]) -> dict[str, File]:
    """Those of the files that the acting account or its platform has, by id."""
    found = await rows.batch(tx.connection, File, tx.account_id, wanted)
    others = [file_id for file_id in wanted if file_id not in found]
    if others and tx.platform_id != tx.account_id:
        found |= await rows.batch(tx.connection, File, tx.platform_id, others)
    return found


async def check_documents(
    tx: Tx, documents: Iterable[Document], *, api: Literal["v1", "v2"] = "v2"
) -> None:
    """Refuse a file that neither the acting account nor its platform has, with ``document_invalid``
    (v1 has no word of its own for it: ``resource_missing``), and one that was uploaded for another
    purpose, with ``document_purpose_invalid``."""
    named = [one for one in documents if tx.livemode or one.file_id not in TEST_DOCUMENTS]
    if not named:
        return
    found = await find_files(tx, sorted({one.file_id for one in named}))
    for param, file_id, purposes in named:
        file = found.get(file_id)
        if file is None:
            if api == "v2":
                fail(refusals.DOCUMENT_INVALID, param=param, id=file_id[:200])
            fail(tenancy_refusals.RESOURCE_MISSING, param=param, object="file", id=file_id[:200])
        if file.purpose not in purposes:
            fail(
                refusals.DOCUMENT_PURPOSE_INVALID,
                param=param,
                id=file_id,
                purpose=file.purpose,
                purposes=" or ".join(purposes),
            )
