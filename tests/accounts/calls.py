"""The documented calls about accounts, and the documented test values."""

import copy
from typing import Any

PREVIEW = "2025-09-30.preview"
GENERAL = "2026-05-27.dahlia"
LATER_PREVIEW = "2026-06-24.preview"
ACCOUNTS = "/v2/core/accounts"

CHARGE_CARD = "card_creator.commercial.stripe.charge_card"
TRANSFERS = "recipient.stripe_balance.stripe_transfers"
WANTED: dict[str, Any] = {"requested": True}
RESTRICTED = [{"code": "requirements_past_due", "resolution": "provide_info"}]

CREATE: dict[str, Any] = {
    "include": ["configuration.card_creator", "configuration.recipient"],
    "contact_email": "test@example.com",
    "display_name": "John Smith",
    "identity": {"country": "gb", "entity_type": "individual"},
    "configuration": {
        "merchant": {
            "mcc": "5045",
            "statement_descriptor": {"descriptor": "test1"},
            "support": {"phone": "7325460697"},
        },
        "card_creator": {"capabilities": {"commercial": {"stripe": {"charge_card": WANTED}}}},
        "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": WANTED}}},
    },
    "dashboard": "none",
    "defaults": {
        "currency": "gbp",
        "responsibilities": {"fees_collector": "application", "losses_collector": "application"},
    },
}

TERMS = {"date": "2026-01-01T00:00:00.000Z", "ip": "192.168.123.132"}
BOTH_TERMS = {"account": TERMS, "card_creator": {"commercial": {"account_holder": TERMS}}}
BUSINESS = {
    "annual_revenue": {
        "amount": {"value": 1000000, "currency": "gbp"},
        "fiscal_year_end": "2023-12-31",
    },
    "estimated_worker_count": 100,
}
WEBSITE = {"profile": {"business_url": "https://accessible.stripe.com"}}
GB_ADDRESS = {
    "line1": "address_full_match",
    "city": "London",
    "postal_code": "WC1N 3AX",
    "country": "gb",
}
US_ADDRESS = {
    "line1": "address_full_match",
    "city": "San Francisco",
    "state": "CA",
    "postal_code": "94111",
    "country": "us",
}
PERSON = {
    "given_name": "Jenny",
    "surname": "Rosen",
    "email": "jenny.rosen@example.com",
    "phone": "0000000000",
}


def individual(birth_year: int = 1901, **changes: Any) -> dict[str, Any]:
    """Everything a GB individual must provide; born 1901 it verifies, a moment later."""
    person = {
        **PERSON,
        "address": GB_ADDRESS,
        "date_of_birth": {"day": 1, "month": 1, "year": birth_year},
        **changes,
    }
    return {
        "identity": {
            "individual": person,
            "business_details": BUSINESS,
            "attestations": {"terms_of_service": BOTH_TERMS},
        },
        "defaults": WEBSITE,
    }


def creation(country: str, entity_type: str, currency: str) -> dict[str, Any]:
    """The documented creation, for another country and legal form."""
    wanted = copy.deepcopy(CREATE)
    wanted["identity"] = {"country": country, "entity_type": entity_type}
    wanted["defaults"]["currency"] = currency
    return wanted
