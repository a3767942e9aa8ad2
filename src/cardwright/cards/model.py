"""The card, said once (source: Issuing API, ``issuing.card``)."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.cardholders.model import Cardholder
from cardwright.cardholders.spending_controls import SpendingControls
from cardwright.cards.shipping_shapes import Shipping
from cardwright.features.happenings import Happening
from cardwright.wire.resource import (
    Currency,
    Mark,
    Metadata,
    Resource,
    Sealed,
    Shape,
    Timestamp,
)

Status = Literal["active", "inactive", "canceled"]
Type = Literal["physical", "virtual"]
CancellationReason = Literal["design_rejected", "fulfillment_error", "lost", "stolen"]
ReplacementReason = Literal["damaged", "expired", "fulfillment_error", "lost", "stolen"]
IneligibleReason = Literal["missing_agreement", "missing_cardholder_contact", "unsupported_region"]


class FraudWarning(Shape):
    """That the card may be in the wrong hands."""

    started_at: Timestamp | None = None
    type: str | None = None


class CancelAfter(Shape):
    """The number of payments after which the card cancels itself."""

    payment_count: Annotated[int, Mark(need="c", low=1)]


class LifecycleControls(Shape):
    """What ends the card's life."""

    cancel_after: Annotated[CancelAfter, Mark(need="c")]


class Pin(Shape):
    """The personal identification number: it comes in encrypted, as a compact JWE, and is shown to
    who holds an ephemeral key alone."""

    encrypted_number: Annotated[Sealed | UnsetType, Mark(longest=5000)] = UNSET
    number: Annotated[str | UnsetType, Mark("", revealed=True)] = UNSET


class Wallet(Shape):
    """Whether the card can be put into a wallet; that needs an agreement with its provider."""

    eligible: bool = False
    ineligible_reason: IneligibleReason | None = "missing_agreement"


class Wallets(Shape):
    """The wallets that know cards."""

    apple_pay: Wallet = field(default_factory=Wallet)
    google_pay: Wallet = field(default_factory=Wallet)
    primary_account_identifier: str | None = None


class CardMembers(Resource):
    """Every member of a card but its cardholder.

    ``number`` is sealed in the vault, ``cvc`` and ``pin.number`` are derived from it; they are here
    only in the answer to a retrieve that asks for them.
    """

    prefix: ClassVar[str] = "ic_"

    brand: str
    cancellation_reason: Annotated[CancellationReason | None, Mark("u")] = None
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Annotated[Currency, Mark("c", need="c", column=True)]
    cvc: Annotated[str | UnsetType, Mark("", revealed=True)] = UNSET
    exp_month: Annotated[int, Mark("cl", low=1, high=12, column=True)]
    exp_year: Annotated[int, Mark("cl", low=1970, high=2099, column=True)]
    # Either name may be used for it; the object has the first.
    financial_account: Annotated[
        str | None,
        Mark("c", column=True, longest=255, earlier=(("financial_account_v2", "0000-00-00"),)),
    ] = None
    last4: Annotated[str, Mark("l", longest=4, column=True)]
    # Whether the end of its last month canceled it.
    is_expired: Annotated[bool, Mark("", hidden=True)] = False
    latest_fraud_warning: FraudWarning | None = None
    lifecycle_controls: Annotated[LifecycleControls | None, Mark("c")] = None
    livemode: bool
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    number: Annotated[str | UnsetType, Mark("", revealed=True)] = UNSET
    personalization_design: Annotated[
        str | None, Mark("cul", column=True, expand="issuing.personalization_design")
    ] = None
    pin: Annotated[Pin | UnsetType, Mark("cu")] = UNSET
    # How often in a row a wrong PIN was presented.
    pin_failures: Annotated[int, Mark("", hidden=True)] = 0
    # The requests that brought those PINs, as far as they have names: none is counted twice.
    pin_failed_requests: Annotated[list[str], Mark("", hidden=True)] = field(default_factory=list)
    program: Annotated[str, Mark("c", column=True, preview=True, expand="issuing.program")]
    replaced_by: Annotated[str | None, Mark("", expand="issuing.card")] = None
    replacement_for: Annotated[str | None, Mark("c", column=True, expand="issuing.card")] = None
    replacement_reason: Annotated[ReplacementReason | None, Mark("c")] = None
    second_line: Annotated[str | None, Mark("c", longest=24, pattern=r"[A-Za-z0-9 /\-&:().']+")] = (
        None
    )
    shipping: Annotated[Shipping | None, Mark("cu")] = None
    spending_controls: Annotated[SpendingControls, Mark("cu")] = field(
        default_factory=SpendingControls
    )
    status: Annotated[Status, Mark("cul", column=True)] = "inactive"
    type: Annotated[Type, Mark("cl", need="c", column=True)]
    wallets: Wallets | None = field(default_factory=Wallets)


class Card(CardMembers, tag="issuing.card"):
    """A card as it is stored and given."""

    table: ClassVar[str] = "cards"

    cardholder: Annotated[str, Mark("cl", need="c", column=True)]


class IssuedCard(CardMembers, tag="issuing.card"):
    """A card as it is shown: with its cardholder whole."""

    cardholder: Cardholder


class CardCanceled(Happening, frozen=True):
    """A card is canceled; ``successor`` is the card that goes on with its number, if there is
    one."""

    card_id: str
    successor: str | None
