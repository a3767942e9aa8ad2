"""How a physical card is sent, said once (source: Issuing API, ``shipping`` of a card)."""

from typing import Annotated, Literal

from cardwright.cardholders.model import Address
from cardwright.wire.resource import Country, Mark, Parameters, Shape, Timestamp

ShippingStatus = Literal[
    "pending", "submitted", "shipped", "delivered", "returned", "failure", "canceled"
]
Carrier = Literal["correos", "dhl", "fedex", "royal_mail", "usps"]
ValidationMode = Literal["disabled", "normalization_only", "validation_and_normalization"]
ValidationResult = Literal["indeterminate", "likely_deliverable", "likely_undeliverable"]
# What is reported of a card that was handed over; it waits, and is canceled, by itself.
ReportedStatus = Literal["submitted", "shipped", "delivered", "returned", "failure"]


class NormalizedAddress(Shape):
    """The address as the post of its country writes it."""

    city: str | None = None
    country: Country | None = None
    line1: str | None = None
    line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


class AddressValidation(Shape):
    """Whether the address is looked at before the card is sent, and what was found."""

    mode: Annotated[ValidationMode, Mark(need="cu")]
    normalized_address: Annotated[NormalizedAddress | None, Mark("")] = None
    result: Annotated[ValidationResult | None, Mark("")] = None


class Customs(Shape):
    """What customs need of a parcel that crosses a border."""

    eori_number: Annotated[str | None, Mark(longest=20, pattern="[A-Za-z]{2}[A-Za-z0-9]+")] = None


class Shipping(Shape):
    """Where and how a physical card is sent."""

    address: Annotated[Address, Mark(need="cu", replace=True)]
    address_validation: AddressValidation | None = None
    business_name: Annotated[str | None, Mark(longest=200)] = None
    carrier: Annotated[Carrier | None, Mark("")] = None
    customs: Customs | None = None
    delivered_at: Annotated[Timestamp | None, Mark("")] = None
    eta: Annotated[Timestamp | None, Mark("")] = None
    name: Annotated[str, Mark(need="cu", longest=200)]
    phone_number: Annotated[str | None, Mark(longest=50)] = None
    require_signature: bool | None = None
    service: Literal["express", "priority", "standard"] = "standard"
    shipped_at: Annotated[Timestamp | None, Mark("")] = None
    status: Annotated[ShippingStatus | None, Mark("")] = "pending"
    tracking_number: Annotated[str | None, Mark("")] = None
    tracking_url: Annotated[str | None, Mark("")] = None
    type: Literal["bulk", "individual"] = "individual"


class ShippingReport(Parameters):
    """What became of a card on its way; the last four are known once it is shipped."""

    status: Annotated[ReportedStatus, Mark(need="c")]
    carrier: Carrier | None = None
    eta: Timestamp | None = None
    tracking_number: Annotated[str | None, Mark(longest=100, pattern=r"[A-Za-z0-9\- ]+")] = None
    tracking_url: Annotated[str | None, Mark(longest=500, pattern=r"https?://[!-~]+")] = None
