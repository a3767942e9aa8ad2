"""Personalization designs and physical bundles, said once (source: Issuing API)."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.features.happenings import Happening
from cardwright.wire.resource import Mark, Metadata, Parameters, Resource, Shape, Timestamp

DesignStatus = Literal["active", "inactive", "rejected", "review"]
Feature = Literal["optional", "required", "unsupported"]
CarrierTextReason = Literal[
    "geographic_location",
    "inappropriate",
    "network_name",
    "non_fiat_currency",
    "other",
    "other_entity",
    "promotional_material",
]
CardLogoReason = Literal[
    "geographic_location",
    "inappropriate",
    "network_name",
    "non_binary_image",
    "non_fiat_currency",
    "other",
    "other_entity",
    "promotional_material",
]
TITLE_LONGEST, BODY_LONGEST = 30, 200


class Features(Shape):
    """What can be, must be or cannot be printed."""

    card_logo: Feature
    carrier_text: Feature
    second_line: Feature


class PhysicalBundle(Resource, tag="issuing.physical_bundle"):
    """The plastic, the carrier and the envelope that cards are made of; the platform's."""

    prefix: ClassVar[str] = "ics_"
    table: ClassVar[str] = "physical_bundles"

    created: Annotated[Timestamp, Mark("", column=True, hidden=True)]
    features: Features
    livemode: bool
    name: str
    status: Annotated[Literal["active", "inactive", "review"], Mark("l", column=True)] = "active"
    type: Annotated[Literal["custom", "standard"], Mark("l", column=True)] = "standard"


class CarrierText(Shape):
    """What the letter says that carries the card."""

    footer_body: Annotated[str | None, Mark(longest=BODY_LONGEST)] = None
    footer_title: Annotated[str | None, Mark(longest=TITLE_LONGEST)] = None
    header_body: Annotated[str | None, Mark(longest=BODY_LONGEST)] = None
    header_title: Annotated[str | None, Mark(longest=TITLE_LONGEST)] = None


class Preferences(Shape):
    """Whether cards are made with the design when they name none."""

    is_default: Annotated[bool, Mark(need="cu")]
    is_platform_default: Annotated[bool | None, Mark("")] = None


class RejectionReasons(Shape):
    """What is wrong with the logo and with the text; null: nothing."""

    card_logo: list[CardLogoReason] | None = None
    carrier_text: list[CarrierTextReason] | None = None


class DesignMembers(Resource):
    """Every member of a design but its preferences."""

    prefix: ClassVar[str] = "ipd_"

    card_logo: Annotated[str | None, Mark("cu", expand="file", longest=255)] = None
    carrier_text: Annotated[CarrierText | None, Mark("cu")] = None
    created: Annotated[Timestamp, Mark("", column=True)]
    livemode: bool
    lookup_key: Annotated[str | None, Mark("cu", column=True, longest=200)] = None
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    name: Annotated[str | None, Mark("cu", longest=200)] = None
    physical_bundle: Annotated[
        str, Mark("cu", need="c", expand="issuing.physical_bundle", longest=255)
    ]
    rejection_reasons: Annotated[RejectionReasons, Mark("")] = field(
        default_factory=RejectionReasons
    )
    status: Annotated[DesignStatus, Mark("", column=True)] = "review"


class Design(DesignMembers, tag="issuing.personalization_design"):
    """A design as it is stored: with the account and the platform that have it."""

    table: ClassVar[str] = "personalization_designs"

    account: Annotated[str, Mark("", column=True, hidden=True)]
    is_default: Annotated[bool, Mark("", column=True, hidden=True)] = False
    platform_id: Annotated[str, Mark("", column=True, hidden=True)]


class PersonalizationDesign(DesignMembers, tag="issuing.personalization_design"):
    """A design as it is given and shown; the lookup key may be taken from another design."""

    preferences: Annotated[Preferences, Mark("cu")]
    transfer_lookup_key: Annotated[bool | UnsetType, Mark("cu")] = UNSET


class PreferenceFilter(Shape):
    """Filters of the list by what a design is used for."""

    is_default: bool | None = None
    is_platform_default: bool | None = None


class DesignList(Parameters):
    """Filters of the list of designs."""

    lookup_keys: list[str] | None = None
    preferences: PreferenceFilter | None = None
    status: DesignStatus | None = None


class WaitingDesigns(Parameters):
    """Filters of the list of designs of all accounts of a platform."""

    status: DesignStatus | None = None


class Rejection(Parameters):
    """Why a design is rejected."""

    rejection_reasons: Annotated[RejectionReasons, Mark(need="c")]


class DesignRejected(Happening, frozen=True):
    """A reviewer rejected a design; the transaction acts as the account that has it."""

    design_id: str
