"""From the parameters of a test to a request that owns no door."""

import pytest

from cardwright.kernel.refusal import Failure
from cardwright.simulator import model
from cardwright.simulator.api import checked_id, request_of


def test_what_is_not_given_is_made_up() -> None:
    """A merchant with a code for its category, online, in the card's currency."""
    request = request_of(model.TestAuthorization(card="ic_1", amount=5))
    assert (request.amount_minor, request.currency, request.presence) == (5, None, "not_present")
    assert request.merchant_data.category_code == "4121"
    assert request.merchant_data.country is None


def test_the_merchants_amount_stands_for_the_amount() -> None:
    """In the same currency one amount is enough."""
    asked = model.TestAuthorization(card="ic_1", merchant_amount=7)
    assert request_of(asked).amount_minor == 7


def test_risk_and_category() -> None:
    """What a decision looks at comes through."""
    asked = model.TestAuthorization(
        card="ic_1",
        amount=1,
        authorization_method="contactless",
        merchant_data=model.TestMerchant(category="bakeries"),
        risk_assessment=model.RiskAssessment(fraud_risk=model.Risk(level="highest", score=99)),
    )
    request = request_of(asked)
    assert (request.fraud_risk, request.network_risk_score) == ("highest", 99)
    assert (request.merchant_data.category_code, request.presence) == ("5462", "present")


@pytest.mark.parametrize("card", ["ic_\x1f", "ic 1", "", "ic_é", "ic_\x1e1"])
def test_what_cannot_be_an_id_names_no_card(card: str) -> None:
    """Nothing that the columns of a batch are joined with comes in as an id."""
    with pytest.raises(Failure) as refused:
        checked_id(card)
    assert refused.value.refusal.status == 404
