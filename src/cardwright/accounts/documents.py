"""The documents that an account and its persons name: each is a file of theirs that fits."""

from collections.abc import Iterator

import msgspec

from cardwright.accounts.identity import FilesDocument, Person, TwoSidedDocument
from cardwright.accounts.model import Account
from cardwright.files.documents import Document, check_documents
from cardwright.files.model import Purpose
from cardwright.kernel.database import Tx

OF_BUSINESS: dict[str, tuple[Purpose, ...]] = {
    "primary_verification": ("additional_verification", "identity_document"),
}
OF_PERSON: dict[str, tuple[Purpose, ...]] = {
    "primary_verification": ("identity_document",),
    "secondary_verification": ("identity_document", "additional_verification"),
}
OTHER: tuple[Purpose, ...] = ("account_requirement",)


async def check_account(tx: Tx, before: Account | None, after: Account) -> None:
    """Refuse documents that ``after`` names and ``before`` did not, unless they fit."""
    known = set(_of_account(before))
    await check_documents(tx, [one for one in _of_account(after) if one not in known])


async def check_person(tx: Tx, before: Person | None, after: Person) -> None:
    """The same for a person."""
    known = set(_of_person(before))
    await check_documents(tx, [one for one in _of_person(after) if one not in known])


def _of_account(account: Account | None) -> Iterator[Document]:
    if account is None:
        return
    details = account.identity.business_details
    if details is not None:
        yield from _of(details.documents, "identity.business_details.documents", OF_BUSINESS)
    yield from _of_person(account.identity.individual, "identity.individual.")


def _of_person(person: Person | None, path: str = "") -> Iterator[Document]:
    if person is not None:
        yield from _of(person.documents, f"{path}documents", OF_PERSON)


def _of(
    documents: msgspec.Struct | None, path: str, fitting: dict[str, tuple[Purpose, ...]]
) -> Iterator[Document]:
    for name in documents.__struct_fields__ if documents is not None else ():
        document, purposes = getattr(documents, name), fitting.get(name, OTHER)
        if isinstance(document, TwoSidedDocument):
            sides = document.front_back
            for side, file_id in (("front", sides.front), ("back", sides.back)):
                if file_id:
                    yield Document(f"{path}.{name}.front_back.{side}", file_id, purposes)
        elif isinstance(document, FilesDocument):
            for index, file_id in enumerate(document.files):
                yield Document(f"{path}.{name}.files.{index}", file_id, purposes)
