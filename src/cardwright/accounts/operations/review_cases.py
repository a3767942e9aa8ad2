"""``/_cardwright/verification_cases``: what waits for a decision, and the operator's decisions.

The public API has no such thing, so the path stands outside of it; form, answers and errors are
those of v1. A platform sees the cases of all of its accounts.
"""

from typing import Annotated, Any

from cardwright.accounts import reviewing
from cardwright.accounts.requirements.error_words import ERROR_WORDS
from cardwright.accounts.verification.cases import VerificationCase
from cardwright.kernel.database import Tx
from cardwright.wire import pages
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

PATH = "/_cardwright/verification_cases"
CODES = frozenset(ERROR_WORDS)


class Rejection(Parameters):
    """What is wrong, as the code of a requirement error."""

    code: Annotated[str, Mark(need="c", choices=CODES)]


class DocumentRequest(Parameters):
    """What is wrong with the value in whose place a document is due."""

    code: Annotated[str | None, Mark(choices=CODES)] = None


# Operations.


async def list_all(tx: Tx, call: Call[VerificationCase]) -> pages.Page[Body]:
    """List verification cases, newest first."""
    page = await pages.list_page(
        tx.connection, VerificationCase, tx.account_id, call.given, call.page, owner="platform_id"
    )
    return pages.Page([reviewing.shown(case) for case in page.data], page.has_more, page.request)


async def retrieve(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a verification case with the values it is about."""
    at, case = await reviewing.find_case(tx, call.path["id"])
    return {**reviewing.shown(case), "values": await reviewing.masked_values(at, case)}


async def approve(tx: Tx, call: Call[Any]) -> Body:
    """Approve the values of a case."""
    return reviewing.shown(await reviewing.approve(tx, call.path["id"]))


async def reject(tx: Tx, call: Call[Rejection]) -> Body:
    """Reject the values of a case."""
    return reviewing.shown(await reviewing.reject(tx, call.path["id"], call.given.get("code")))


async def request_document(tx: Tx, call: Call[DocumentRequest]) -> Body:
    """Ask for a document in the place of the values of a case."""
    return reviewing.shown(
        await reviewing.request_document(tx, call.path["id"], call.given.get("code"))
    )


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


OPERATIONS = (
    _operation("GET", PATH, list_all, takes=VerificationCase, letter="l", is_list=True),
    _operation("GET", f"{PATH}/{{id}}", retrieve),
    _operation("POST", f"{PATH}/{{id}}/approve", approve),
    _operation("POST", f"{PATH}/{{id}}/reject", reject, takes=Rejection),
    _operation("POST", f"{PATH}/{{id}}/request_document", request_document, takes=DocumentRequest),
)
