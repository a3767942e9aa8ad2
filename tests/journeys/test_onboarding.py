"""Five kinds of business, from creation to active cards, with the official SDK alone."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.support.server import Platform

PREVIEW: Any = {"stripe_version": "2025-09-30.preview"}
INCLUDED: Any = {"include": ["requirements", "configuration.card_creator"]}
ACCEPTED = {"date": "2025-01-01T00:00:00Z", "ip": "192.168.123.132"}
TERMS = {"account": ACCEPTED, "card_creator": {"commercial": {"account_holder": ACCEPTED}}}
WANTED = {"requested": True}
PLACES = {
    "gb": {"city": "London", "postal_code": "WC1N 3AX"},
    "us": {"city": "San Francisco", "state": "CA", "postal_code": "94111"},
    "de": {"city": "Berlin", "postal_code": "10115"},
}
BORN = {"day": 1, "month": 1, "year": 1902}
REACH = {"email": "jenny.rosen@example.com", "phone": "0000000000"}
NUMBER = "222222222"
PROVIDED = "identity.attestations.persons_provided"


class Onboarding:
    """A platform that brings one account through."""

    def __init__(self, client: stripe.StripeClient, country: str, kind: str, currency: str) -> None:
        self.client = client
        self.country = country
        self.currency = currency
        self.card = ("celtic", "spend_card") if country == "us" else ("stripe", "charge_card")
        sponsor, product = self.card
        wanted: Any = {
            "contact_email": "test@example.com",
            "dashboard": "none",
            "identity": {"country": country, "entity_type": kind},
            "configuration": {
                "card_creator": {"capabilities": {"commercial": {sponsor: {product: WANTED}}}},
                "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": WANTED}}},
            },
            "defaults": {
                "currency": currency,
                "responsibilities": {
                    "fees_collector": "application",
                    "losses_collector": "application",
                },
            },
        }
        self.account = client.v2.core.accounts.create(wanted, PREVIEW).id

    @property
    def address(self) -> dict[str, str]:
        return {"line1": "address_full_match", **PLACES[self.country]}

    def read(self) -> Any:
        return self.client.v2.core.accounts.retrieve(self.account, INCLUDED, PREVIEW)

    def missing(self) -> list[str]:
        """What waits for the user."""
        entries = self.read().requirements.entries
        return [one.description for one in entries if one.awaiting_action_from == "user"]

    def status(self) -> str:
        sponsor, product = self.card
        commercial = self.read().configuration.card_creator.capabilities.commercial
        return str(commercial[sponsor][product].status)

    def update(self, **members: Any) -> None:
        self.client.v2.core.accounts.update(self.account, members, PREVIEW)  # type: ignore[arg-type]

    def tell_about_the_business(self, **details: Any) -> None:
        revenue = {"value": 1_000_000, "currency": self.currency}
        size = {
            "estimated_worker_count": 5,
            "annual_revenue": {"amount": revenue, "fiscal_year_end": "2024-12-31"},
        }
        self.update(
            identity={
                "business_details": {**size, **details},
                "attestations": {"terms_of_service": TERMS},
            },
            configuration={"merchant": {"mcc": "5045"}},
            defaults={"profile": {"business_url": "https://accessible.stripe.com"}},
        )

    def person(self, **members: Any) -> Any:
        given = {
            "given_name": "Jenny",
            "surname": "Rosen",
            "date_of_birth": BORN,
            "address": self.address,
            **REACH,
            **members,
        }
        return self.client.v2.core.accounts.persons.create(
            self.account,
            given,  # type: ignore[arg-type]
            PREVIEW,
        )

    def company(self, kind: str, value: str = NUMBER) -> None:
        self.tell_about_the_business(
            registered_name="Rocket Rides",
            phone="0000000000",
            address=self.address,
            id_numbers=[{"type": kind, "value": value}],
        )

    def attest(self, *roles: str, declaration: bool = True) -> None:
        attestations: dict[str, Any] = {"persons_provided": dict.fromkeys(roles, True)}
        if declaration:
            attestations["ownership_declaration"] = ACCEPTED
        self.update(identity={"attestations": attestations})

    def becomes_active(self) -> None:
        for _ in range(100):
            if self.status() == "active":
                break
            time.sleep(0.1)
        assert self.status() == "active", self.read().requirements
        v1 = self.client.v1.accounts.retrieve(self.account)
        assert v1.capabilities is not None
        assert v1.capabilities.card_issuing == "active"
        assert v1.requirements is not None
        assert v1.requirements.currently_due == []
        assert v1.requirements.disabled_reason is None


def gb_individual(client: stripe.StripeClient) -> None:
    one = Onboarding(client, "gb", "individual", "gbp")
    assert len(one.missing()) == 15
    assert one.status() == "restricted"
    person = {"given_name": "Jenny", "surname": "Rosen", "date_of_birth": BORN, **REACH}
    one.update(identity={"individual": {**person, "address": one.address}})
    assert not any(path.startswith("identity.individual") for path in one.missing())
    one.tell_about_the_business()
    one.becomes_active()


def gb_company(client: stripe.StripeClient) -> None:
    one = Onboarding(client, "gb", "company", "gbp")
    assert len(one.missing()) == 26
    one.company("gb_crn")
    one.person(relationship={"representative": True, "title": "CEO", "executive": True})
    one.person(given_name="John", relationship={"director": True})
    one.person(given_name="Jane", relationship={"owner": True, "percent_ownership": "60"})
    assert set(one.missing()) == {
        f"{PROVIDED}.directors",
        f"{PROVIDED}.executives",
        f"{PROVIDED}.owners",
        "identity.attestations.ownership_declaration",
    }
    one.attest("directors", "executives", "owners")
    one.becomes_active()


def us_company(client: stripe.StripeClient) -> None:
    one = Onboarding(client, "us", "company", "usd")
    assert "representative.id_numbers.us_ssn_last_4" in one.missing()
    one.company("us_ein")
    number = [{"type": "us_ssn", "value": NUMBER}]
    one.person(
        id_numbers=number,
        relationship={
            "representative": True,
            "title": "CEO",
            "owner": True,
            "percent_ownership": "60",
        },
    )
    owner = one.person(
        given_name="John",
        id_numbers=[{"type": "us_ssn_last_4", "value": "1111"}],
        relationship={"owner": True, "percent_ownership": "40"},
    )
    while any(entry.awaiting_action_from == "stripe" for entry in one.read().requirements.entries):
        time.sleep(0.1)
    (entry,) = one.read().requirements.entries
    assert entry.description == "owners.id_numbers.us_ssn"
    assert entry.reference.resource == owner.id
    assert [error.code for error in entry.errors] == ["verification_failed_id_number_match"]
    given: Any = {"id_numbers": number}
    client.v2.core.accounts.persons.update(one.account, owner.id, given, PREVIEW)
    one.becomes_active()


def us_non_profit(client: stripe.StripeClient) -> None:
    one = Onboarding(client, "us", "non_profit", "usd")
    one.company("us_ein", "000000001")
    assert all(path.startswith("representative.") for path in one.missing())
    one.person(
        id_numbers=[{"type": "us_ssn", "value": NUMBER}],
        relationship={"representative": True, "title": "Chair"},
    )
    assert one.missing() == []
    one.becomes_active()


def de_company(client: stripe.StripeClient) -> None:
    one = Onboarding(client, "de", "company", "eur")
    assert "identity.business_details.id_numbers.de_hrn" in one.missing()
    one.company("de_hrn")
    one.attest("directors", "executives", "owners")
    chief = one.person(
        date_of_birth={"day": 12, "month": 11, "year": 1978},
        relationship={"representative": True, "title": "CEO", "director": True},
    )
    while any(entry.awaiting_action_from == "stripe" for entry in one.read().requirements.entries):
        time.sleep(0.1)
    assert one.missing() == ["representative.documents.primary_verification"]
    document = {"type": "front_back", "front_back": {"front": "file_identity_document_success"}}
    given: Any = {"documents": {"primary_verification": document}}
    client.v2.core.accounts.persons.update(one.account, chief.id, given, PREVIEW)
    one.becomes_active()


@pytest.mark.parametrize(
    "journey", [gb_individual, gb_company, us_company, us_non_profit, de_company]
)
async def test_a_business_becomes_active(
    platform: Platform, journey: Callable[[stripe.StripeClient], None]
) -> None:
    await asyncio.wait_for(asyncio.to_thread(journey, platform.sdk), 120)
