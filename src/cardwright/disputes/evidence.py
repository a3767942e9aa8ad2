"""What a cardholder brings forward against a payment: one hash for each reason.

Only the hash that is named as the reason is there; instants are seconds, documents are files
uploaded for the purpose ``dispute_evidence``.
"""

from typing import Annotated, Literal, get_args

from msgspec import UNSET, UnsetType

from cardwright.wire.resource import Mark, Shape, Timestamp

Reason = Literal[
    "canceled",
    "duplicate",
    "fraudulent",
    "merchandise_not_as_described",
    "no_valid_authorization",
    "not_received",
    "other",
    "service_not_as_described",
]
REASONS: tuple[str, ...] = get_args(Reason)
ProductType = Literal["merchandise", "service"]
ReturnStatus = Literal["merchant_rejected", "successful"]
Text = Annotated[str | None, Mark(longest=2500)]
Document = Annotated[str | None, Mark(longest=255, expand="file")]


class Explained(Shape):
    """What every reason has: an explanation, and a document that supports it."""

    additional_documentation: Document = None
    explanation: Text = None


class Canceled(Explained):
    """What was ordered was canceled or returned."""

    canceled_at: Timestamp | None = None
    cancellation_policy_provided: bool | None = None
    cancellation_reason: Text = None
    expected_at: Timestamp | None = None
    product_description: Text = None
    product_type: ProductType | None = None
    return_status: ReturnStatus | None = None
    returned_at: Timestamp | None = None


class Duplicate(Explained):
    """It was paid for already; ``original_transaction`` is the payment that stands."""

    card_statement: Document = None
    cash_receipt: Document = None
    check_image: Document = None
    original_transaction: Annotated[str | None, Mark(longest=255)] = None


class Fraudulent(Explained):
    """Somebody else paid with the card."""


class MerchandiseNotAsDescribed(Explained):
    """What came is not what was sold."""

    received_at: Timestamp | None = None
    return_description: Text = None
    return_status: ReturnStatus | None = None
    returned_at: Timestamp | None = None


class NoValidAuthorization(Explained):
    """The merchant captured what the card had not approved."""


class NotReceived(Explained):
    """Nothing came."""

    expected_at: Timestamp | None = None
    product_description: Text = None
    product_type: ProductType | None = None


class Other(Explained):
    """Anything else."""

    product_description: Text = None
    product_type: ProductType | None = None


class ServiceNotAsDescribed(Explained):
    """The service was not the one that was sold."""

    canceled_at: Timestamp | None = None
    cancellation_reason: Text = None
    received_at: Timestamp | None = None


class Evidence(Shape):
    """The reason, and the hash of that name."""

    canceled: Canceled | UnsetType | None = UNSET
    duplicate: Duplicate | UnsetType | None = UNSET
    fraudulent: Fraudulent | UnsetType | None = UNSET
    merchandise_not_as_described: MerchandiseNotAsDescribed | UnsetType | None = UNSET
    no_valid_authorization: NoValidAuthorization | UnsetType | None = UNSET
    not_received: NotReceived | UnsetType | None = UNSET
    other: Other | UnsetType | None = UNSET
    reason: Reason = "other"
    service_not_as_described: ServiceNotAsDescribed | UnsetType | None = UNSET


# The shape of each reason's hash, and which of its members are documents.
SHAPES: dict[str, type[Explained]] = {
    "canceled": Canceled,
    "duplicate": Duplicate,
    "fraudulent": Fraudulent,
    "merchandise_not_as_described": MerchandiseNotAsDescribed,
    "no_valid_authorization": NoValidAuthorization,
    "not_received": NotReceived,
    "other": Other,
    "service_not_as_described": ServiceNotAsDescribed,
}
DOCUMENTS = ("additional_documentation", "card_statement", "cash_receipt", "check_image")
