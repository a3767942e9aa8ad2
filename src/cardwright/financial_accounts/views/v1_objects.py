"""Hashes that v1 shows of financial accounts and of what moves in them (source: Treasury API), and
v2 does not have."""

from typing import Annotated, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.wire.resource import IpAddress, Mark, Shape, Timestamp

FeatureStatus = Literal["active", "pending", "restricted"]


class FeatureDetail(Shape):
    """Why a feature is not active."""

    code: str
    resolution: str | None = None
    restriction: str | None = None


class Feature(Shape):
    """What a financial account can do."""

    requested: bool
    status: FeatureStatus
    status_details: list[FeatureDetail] = field(default_factory=list)


class Aba(Shape):
    """A feature of American bank accounts."""

    aba: Feature | UnsetType = UNSET


class Ach(Shape):
    """A feature over the American clearing house."""

    ach: Feature | UnsetType = UNSET


class AchAndWire(Shape):
    """The same, and by wire."""

    ach: Feature | UnsetType = UNSET
    us_domestic_wire: Feature | UnsetType = UNSET


class Features(Shape, tag_field="object", tag="treasury.financial_account_features"):
    """Everything that a financial account can do, requested or not."""

    card_issuing: Feature | UnsetType = UNSET
    deposit_insurance: Feature | UnsetType = UNSET
    financial_addresses: Aba | None = None
    inbound_transfers: Ach | None = None
    intra_stripe_flows: Feature | UnsetType = UNSET
    outbound_payments: AchAndWire | None = None
    outbound_transfers: AchAndWire | None = None


class AbaAddress(Shape):
    """A bank account number."""

    account_holder_name: str
    account_number: str | UnsetType = UNSET
    account_number_last4: str
    bank_name: str
    routing_number: str


class Address(Shape):
    """Where money for the account is sent."""

    aba: AbaAddress
    supported_networks: list[str]
    type: Literal["aba"] = "aba"


class KnownAddress(Shape):
    """An address of which little is known."""

    city: str | None = None
    country: str | None = None
    line1: str | None = None
    line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


class Billing(Shape):
    """Who is at the other end."""

    address: KnownAddress = field(default_factory=KnownAddress)
    email: str | None = None
    name: str | None = None


class OtherAccount(Shape):
    """A financial account at the other end."""

    id: str
    network: Literal["stripe"] = "stripe"


class OtherBank(Shape):
    """A bank account at the other end."""

    bank_name: str | None = None
    last4: str | None = None
    routing_number: str | None = None


class Initiating(Shape):
    """How money was sent or taken."""

    balance: str | None = None
    billing_details: Billing = field(default_factory=Billing)
    financial_account: OtherAccount | UnsetType = UNSET
    issuing_card: str | UnsetType = UNSET
    type: Literal["balance", "financial_account", "issuing_card", "stripe", "us_bank_account"]
    us_bank_account: OtherBank | UnsetType = UNSET


class ReversalDetails(Shape):
    """Until when it can be sent back, and if not, why."""

    deadline: Timestamp | None = None
    restricted_reason: str | None = None


class DestinationBank(Shape):
    """The bank account that is paid."""

    account_holder_type: str | None = None
    account_type: str | None = None
    bank_name: str | None = None
    fingerprint: str | None = None
    last4: str | None = None
    mandate: Annotated[str | UnsetType, Mark("", expand="mandate")] = UNSET
    network: str
    routing_number: str | None = None


class PaymentMethodDetails(Shape):
    """The other end, as far as something in it expands."""

    us_bank_account: DestinationBank


class ReturnedDetails(Shape):
    """Why money came back."""

    code: str
    transaction: Annotated[str, Mark("", expand="treasury.transaction")]


class EndUser(Shape):
    """Who asked for the payment."""

    ip_address: IpAddress | None = None
    present: Annotated[bool, Mark(need="c")]
