"""What an operator decides about the designs of a platform's accounts.

The acting account is the platform. In the test environment the reviewer is a test helper.
"""

from cardwright.designs import flows
from cardwright.designs.model import DesignStatus, PersonalizationDesign, RejectionReasons
from cardwright.kernel.database import Tx
from cardwright.tenancy.operator_verbs import operator_verb


@operator_verb(kind="none")
async def activate_design(tx: Tx, design_id: str) -> PersonalizationDesign:
    """Approve a design: its cards are made."""
    return await _review(tx, design_id, "active")


@operator_verb(kind="none")
async def deactivate_design(tx: Tx, design_id: str) -> PersonalizationDesign:
    """Withdraw a design: no more cards are ordered with it."""
    return await _review(tx, design_id, "inactive")


@operator_verb(kind="none")
async def reject_design(tx: Tx, design_id: str, reasons: RejectionReasons) -> PersonalizationDesign:
    """Reject a design; cards that wait to be made with it are canceled."""
    return await _review(tx, design_id, "rejected", reasons)


async def _review(
    tx: Tx, design_id: str, status: DesignStatus, reasons: RejectionReasons | None = None
) -> PersonalizationDesign:
    owner = await flows.find_owner(tx, design_id)
    return await flows.review(owner, design_id, status, reasons)
