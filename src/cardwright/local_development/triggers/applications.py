"""What the accounts and cardholders that triggers make say of themselves; it verifies at once."""

from typing import Any

CURRENCIES = {"gb": "gbp", "us": "usd"}
# Region and capability of the platform's program that each account gets.
PROGRAMS = {
    "gb": ("GB", "card_creator.commercial.stripe.charge_card"),
    "us": ("US", "card_creator.commercial.celtic.charge_card"),
}
# As early as an acceptance may be dated, so that it is past on any clock.
ACCEPTED = {"date": "2009-01-01T00:00:00.000Z", "ip": "192.168.123.132"}
REQUESTED = {"requested": True}
ADDRESSES = {
    "gb": {"city": "London", "postal_code": "SW1A 1AA", "country": "gb"},
    "us": {"city": "San Francisco", "state": "CA", "postal_code": "94111", "country": "us"},
}
MONEY_MANAGER = {
    "business_storage": {
        side: dict.fromkeys(("eur", "gbp", "usd"), REQUESTED) for side in ("inbound", "outbound")
    },
    "inbound_transfers": {"bank_accounts": REQUESTED},
    "outbound_payments": dict.fromkeys(("bank_accounts", "cards", "financial_accounts"), REQUESTED),
    "outbound_transfers": dict.fromkeys(("bank_accounts", "financial_accounts"), REQUESTED),
    "received_credits": {"bank_accounts": REQUESTED},
    "received_debits": {"bank_accounts": REQUESTED},
}
CARDHOLDER = {
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
        "card_issuing": {
            "user_terms_acceptance": {"date": 1230768000, "ip": "192.168.123.132"},
        },
    },
}


def account(country: str) -> dict[str, Any]:
    """A person with every configuration, through the v2 API."""
    individual: dict[str, Any] = {
        "given_name": "Jenny",
        "surname": "Rosen",
        "date_of_birth": {"day": 1, "month": 1, "year": 1902},
        "address": {"line1": "address_full_match", **ADDRESSES[country]},
        "email": "jenny.rosen@example.com",
        "phone": "0000000000",
    }
    if country == "us":
        individual["id_numbers"] = [{"type": "us_ssn", "value": "222222222"}]
    revenue = {"value": 1_000_000, "currency": CURRENCIES[country]}
    return {
        "display_name": "Jenny Rosen",
        "contact_email": "jenny.rosen@example.com",
        "dashboard": "none",
        "identity": {
            "country": country,
            "entity_type": "individual",
            "individual": individual,
            "business_details": {
                "annual_revenue": {"amount": revenue, "fiscal_year_end": "2008-12-31"},
                "estimated_worker_count": 1,
            },
            "attestations": {
                "terms_of_service": {
                    "account": ACCEPTED,
                    "card_creator": {"commercial": {"account_holder": ACCEPTED}},
                    "money_manager": ACCEPTED,
                }
            },
        },
        "configuration": {
            "customer": {"capabilities": {"automatic_indirect_tax": REQUESTED}},
            "merchant": {"mcc": "5045", "capabilities": {"card_payments": REQUESTED}},
            "money_manager": {"capabilities": MONEY_MANAGER},
            "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": REQUESTED}}},
        },
        "defaults": {
            "currency": CURRENCIES[country],
            "profile": {"business_url": "https://accessible.stripe.com"},
            "responsibilities": {
                "fees_collector": "application",
                "losses_collector": "application",
            },
        },
    }
