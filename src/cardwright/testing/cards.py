"""Cards, and what is paid with them."""

from typing import Any

import stripe

from cardwright.testing.accounts import Account

HOLDER: Any = {
    "name": "Jenny Rosen",
    "type": "individual",
    "email": "jenny.rosen@example.com",
    "phone_number": "+18008675309",
    "billing": {
        "address": {
            "line1": "510 Townsend Street",
            "city": "San Francisco",
            "state": "CA",
            "postal_code": "94111",
            "country": "US",
        }
    },
    "individual": {
        "first_name": "Jenny",
        "last_name": "Rosen",
        "dob": {"day": 1, "month": 11, "year": 1981},
        "card_issuing": {"user_terms_acceptance": {"date": 1230768000, "ip": "192.168.123.132"}},
    },
}


class Cards:
    """Makes cards and pays with them, through the official SDK."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._client = client
        self._accounts: dict[str, str] = {}

    def cardholder(self, account: Account, **params: Any) -> stripe.issuing.Cardholder:
        """A cardholder who may have cards; ``params`` as the SDK takes them."""
        given: Any = {**HOLDER, **params}
        return self._client.v1.issuing.cardholders.create(given, account.options)

    def create(self, account: Account, **params: Any) -> stripe.issuing.Card:
        """An active virtual card, of a new cardholder unless ``cardholder`` is given; ``params`` as
        the SDK takes them."""
        if "cardholder" not in params:
            params["cardholder"] = self.cardholder(account).id
        wanted = {"currency": account.currency, "type": "virtual", "status": "active"}
        given: Any = {**wanted, **params}
        card = self._client.v1.issuing.cards.create(given, account.options)
        self._accounts[card.id] = account.id
        return card

    def spend(
        self,
        card: stripe.issuing.Card | str,
        amount: int,
        *,
        account: str | None = None,
        capture: bool = False,
        **params: Any,
    ) -> stripe.issuing.Authorization:
        """A card payment of so many minor units, as a merchant asks for it, approved or not;
        ``capture`` takes the money when it is approved. ``params`` as the SDK takes them, such as
        ``merchant_data={"category": "book_stores"}``. ``account`` is for cards that were made
        elsewhere."""
        card_id = card if isinstance(card, str) else card.id
        owner = account or self._accounts.get(card_id)
        assert owner is not None, f"say whose {card_id} is: account=..."
        options: Any = {"stripe_account": owner}
        given: Any = {"card": card_id, "amount": amount, **params}
        helpers = self._client.v1.test_helpers.issuing.authorizations
        made = helpers.create(given, options)
        if capture and made.approved:
            return helpers.capture(made.id, {}, options)
        return made
