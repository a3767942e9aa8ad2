"""Connected accounts that are ready to issue cards, brought there through the API."""

from typing import Any, Literal, NamedTuple

from cardwright.testing.calls import Caller

ACCOUNTS_VERSION = "2025-09-30.preview"
PROGRAMS_VERSION = "2026-05-27.preview; issuing_program_beta=v2"
# As early as an acceptance may be dated, so that it is past on any clock.
ACCEPTED = {"date": "2009-01-01T00:00:00.000Z", "ip": "192.168.123.132"}
Country = Literal["GB", "IE", "US"]


class Terms(NamedTuple):
    """What the accounts of a country issue."""

    currency: str
    region: str
    postal_code: str


TERMS = {
    "GB": Terms("gbp", "GB", "SW1A 1AA"),
    "IE": Terms("eur", "EU", "D02 X285"),
    "US": Terms("usd", "US", "94111"),
}


class Account(NamedTuple):
    """A connected account; ``options`` make a call of the official SDK act on it."""

    id: str
    country: str
    currency: str

    @property
    def options(self) -> Any:
        """Request options of the official SDK."""
        return {"stripe_account": self.id}


class Accounts:
    """Makes connected accounts."""

    def __init__(self, call: Caller) -> None:
        self._call = call

    def active(self, country: Country = "GB", *, funds: int = 100_000) -> Account:
        """An individual's account that was verified and may issue: it has a program, and ``funds``
        (minor units) in its Issuing balance."""
        terms = TERMS[country]
        made = self._call(
            "POST",
            "/v2/core/accounts",
            _wanted(country, terms),
            version=ACCOUNTS_VERSION,
        )
        account = Account(made["id"], country, terms.currency)
        self._attach_program(account, terms.region)
        if funds:
            self.fund(account, funds)
        return account

    def fund(self, account: Account, amount: int) -> None:
        """Put money (minor units) into an account's Issuing balance."""
        self._call(
            "POST",
            "/v1/test_helpers/issuing/fund_balance",
            {"amount": amount, "currency": account.currency},
            account=account.id,
        )

    def _attach_program(self, account: Account, region: str) -> None:
        """The platform's charge-card program of a region, as the account's default."""
        listed = self._call("GET", "/v1/issuing/programs", version=PROGRAMS_VERSION)
        program = next(
            one["id"]
            for one in listed["data"]
            if one["metadata"]["region"] == region
            and one["metadata"]["capability"].endswith(".charge_card")
        )
        self._call(
            "POST",
            "/v1/issuing/programs",
            {"platform_program": program, "is_default": True},
            account=account.id,
            version=PROGRAMS_VERSION,
        )


def _wanted(country: str, terms: Terms) -> dict[str, Any]:
    """Everything that issuing needs, with the documented values that verify at once."""
    address: dict[str, str] = {
        "line1": "address_full_match",
        "city": "London",
        "postal_code": terms.postal_code,
        "country": country.lower(),
    }
    person: dict[str, Any] = {
        "given_name": "Jenny",
        "surname": "Rosen",
        "date_of_birth": {"day": 1, "month": 1, "year": 1902},
        "address": address,
        "email": "jenny.rosen@example.com",
        "phone": "0000000000",
    }
    if country == "US":
        address |= {"city": "San Francisco", "state": "CA"}
        person["id_numbers"] = [{"type": "us_ssn", "value": "222222222"}]
    agreed = {"account": ACCEPTED, "card_creator": {"commercial": {"account_holder": ACCEPTED}}}
    revenue = {"value": 1_000_000, "currency": terms.currency}
    return {
        "display_name": "Jenny Rosen",
        "contact_email": "jenny.rosen@example.com",
        "dashboard": "none",
        "identity": {
            "country": country.lower(),
            "entity_type": "individual",
            "individual": person,
            "business_details": {
                "annual_revenue": {"amount": revenue, "fiscal_year_end": "2008-12-31"},
                "estimated_worker_count": 1,
            },
            "attestations": {"terms_of_service": agreed},
        },
        "configuration": {
            "merchant": {"mcc": "5045"},
            "recipient": {
                "capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}
            },
        },
        "defaults": {
            "currency": terms.currency,
            "profile": {"business_url": "https://accessible.stripe.com"},
            "responsibilities": {
                "fees_collector": "application",
                "losses_collector": "application",
            },
        },
    }
