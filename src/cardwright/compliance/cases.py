"""Cases of the watch over card spend, for the operator: found and dismissed."""

import msgspec

from cardwright.accounts.record.acting import acting
from cardwright.compliance import refusals
from cardwright.compliance.model import ComplianceCase
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import gates
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.resource import Timestamp

QUERIES = load(__file__)
_ACCOUNT = QUERIES.value("account_of_case", str)


async def find_case(tx: Tx, case_id: str) -> tuple[Tx, ComplianceCase]:
    """A case of the acting platform, and the transaction acting as its account."""
    account_id = await _ACCOUNT(tx.connection, platform_id=tx.account_id, id=case_id)
    at = await acting(tx, account_id, closed=True) if account_id is not None else None
    if at is None:
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="id",
            object="compliance case",
            id=case_id[:200],
        )
    return at, await rows.get(at, ComplianceCase, case_id)


@operator_verb(kind="widens_risk")
async def dismiss(tx: Tx, case_id: str, note: str | None = None) -> ComplianceCase:
    """The operator found nothing wrong; the same payments open no other case. Refuses a case that
    is closed."""
    at, _case = await find_case(tx, case_id)
    await gates.lock(at, at.account_id)
    case = await rows.lock(at, ComplianceCase, case_id)
    if case.status != "open":
        fail(refusals.COMPLIANCE_CASE_CLOSED, id=case.id, status=case.status.replace("_", " "))
    dismissed = msgspec.structs.replace(
        case, status="dismissed", closed=Timestamp(at.now), note=note
    )
    await rows.save(at, dismissed)
    return dismissed
