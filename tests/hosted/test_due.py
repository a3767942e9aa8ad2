"""What a setup page lists, in words."""

import pytest

from cardwright.accounts.record.model import (
    Account,
    AccountState,
    Deadline,
    DeadlineStatus,
    Entry,
    FutureRequirements,
    Impact,
    RequestedReason,
    RequirementError,
    Requirements,
)
from cardwright.accounts.requirements.catalogue import catalogue_of
from cardwright.hosted import summary, words
from cardwright.wire.resource import Moment


def entry(path: str, status: DeadlineStatus, *, stripe: bool = False, error: str = "") -> Entry:
    return Entry(
        awaiting_action_from="stripe" if stripe else "user",
        description=path,
        errors=[RequirementError(code="invalid_value_other", description=error)] if error else [],
        impact=Impact(restricts_capabilities=[]),
        minimum_deadline=Deadline(status=status),
        reference=None,
        requested_reasons=[RequestedReason(code="routine_onboarding")],
    )


def account(*entries: Entry) -> AccountState:
    made = Account(
        id="acct_1",
        created=Moment("2025-06-18T00:48:16.000Z"),
        livemode=False,
        display_name="Rocket Rides",
        requirements=Requirements(entries=list(entries)),
    )
    return AccountState(made, [], {})


def test_needs_are_grouped_by_what_they_are_about() -> None:
    shown = summary.of_account(
        account(
            entry("identity.business_details.phone", "past_due"),
            entry("representative.given_name", "past_due", error="It does not match."),
            entry("identity.business_details.address.line1", "past_due"),
            entry("identity.business_details.id_numbers.us_ein", "currently_due", stripe=True),
            entry("identity.business_details.structure", "eventually_due"),
        ),
        "currently_due",
    )
    assert shown.name == "Rocket Rides"
    assert [(group.heading, [need.words for need in group.needs]) for group in shown.groups] == [
        ("The business", ["Phone number", "Street and number"]),
        ("The person who represents the business", ["First name"]),
    ]
    assert shown.groups[1].needs[0].errors == ("It does not match.",)
    assert shown.checking == 1


def test_what_is_due_later_is_listed_when_asked_for() -> None:
    later = account(entry("identity.business_details.structure", "eventually_due"))
    assert summary.of_account(later, "currently_due").groups == []
    assert summary.of_account(later, "eventually_due").groups[0].needs[0].urgency == "Needed later"


def test_what_will_be_required_is_listed_when_asked_for() -> None:
    state = account(entry("identity.business_details.phone", "past_due"))
    later = entry("identity.business_details.structure", "currently_due")
    checking = entry("identity.business_details.phone", "currently_due", stripe=True)
    future = FutureRequirements(entries=[later, checking])
    state.account.future_requirements = future
    assert [need.words for need in summary.of_account(state, "currently_due").groups[0].needs] == [
        "Phone number"
    ]
    (group,) = summary.of_account(state, "currently_due", future=True).groups
    assert [(need.words, need.urgency) for need in group.needs] == [
        ("Phone number", "Needed now"),
        ("Structure", "Will be needed"),
    ]


@pytest.mark.parametrize("country", ["US", "GB", "DE"])
def test_every_need_of_a_country_has_words(country: str) -> None:
    catalogue = catalogue_of(country)
    assert catalogue is not None
    for needed in catalogue.sets:
        for need in needed.needs:
            said = words.detail(need.path)
            assert said in words.DETAILS.values(), need.path
            if needed.person is None:
                assert words.subject(need.path) in words.SUBJECTS.values()
