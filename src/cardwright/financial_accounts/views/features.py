"""The features of treasury accounts (v1): which there are, and how an account stands with them."""

from typing import Any

from msgspec import UNSET

from cardwright.financial_accounts import refusals
from cardwright.financial_accounts.record.model import FinancialAccount
from cardwright.financial_accounts.views.v1_objects import (
    Aba,
    Ach,
    AchAndWire,
    Feature,
    FeatureDetail,
    Features,
)
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


def requested_in(given: dict[str, Any]) -> dict[str, bool]:
    """The features that a checked ``features`` parameter names, with whether each is wanted."""
    found = {}
    for name in FEATURES:
        node: Any = given
        for step in name.split("."):
            node = (node or {}).get(step)
        if node is not None:
            found[name] = bool(node["requested"])
    return found


def detail_of(account: FinancialAccount, name: str, standing: str) -> Feature:
    """How an account stands with a feature; ``standing`` is that of its owner's capability."""
    face = account.treasury
    requested = face is not None and name in face.features
    code, resolution, restriction = "", None, None
    if account.status == "closed":
        code = "financial_account_closed"
    elif standing == "not requested":
        code = "capability_not_requested"
    elif standing == "pending":
        code = "requirements_pending_verification"
    elif standing != "active":
        code, resolution = "requirements_past_due", "provide_information"
    elif face is not None:
        for direction, names in (("inbound_flows", INBOUND), ("outbound_flows", OUTBOUND)):
            if name in names and getattr(face.restrictions, direction) == "restricted":
                code, resolution = "restricted_by_platform", "remove_restriction"
                restriction = direction
    if not requested:
        return Feature(requested=False, status="restricted")
    if not code:
        return Feature(requested=True, status="active")
    detail = FeatureDetail(code=code, resolution=resolution, restriction=restriction)
    pending = code == "requirements_pending_verification"
    return Feature(
        requested=True, status="pending" if pending else "restricted", status_details=[detail]
    )


def features_of(account: FinancialAccount, standing: str) -> Features:
    """Every feature that was requested."""
    requested = account.treasury.features if account.treasury is not None else []
    found = {name: detail_of(account, name, standing) for name in FEATURES if name in requested}
    payments = {
        side: AchAndWire(
            ach=found.get(f"{side}.ach", UNSET),
            us_domestic_wire=found.get(f"{side}.us_domestic_wire", UNSET),
        )
        for side in ("outbound_payments", "outbound_transfers")
    }
    return Features(
        card_issuing=found.get("card_issuing", UNSET),
        deposit_insurance=found.get("deposit_insurance", UNSET),
        financial_addresses=Aba(aba=found.get("financial_addresses.aba", UNSET)),
        inbound_transfers=Ach(ach=found.get("inbound_transfers.ach", UNSET)),
        intra_stripe_flows=found.get("intra_stripe_flows", UNSET),
        **payments,
    )


def check_active(account: FinancialAccount, name: str, standing: str) -> None:
    """Refuse what needs a feature that is not active."""
    found = detail_of(account, name, standing)
    if found.status != "active":
        status = found.status if found.requested else "not requested"
        fail(refusals.FEATURE_INACTIVE, feature=name, account=account.id, status=status)
