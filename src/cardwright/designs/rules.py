"""What a design may be and become: pure decisions, no storage."""

from collections.abc import Mapping

import msgspec

from cardwright.designs import refusals
from cardwright.designs.model import (
    Design,
    DesignStatus,
    Features,
    PhysicalBundle,
    RejectionReasons,
)
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals

# From which statuses the reviewer, or who withdraws a design, leads to which.
COMES_FROM: Mapping[DesignStatus, frozenset[DesignStatus]] = {
    "active": frozenset({"review", "inactive", "rejected"}),
    "inactive": frozenset({"active"}),
    "rejected": frozenset({"review", "active"}),
}
# Cards may be ordered with a design that is still reviewed; they are made once it is active.
USABLE = frozenset({"active", "review"})
# What the reviewer looks at: a change of it is reviewed anew.
REVIEWED = ("card_logo", "carrier_text", "physical_bundle")

# The bundles that every platform has, by name.
STANDARD_BUNDLES: Mapping[str, Features] = {
    "Plain card": Features(
        card_logo="unsupported", carrier_text="unsupported", second_line="unsupported"
    ),
    "Card with logo": Features(
        card_logo="required", carrier_text="optional", second_line="optional"
    ),
    "Standard card": Features(
        card_logo="optional", carrier_text="optional", second_line="optional"
    ),
}


def check(design: Design, bundle: PhysicalBundle) -> None:
    """Refuse a design that its bundle cannot be made with."""
    text = design.carrier_text
    printed = text is not None and any(msgspec.structs.astuple(text))
    _check_feature(bundle, "card_logo", bundle.features.card_logo, design.card_logo is not None)
    _check_feature(bundle, "carrier_text", bundle.features.carrier_text, printed)
    if design.is_default and design.status not in USABLE:
        check_usable(design, "preferences[is_default]")


def check_bundle(bundle: PhysicalBundle) -> None:
    """Refuse a bundle that cards are not made of."""
    if bundle.status != "active":
        fail(refusals.PHYSICAL_BUNDLE_INACTIVE, param="physical_bundle", status=bundle.status)


def check_second_line(bundle: PhysicalBundle, second_line: str | None) -> None:
    """Refuse a card with or without a second line where the bundle wants it otherwise."""
    feature = bundle.features.second_line
    _check_feature(bundle, "second_line", feature, second_line is not None)


def check_usable(design: Design, param: str) -> None:
    """Refuse a design that no card may be ordered with."""
    if design.status not in USABLE:
        fail(refusals.DESIGN_UNUSABLE, param=param, design=design.id, status=design.status)


def check_fulfillable(design: Design) -> None:
    """Refuse to make a card with a design that is not approved."""
    if design.status != "active":
        fail(
            refusals.DESIGN_NOT_ACTIVE,
            param="personalization_design",
            design=design.id,
            status=design.status,
        )


def check_step(design: Design, status: DesignStatus) -> None:
    """Refuse a status that does not follow."""
    if design.status not in COMES_FROM[status]:
        before = ", ".join(sorted(COMES_FROM[status]))
        fail(
            refusals.DESIGN_STEP, param="status", before=design.status, status=status, steps=before
        )


def check_reasons(reasons: RejectionReasons) -> None:
    """Refuse a rejection that does not say why."""
    if not reasons.card_logo and not reasons.carrier_text:
        fail(wire_refusals.PARAMETER_MISSING, param="rejection_reasons")


def reviewed_anew(before: Design, after: Design) -> Design:
    """The design after an update: in review once more when what is reviewed has changed."""
    if all(getattr(before, name) == getattr(after, name) for name in REVIEWED):
        return after
    anew: Design = msgspec.structs.replace(
        after, status="review", rejection_reasons=RejectionReasons()
    )
    return anew


def _check_feature(bundle: PhysicalBundle, name: str, feature: str, given: bool) -> None:
    if feature == "unsupported" and given:
        fail(refusals.PHYSICAL_BUNDLE_FEATURE, param=name, bundle=bundle.name)
    if feature == "required" and not given:
        fail(wire_refusals.PARAMETER_MISSING, param=name)
