"""Where a vendor that has no key comes: with an answer to a case, and for its documents."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from cardwright.accounts import reviewing
from cardwright.accounts.operations import vendor
from cardwright.accounts.operations.verification_provider import SECRET
from cardwright.accounts.verification import documents as verification_documents
from cardwright.accounts.verification import refusals as verification_refusals
from cardwright.accounts.verification.cases import VerificationCase
from cardwright.accounts.verification.documents import Ticket
from cardwright.events import signing
from cardwright.kernel import clock
from cardwright.kernel.blobs import Blobs
from cardwright.kernel.database import Database
from cardwright.kernel.refusal import Failure, fail
from cardwright.tenancy import gates, registry, secrets
from cardwright.wire import failures, http, rows
from cardwright.wire.content.downloads import sending
from cardwright.wire.operation import Answer
from cardwright.wire.versions import Body

PATH = "/_cardwright/verification_answers"
FILES = (
    f"{verification_documents.PATH}"
    "{account_id:str}/{case_id:str}/{file_id:str}/{until:int}/{token:str}"
)


async def take(database: Database, body: bytes, signature: str | None) -> Body:
    """Take a signed answer; the vendor hears how the case stands afterwards."""
    answer = vendor.read_answer(body)
    async with database.connection() as connection:
        tenant = await registry.find_tenant(connection, answer.account)
        secret = None
        if tenant is not None:
            platform_id = tenant.platform_id
            secret = await secrets.get(connection, database.vault, platform_id, platform_id, SECRET)
    # Without a secret nothing that is sent can be right; who asks learns no more than that.
    if secret is None:
        fail(verification_refusals.VERIFICATION_ANSWER_UNSIGNED, reason="the signature is another")
    now = clock.machine_ms() // clock.SECOND_MS
    vendor.check_signature(body, signature, secret, now)
    async with registry.transaction(database, answer.account) as tx:
        await gates.lock(tx, tx.account_id)
        case = await rows.lock(tx, VerificationCase, answer.case, param="case")
        verdict = vendor.verdict_of(answer, case)
        if verdict is not None:
            case = await reviewing.answer_case(tx, case.id, verdict, "vendor")
        return {"object": "verification_case", "id": case.id, "status": case.status}


def handlers(database: Database, blobs: Blobs | None) -> list[HTTPRouteHandler]:
    """The routes of vendors."""

    @post(PATH, status_code=200)
    async def answer(request: Request[Any, Any, Any]) -> ASGIApp:
        """A vendor's answer."""
        read = http.request_of(request.scope, request.receive)
        try:
            body = await read.read()
            taken = await take(database, body, read.header(signing.HEADER.lower()))
        except Failure as failure:
            return http.answering(Answer(*failures.encoded(failure, "v1")))
        finally:
            read.release()
        return http.answering(Answer(200, msgspec.json.encode(taken)))

    @get(FILES)
    async def document(request: Request[Any, Any, Any]) -> ASGIApp:
        """A document of a case."""
        named = request.path_params
        ticket = Ticket(named["account_id"], named["case_id"], named["file_id"], named["until"])
        try:
            download = await verification_documents.open_ticket(database, ticket, named["token"])
        except Failure as failure:
            return http.answering(Answer(*failures.encoded(failure, "v1")))
        assert blobs is not None, "who serves has a blob directory"
        return sending(download, blobs, ())

    return [answer, *([document] if blobs is not None else [])]
