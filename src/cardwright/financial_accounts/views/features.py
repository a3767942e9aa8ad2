"""The features of treasury accounts (v1) as they are named in calls and shown."""

from typing import Any

from msgspec import UNSET

from cardwright.financial_accounts.record.features import FEATURES, standing_with
from cardwright.financial_accounts.record.model import FinancialAccount
from cardwright.financial_accounts.views.v1_objects import (
    Aba,
    Ach,
    AchAndWire,
    Feature,
    FeatureDetail,
    Features,
)


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
    """A feature of an account; ``standing`` is that of its owner's capability."""
    found = standing_with(account, name, standing)
    if found.code is None:
        return Feature(requested=found.requested, status=found.status)
    detail = FeatureDetail(
        code=found.code, resolution=found.resolution, restriction=found.restriction
    )
    return Feature(requested=True, status=found.status, status_details=[detail])


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
