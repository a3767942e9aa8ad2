"""What a design may be and become, without a database."""

from collections.abc import Callable
from typing import Any, get_args

import pytest

from cardwright.designs import rules
from cardwright.designs.model import (
    CarrierText,
    Design,
    DesignStatus,
    Features,
    PhysicalBundle,
    RejectionReasons,
)
from cardwright.kernel.refusal import Failure
from cardwright.wire.resource import Timestamp

NOW = Timestamp(1_700_000_000)
STATUSES = get_args(DesignStatus)
TEXT = CarrierText(header_title="Hello")


def bundle(feature: Any, **changes: Any) -> PhysicalBundle:
    features = Features(card_logo=feature, carrier_text=feature, second_line=feature)
    members = {"id": "ics_1", "created": NOW, "livemode": False, "name": "Card"}
    return PhysicalBundle(**{**members, "features": features, **changes})


def design(**changes: Any) -> Design:
    members: dict[str, Any] = {
        "id": "ipd_1",
        "account": "acct_1",
        "created": NOW,
        "livemode": False,
        "physical_bundle": "ics_1",
        "platform_id": "acct_0",
    }
    return Design(**{**members, **changes})


@pytest.mark.parametrize(
    ("feature", "logo", "text", "param"),
    [
        ("optional", None, None, None),
        ("optional", "file_1", TEXT, None),
        ("required", None, TEXT, "card_logo"),
        ("required", "file_1", None, "carrier_text"),
        ("required", "file_1", CarrierText(), "carrier_text"),
        ("required", "file_1", TEXT, None),
        ("unsupported", "file_1", None, "card_logo"),
        ("unsupported", None, TEXT, "carrier_text"),
        ("unsupported", None, CarrierText(), None),
    ],
)
def test_what_a_bundle_is_made_with(feature: str, logo: Any, text: Any, param: str | None) -> None:
    asked = design(card_logo=logo, carrier_text=text)
    if param is None:
        rules.check(asked, bundle(feature))
        return
    with pytest.raises(Failure) as refused:
        rules.check(asked, bundle(feature))
    assert refused.value.param == param


@pytest.mark.parametrize(
    ("feature", "line", "allowed"),
    [
        ("optional", None, True),
        ("optional", "ROCKET", True),
        ("required", None, False),
        ("required", "ROCKET", True),
        ("unsupported", None, True),
        ("unsupported", "ROCKET", False),
    ],
)
def test_second_lines(feature: str, line: str | None, allowed: bool) -> None:
    if allowed:
        rules.check_second_line(bundle(feature), line)
        return
    with pytest.raises(Failure) as refused:
        rules.check_second_line(bundle(feature), line)
    assert refused.value.param == "second_line"


STEPS = {
    ("review", "active"),
    ("inactive", "active"),
    ("rejected", "active"),
    ("active", "inactive"),
    ("review", "rejected"),
    ("active", "rejected"),
}


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", ["active", "inactive", "rejected"])
def test_every_step_of_a_review(before: Any, after: Any) -> None:
    if (before, after) in STEPS:
        rules.check_step(design(status=before), after)
        return
    with pytest.raises(Failure, match=f"The design is {before}"):
        rules.check_step(design(status=before), after)


@pytest.mark.parametrize("status", STATUSES)
def test_which_designs_cards_are_ordered_and_made_with(status: Any) -> None:
    asked = design(status=status)
    default = design(status=status, is_default=True)
    calls: list[tuple[Callable[[], None], tuple[str, ...]]] = [
        (lambda: rules.check_usable(asked, "personalization_design"), ("active", "review")),
        (lambda: rules.check_fulfillable(asked), ("active",)),
        (lambda: rules.check(default, bundle("optional")), ("active", "review")),
    ]
    for check, allowed in calls:
        if status in allowed:
            check()
            continue
        with pytest.raises(Failure):
            check()


@pytest.mark.parametrize("status", ["inactive", "review"])
def test_bundles_that_cards_are_not_made_of(status: Any) -> None:
    rules.check_bundle(bundle("optional"))
    with pytest.raises(Failure) as refused:
        rules.check_bundle(bundle("optional", status=status))
    assert refused.value.param == "physical_bundle"


def test_what_is_printed_is_reviewed_anew() -> None:
    reasons = RejectionReasons(card_logo=["other"])
    before = design(status="rejected", rejection_reasons=reasons, card_logo="file_1")
    named = design(status="rejected", rejection_reasons=reasons, card_logo="file_1", name="A")
    assert rules.reviewed_anew(before, named) is named
    for changes in ({"card_logo": "file_2"}, {"carrier_text": TEXT}, {"physical_bundle": "ics_2"}):
        after = rules.reviewed_anew(before, design(**{"status": "rejected", **changes}))
        assert (after.status, after.rejection_reasons) == ("review", RejectionReasons())


def test_a_rejection_says_why() -> None:
    rules.check_reasons(RejectionReasons(carrier_text=["other"]))
    for reasons in (RejectionReasons(), RejectionReasons(card_logo=[])):
        with pytest.raises(Failure):
            rules.check_reasons(reasons)
