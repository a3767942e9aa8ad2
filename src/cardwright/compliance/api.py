"""``/_cardwright/...`` for compliance: closing issuing for an account and opening it again, cases,
and the daily report; and the closing for violated terms as a test helper."""

from typing import Annotated, Any, Literal

from cardwright.accounts.record.acting import named_account
from cardwright.accounts.requirements.issuing_closures import IssuingClosure
from cardwright.compliance import cases, closures, report, settings
from cardwright.compliance.model import ComplianceCase
from cardwright.kernel.database import Tx
from cardwright.wire import pages
from cardwright.wire.operation import Call, Operation
from cardwright.wire.render import render
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

CLOSE = "/_cardwright/accounts/{id}/close_issuing"
REINSTATE = "/_cardwright/accounts/{id}/reinstate_issuing"
CLOSURES = "/_cardwright/issuing_closures"
CASES = "/_cardwright/compliance_cases"
REPORT = "/_cardwright/compliance_report"
VIOLATION = "/v1/test_helpers/accounts/{id}/terms_of_service_violation"
NOTE_LONGEST = 2000
# Why an operator closes issuing.
GivenReason = Literal["business_model", "terms_of_service", "url", "use_case"]


class Closing(Parameters):
    """Why issuing is closed, and what was found: the account reads the note."""

    note: Annotated[str, Mark(need="c", longest=NOTE_LONGEST)]
    reason: GivenReason = "terms_of_service"


class Violation(Parameters):
    """How the terms were violated: the account reads it."""

    reason: Annotated[str, Mark(need="c", longest=NOTE_LONGEST)]


class Reinstatement(Parameters):
    """Whether the cards that were deactivated are active again."""

    restore_cards: bool = False


class Dismissal(Parameters):
    """Why nothing is wrong, for the file."""

    note: Annotated[str | None, Mark(longest=NOTE_LONGEST)] = None


class ReportForm(Parameters):
    """How the report is written."""

    format: Literal["csv", "json"] = "json"


async def close(tx: Tx, call: Call[Closing]) -> Body:
    """Close issuing for an account."""
    given = call.given.value()
    closure = await closures.close_issuing(
        await named_account(tx, call.path["id"]), given.reason, given.note
    )
    return render(closure)


async def violate(tx: Tx, call: Call[Violation]) -> Body:
    """Close issuing for an account that violated the terms, in a test."""
    note = call.given.value().reason
    return render(
        await closures.close_issuing(
            await named_account(tx, call.path["id"]), "terms_of_service", note
        )
    )


async def reinstate(tx: Tx, call: Call[Reinstatement]) -> Body:
    """Open issuing for an account again."""
    given = call.given.value()
    at = await named_account(tx, call.path["id"])
    return render(await closures.reinstate(at, restore_cards=given.restore_cards))


async def list_closures(tx: Tx, call: Call[IssuingClosure]) -> pages.Page[Body]:
    """List closures of issuing, newest first."""
    return _rendered(await _listed(tx, IssuingClosure, call))


async def list_cases(tx: Tx, call: Call[ComplianceCase]) -> pages.Page[Body]:
    """List compliance cases, newest first."""
    return _rendered(await _listed(tx, ComplianceCase, call))


async def retrieve_case(tx: Tx, call: Call[Any]) -> Body:
    """Retrieve a compliance case."""
    return render((await cases.find_case(tx, call.path["id"]))[1])


async def dismiss_case(tx: Tx, call: Call[Dismissal]) -> Body:
    """Dismiss a compliance case."""
    return render(await cases.dismiss(tx, call.path["id"], call.given.value().note))


async def make_report(tx: Tx, call: Call[ReportForm]) -> Body:
    """Report what waits, what is late and who is restricted."""
    found = await report.report(tx)
    if call.given.value().format == "json":
        return found
    return {
        "object": "compliance_report_content",
        "content": report.as_csv(found),
        "date": found["date"],
        "livemode": tx.livemode,
    }


async def _listed(tx: Tx, shape: Any, call: Call[Any]) -> pages.Page[Any]:
    return await pages.list_page(
        tx.connection, shape, tx.account_id, call.given, call.page, owner="platform_id"
    )


def _rendered(page: pages.Page[Any]) -> pages.Page[Body]:
    return pages.Page([render(one) for one in page.data], page.has_more, page.request)


def _operation(method: str, path: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, handler=handler, platform_only=True, **more)


OPERATIONS = (
    _operation("POST", CLOSE, close, takes=Closing),
    _operation("POST", REINSTATE, reinstate, takes=Reinstatement),
    _operation("GET", CLOSURES, list_closures, takes=IssuingClosure, letter="l", is_list=True),
    _operation("GET", CASES, list_cases, takes=ComplianceCase, letter="l", is_list=True),
    _operation("GET", f"{CASES}/{{id}}", retrieve_case),
    _operation("POST", f"{CASES}/{{id}}/dismiss", dismiss_case, takes=Dismissal),
    _operation("GET", REPORT, make_report, takes=ReportForm),
    _operation("POST", VIOLATION, violate, takes=Violation, test_only=True),
    *settings.OPERATIONS,
)
