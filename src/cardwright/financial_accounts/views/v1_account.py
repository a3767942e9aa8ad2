"""The v1 face of financial accounts (source: Treasury API), as a table over the record that v2
shows. Pure."""

from collections.abc import Iterable
from typing import Annotated, Any, NamedTuple

import msgspec

from cardwright.financial_accounts.record.features import FEATURES
from cardwright.financial_accounts.record.model import FinancialAccount, FinancialAddress
from cardwright.financial_accounts.views.features import detail_of, features_of
from cardwright.financial_accounts.views.v1_objects import AbaAddress, Address, Feature, Features
from cardwright.wire.faces.face import Computed, Face, Form, Member
from cardwright.wire.resource import Mark, Resource
from cardwright.wire.versions import Body

NETWORKS = ["ach", "us_domestic_wire"]


class AccountSeen(NamedTuple):
    """A financial account with its addresses and how it stands with the features that it asked
    for; ``shown`` are all features, where they are to be seen."""

    account: FinancialAccount
    addresses: list[Address]
    features: dict[str, Feature]
    shown: Features | msgspec.UnsetType

    def names(self, status: str) -> list[str]:
        """The features of a status."""
        return [name for name, feature in self.features.items() if feature.status == status]


def _amounts(bucket: dict[str, Any]) -> dict[str, int]:
    return {currency: amount.value for currency, amount in bucket.items()}


def _status_details(one: FinancialAccount) -> Body:
    closed = one.status_details is not None and one.status_details.closed is not None
    return {"closed": {"reasons": ["closed_by_platform"]} if closed else None}


AMOUNTS = Form(show=_amounts)
ACCOUNT: "Face[AccountSeen, TreasuryAccount]" = Face(
    FinancialAccount,
    Member("id", "id"),
    Computed("active_features", lambda seen: seen.names("active")),
    Member("balance.cash", "balance.available", AMOUNTS),
    Member("balance.inbound_pending", "balance.inbound_pending", AMOUNTS),
    Member("balance.outbound_pending", "balance.outbound_pending", AMOUNTS),
    Member("country", "country"),
    Member("created", "created"),
    Computed(
        "display_name",
        lambda seen: seen.account.display_name,
        type=Annotated[str | None, Mark(preview=True)],
    ),
    Computed(
        "features",
        lambda seen: seen.shown,
        type=Annotated[Features | msgspec.UnsetType, Mark(revealed=True)],
    ),
    Member("display_name", "display_name", shown=False),
    Computed("financial_addresses", lambda seen: seen.addresses),
    Computed("is_default", lambda _: False),
    Member("livemode", "livemode"),
    Member("metadata", "metadata"),
    Member("nickname", "treasury.nickname"),
    Computed("pending_features", lambda seen: seen.names("pending")),
    Member("platform_restrictions", "treasury.restrictions"),
    Computed("restricted_features", lambda seen: seen.names("restricted")),
    Member(
        "status", "status", Form(show=lambda status: "closed" if status == "closed" else "open")
    ),
    Computed("status_details", lambda seen: _status_details(seen.account)),
    Member("supported_currencies", "storage.holds_currencies", mark=Mark("c", need="c")),
)


@ACCOUNT.shows
class TreasuryAccount(Resource, tag="treasury.financial_account"):
    """A financial account."""


def account(
    one: FinancialAccount,
    addresses: Iterable[FinancialAddress],
    standing: str,
    *,
    numbers: bool = False,
) -> TreasuryAccount:
    """A financial account with its balance; ``standing`` is how its owner stands with the
    capability, ``numbers`` whether the numbers of its addresses are shown whole."""
    assert one.treasury is not None, "v1 shows treasury accounts alone"
    seen = AccountSeen(
        one,
        addresses=[
            found for each in addresses if (found := _address(each, numbers=numbers)) is not None
        ],
        features={
            name: detail_of(one, name, standing)
            for name in FEATURES
            if name in one.treasury.features
        },
        shown=features_of(one, standing),
    )
    return ACCOUNT.view(one, seen)


def _address(one: FinancialAddress, *, numbers: bool) -> Address | None:
    bank = one.bank_account
    if bank is None or isinstance(bank.aba, msgspec.UnsetType):
        return None
    aba = AbaAddress(
        account_holder_name=bank.aba.account_holder_name,
        account_number=bank.aba.account_number if numbers else msgspec.UNSET,
        account_number_last4=bank.aba.last4,
        bank_name=bank.aba.bank_name,
        routing_number=bank.aba.routing_number,
    )
    return Address(aba=aba, supported_networks=NETWORKS)
