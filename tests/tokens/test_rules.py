"""What a token may become, and what is known of a new one, without a database."""

from typing import Any, get_args

import pytest

from cardwright.cardholders.model import Address, Billing, Cardholder
from cardwright.cards import wallets
from cardwright.kernel.refusal import Failure
from cardwright.tokens import rules
from cardwright.tokens.model import (
    Device,
    GivenNetworkData,
    MastercardData,
    Token,
    TokenRequest,
    TokenStatus,
    VisaData,
    WalletProviderData,
)
from cardwright.wire.resource import Country, Timestamp
from tests.cards.test_rules import NOW, card

STATUSES = get_args(TokenStatus)
STEPS = {
    ("requested", "active"),
    ("requested", "deleted"),
    ("active", "suspended"),
    ("active", "deleted"),
    ("suspended", "active"),
    ("suspended", "deleted"),
}
VISA = VisaData(token_reference_id="ref", token_requestor_id="req")
MASTERCARD = MastercardData(token_reference_id="ref", token_requestor_id="req")


def token(**changes: Any) -> Token:
    members: dict[str, Any] = {
        "id": "intok_1",
        "card": "ic_1",
        "created": NOW,
        "livemode": False,
        "network": "visa",
        "network_updated_at": NOW,
        "status": "active",
    }
    return Token(**{**members, **changes})


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_every_pair_of_statuses(before: Any, after: Any) -> None:
    if (before, after) in STEPS:
        rules.check_step(token(status=before), after)
        return
    with pytest.raises(Failure, match=f"The token is {before}"):
        rules.check_step(token(status=before), after)


@pytest.mark.parametrize("status", ["inactive", "canceled"])
def test_only_active_cards_go_into_wallets(status: str) -> None:
    rules.check_card(card(status="active"))
    with pytest.raises(Failure) as refused:
        rules.check_card(card(status=status))
    assert refused.value.param == "card"


@pytest.mark.parametrize("status", STATUSES)
def test_only_active_tokens_of_the_card_pay(status: Any) -> None:
    if status == "active":
        rules.check_payment(token(), "ic_1")
    else:
        with pytest.raises(Failure, match=f"The token is {status}"):
            rules.check_payment(token(status=status), "ic_1")
    with pytest.raises(Failure, match="another card"):
        rules.check_payment(token(status=status), "ic_2")


@pytest.mark.parametrize(
    ("told", "suggested", "status"),
    [
        (None, None, "active"),
        (None, "approve", "active"),
        (None, "require_auth", "requested"),
        (None, "decline", "requested"),
        ("active", "decline", "active"),
        ("requested", "approve", "requested"),
    ],
)
def test_the_first_status(told: Any, suggested: Any, status: str) -> None:
    provider = WalletProviderData(suggested_decision=suggested)
    data = GivenNetworkData(wallet_provider=provider)
    request = TokenRequest(card="ic_1", status=told, network_data=data)
    assert rules.status_of(request) == status
    if told is None and suggested is None:
        assert rules.status_of(TokenRequest(card="ic_1")) == status
        bare = TokenRequest(card="ic_1", network_data=GivenNetworkData(device=Device()))
        assert rules.status_of(bare) == status


@pytest.mark.parametrize(
    ("brand", "given", "param"),
    [
        ("Visa", VISA, None),
        ("Mastercard", MASTERCARD, None),
        ("Visa", MASTERCARD, "network_data[mastercard]"),
        ("Mastercard", VISA, "network_data[visa]"),
        ("Visa", None, "network_data[visa]"),
        ("Mastercard", None, "network_data[mastercard]"),
    ],
)
def test_the_network_names_the_token(brand: str, given: Any, param: str | None) -> None:
    network = rules.network_of(card(brand=brand))
    named = {} if given is None else {type(given).__name__.removesuffix("Data").lower(): given}
    request = TokenRequest(
        card="ic_1", wallet_provider="apple_pay", network_data=GivenNetworkData(**named)
    )
    if param is None:
        data = rules.network_data_of(request, network, livemode=True)
        assert (data.type, getattr(data, network)) == (brand.lower(), given)
        return
    with pytest.raises(Failure) as refused:
        rules.network_data_of(request, network, livemode=True)
    assert refused.value.param == param
    if given is None:
        data = rules.network_data_of(request, network, livemode=False)
        made_up = getattr(data, network)
        assert made_up.token_requestor_id == rules.TEST_REQUESTORS["apple_pay"]
        assert made_up.token_reference_id


@pytest.mark.parametrize(
    ("agreed", "country", "email", "phone", "apple", "google"),
    [
        ([], "GB", "a@example.com", "+447700900000", "missing_agreement", "missing_agreement"),
        (["apple_pay"], "GB", "a@example.com", "+447700900000", None, "missing_agreement"),
        (["apple_pay", "google_pay"], "IE", "a@example.com", "+353700900000", None, None),
        (["google_pay"], "US", None, "+1", "missing_agreement", "missing_cardholder_contact"),
        (
            ["google_pay"],
            "US",
            "a@example.com",
            None,
            "missing_agreement",
            "missing_cardholder_contact",
        ),
        (["apple_pay"], "BR", "a@example.com", "+55", "unsupported_region", "missing_agreement"),
    ],
)
def test_which_wallets_take_a_card(
    agreed: list[str], country: str, email: Any, phone: Any, apple: Any, google: Any
) -> None:
    address = Address(line1="1", city="2", postal_code="3", country=Country(country))
    holder = Cardholder(
        id="ich_1",
        billing=Billing(address=address),
        created=Timestamp(NOW),
        email=email,
        livemode=False,
        name="Jenny Rosen",
        phone_number=phone,
        type="individual",
    )
    shown = wallets.shown_to(card(wallets=wallets.agreed(agreed)), holder)
    assert shown is not None
    assert (shown.apple_pay.ineligible_reason, shown.google_pay.ineligible_reason) == (
        apple,
        google,
    )
    assert (shown.apple_pay.eligible, shown.google_pay.eligible) == (not apple, not google)
    assert wallets.shown_to(card(wallets=None), holder) is None
