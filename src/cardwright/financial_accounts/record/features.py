"""The features of treasury accounts (v1): which there are, and how an account stands with them.
Pure."""

from typing import Literal, NamedTuple

from cardwright.financial_accounts import refusals
from cardwright.financial_accounts.record.model import FinancialAccount
from cardwright.kernel.refusal import fail

FEATURES = (
    "card_issuing",
    "deposit_insurance",
    "financial_addresses.aba",
    "inbound_transfers.ach",
    "intra_stripe_flows",
    "outbound_payments.ach",
    "outbound_payments.us_domestic_wire",
    "outbound_transfers.ach",
    "outbound_transfers.us_domestic_wire",
)
INBOUND = frozenset({"financial_addresses.aba", "inbound_transfers.ach"})
OUTBOUND = frozenset({"card_issuing", *(name for name in FEATURES if name.startswith("outbound_"))})


class FeatureStanding(NamedTuple):
    """How an account stands with a feature; ``code`` says why one that was requested is not
    active, ``resolution`` what would help."""

    status: Literal["active", "pending", "restricted"]
    requested: bool = True
    code: str | None = None
    resolution: str | None = None
    restriction: str | None = None


def standing_with(account: FinancialAccount, name: str, standing: str) -> FeatureStanding:
    """How an account stands with a feature; ``standing`` is that of its owner's capability."""
    face = account.treasury
    if face is None or name not in face.features:
        return FeatureStanding("restricted", requested=False)
    if account.status == "closed":
        return FeatureStanding("restricted", code="financial_account_closed")
    if standing == "not requested":
        return FeatureStanding("restricted", code="capability_not_requested")
    if standing == "pending":
        return FeatureStanding("pending", code="requirements_pending_verification")
    if standing != "active":
        help_ = "provide_information"
        return FeatureStanding("restricted", code="requirements_past_due", resolution=help_)
    restriction = None
    for direction, names in (("inbound_flows", INBOUND), ("outbound_flows", OUTBOUND)):
        if name in names and getattr(face.restrictions, direction) == "restricted":
            restriction = direction
    if restriction is None:
        return FeatureStanding("active")
    return FeatureStanding(
        "restricted",
        code="restricted_by_platform",
        resolution="remove_restriction",
        restriction=restriction,
    )


def check_active(account: FinancialAccount, name: str, standing: str) -> None:
    """Refuse what needs a feature that is not active."""
    found = standing_with(account, name, standing)
    if found.status != "active":
        status = found.status if found.requested else "not requested"
        fail(refusals.FEATURE_INACTIVE, feature=name, account=account.id, status=status)
