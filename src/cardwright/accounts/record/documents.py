"""The files that an account and its persons name: each is one of theirs and fits its place."""

from collections.abc import Collection, Iterator

import msgspec

from cardwright.accounts.record.identity import (
    FilesDocument,
    Person,
    SignedDocument,
    TwoSidedDocument,
)
from cardwright.accounts.record.model import Account
from cardwright.files.documents import Document, check_documents
from cardwright.files.model import Purpose
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals

BUSINESS_DOCUMENTS = "identity.business_details.documents"
OF_BUSINESS: dict[str, tuple[Purpose, ...]] = {
    "primary_verification": ("additional_verification", "identity_document"),
}
OF_PERSON: dict[str, tuple[Purpose, ...]] = {
    "primary_verification": ("identity_document",),
    "secondary_verification": ("identity_document", "additional_verification"),
}
OTHER: tuple[Purpose, ...] = ("account_requirement",)
BRANDING: tuple[Purpose, ...] = ("business_icon", "business_logo")


async def check_account(
    tx: Tx, before: Account | None, after: Account, persons: Collection[Person] = ()
) -> None:
    """Refuse documents that ``after`` names and ``before`` did not, unless they fit, and signers
    who are not among its ``persons``."""
    known = set(_of_account(before))
    await check_documents(tx, [one for one in _of_account(after) if one not in known])
    signed = set(_signers(before))
    held = {person.id for person in (*persons, after.identity.individual) if person is not None}
    for param, person_id in _signers(after):
        if (param, person_id) not in signed and person_id not in held:
            fail(tenancy_refusals.RESOURCE_MISSING, param=param, object="person", id=person_id)


async def check_person(tx: Tx, before: Person | None, after: Person) -> None:
    """The same for a person."""
    known = set(_of_person(before))
    await check_documents(tx, [one for one in _of_person(after) if one not in known])


def _of_account(account: Account | None) -> Iterator[Document]:
    if account is None:
        return
    details, merchant = account.identity.business_details, account.configuration.merchant
    if details is not None:
        yield from _of(details.documents, BUSINESS_DOCUMENTS, OF_BUSINESS)
    branding = merchant.branding if merchant is not None else None
    for name in ("icon", "logo") if branding is not None else ():
        file_id = getattr(branding, name)
        if file_id:
            yield Document(f"configuration.merchant.branding.{name}", file_id, BRANDING)
    yield from _of_person(account.identity.individual, "identity.individual.")


def _signers(account: Account | None) -> Iterator[tuple[str, str]]:
    """Where signers of documents are named, and who they are."""
    details = account.identity.business_details if account is not None else None
    documents = details.documents if details is not None else None
    for name in documents.__struct_fields__ if documents is not None else ():
        document = getattr(documents, name)
        if isinstance(document, SignedDocument) and document.signer is not None:
            yield f"{BUSINESS_DOCUMENTS}.{name}.signer.person", document.signer.person


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
