"""The documents of a case, for a vendor that has no key: addresses that work for an hour."""

import hmac
from typing import Any

import msgspec

from cardwright.accounts.requirements.checks import Check
from cardwright.accounts.verification import refusals
from cardwright.accounts.verification.cases import VerificationCase
from cardwright.files import flows as files
from cardwright.files.documents import find_files
from cardwright.files.model import File
from cardwright.kernel import clock
from cardwright.kernel.database import Database, Tx
from cardwright.kernel.refusal import fail
from cardwright.kernel.vault import Vault
from cardwright.tenancy import registry
from cardwright.wire import rows
from cardwright.wire.content.downloads import Download

PATH = "/_cardwright/verification_files/"
KINDS = frozenset({"additional_document", "document"})
LIVES_SECONDS = clock.HOUR_MS // clock.SECOND_MS


class Ticket(msgspec.Struct, frozen=True):
    """What an address is for, and until which second of machine time."""

    account_id: str
    case_id: str
    file_id: str
    until: int

    def token(self, vault: Vault) -> str:
        """What the address ends with: only this installation can make it."""
        said = f"{self.account_id}/{self.case_id}/{self.file_id}/{self.until}"
        return vault.blind_index(said, "verification_file")[: files.TOKEN_LENGTH]

    def path(self, vault: Vault) -> str:
        """The path of the address."""
        named = f"{self.account_id}/{self.case_id}/{self.file_id}/{self.until}"
        return f"{PATH}{named}/{self.token(vault)}"


async def links(tx: Tx, case: VerificationCase, check: Check) -> list[dict[str, Any]]:
    """The sides of the documents that a case is about; what stands for a document in the test
    environment has an id alone."""
    if check.name not in KINDS:
        return []
    named = {side: file_id for side, file_id in check.values.items() if file_id}
    found = await find_files(tx, list(named.values()))
    until = clock.machine_ms() // clock.SECOND_MS + LIVES_SECONDS
    listed = []
    for side, file_id in named.items():
        entry: dict[str, Any] = {"file": file_id, "side": side}
        file = found.get(file_id)
        if file is not None:
            ticket = Ticket(case.account, case.id, file_id, until)
            entry |= {
                "expires_at": until,
                "size": file.size,
                "type": file.type,
                "url": files.base_of(file) + ticket.path(tx.vault),
            }
        listed.append(entry)
    return listed


async def open_ticket(database: Database, ticket: Ticket, token: str) -> Download:
    """The bytes that an address is for; refuses one that was not made here and one that is over."""
    made = ticket.token(database.vault)
    expired = ticket.until <= clock.machine_ms() // clock.SECOND_MS
    if expired or not hmac.compare_digest(made.encode(), token.encode()):
        fail(refusals.VERIFICATION_FILE_UNKNOWN)
    async with database.connection() as connection:
        tenant = await registry.find_tenant(connection, ticket.account_id)
    if tenant is None:
        fail(refusals.VERIFICATION_FILE_UNKNOWN)
    async with registry.reading(database, tenant) as tx:
        case = await rows.find(tx.connection, VerificationCase, tx.account_id, ticket.case_id)
        file = (await find_files(tx, [ticket.file_id])).get(ticket.file_id)
        if case is None or case.status == "superseded" or file is None:
            fail(refusals.VERIFICATION_FILE_UNKNOWN)
        return await _contents(tx, file)


async def _contents(tx: Tx, file: File) -> Download:
    owner = await rows.find(tx.connection, File, tx.account_id, file.id)
    account_id = tx.account_id if owner is not None else tx.platform_id
    return await files.contents(tx, file, account_id=account_id)
