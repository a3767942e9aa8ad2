"""The members of the documented calls, and where the other face has them."""

CUSTOM = {
    "type": "custom",
    "country": "US",
    "capabilities[transfers][requested]": "true",
    "capabilities[card_issuing][requested]": "true",
}
# Each member of the documented v1 calls: what is sent, where v2 has it, and how it looks there.
COMPANY = [
    ("business_type", "company", "identity.entity_type", "company"),
    ("business_profile[mcc]", "5999", "configuration.merchant.mcc", "5999"),
    (
        "business_profile[url]",
        "https://www.wesellsocks.com",
        "defaults.profile.business_url",
        "https://www.wesellsocks.com",
    ),
    (
        "business_profile[estimated_worker_count]",
        "100",
        "identity.business_details.estimated_worker_count",
        100,
    ),
    (
        "business_profile[annual_revenue][amount]",
        "1000000",
        "identity.business_details.annual_revenue.amount.value",
        1000000,
    ),
    (
        "business_profile[annual_revenue][currency]",
        "usd",
        "identity.business_details.annual_revenue.amount.currency",
        "usd",
    ),
    (
        "business_profile[annual_revenue][fiscal_year_end]",
        "2023-12-31",
        "identity.business_details.annual_revenue.fiscal_year_end",
        "2023-12-31",
    ),
    (
        "company[name]",
        "Rocket Rides",
        "identity.business_details.registered_name",
        "Rocket Rides",
    ),
    (
        "company[tax_id]",
        "11-3456789",
        "identity.business_details.id_numbers",
        [{"type": "us_ein", "registrar": None}],
    ),
    (
        "company[address][line1]",
        "123 Main St",
        "identity.business_details.address.line1",
        "123 Main St",
    ),
    (
        "company[address][city]",
        "San Francisco",
        "identity.business_details.address.city",
        "San Francisco",
    ),
    ("company[address][state]", "CA", "identity.business_details.address.state", "CA"),
    (
        "company[address][postal_code]",
        "94111",
        "identity.business_details.address.postal_code",
        "94111",
    ),
    ("company[address][country]", "US", "identity.business_details.address.country", "US"),
    (
        "settings[card_issuing][tos_acceptance][ip]",
        "192.168.123.132",
        "identity.attestations.terms_of_service.card_creator.commercial.account_holder.ip",
        "192.168.123.132",
    ),
    (
        "settings[card_issuing][tos_acceptance][date]",
        "1696634647",
        "identity.attestations.terms_of_service.card_creator.commercial.account_holder.date",
        "2023-10-06T23:24:07.000Z",
    ),
]
PERSON = [
    ("first_name", "Jenny", "given_name", "Jenny"),
    ("last_name", "Rosen", "surname", "Rosen"),
    ("dob[day]", "12", "date_of_birth.day", 12),
    ("dob[month]", "11", "date_of_birth.month", 11),
    ("dob[year]", "1978", "date_of_birth.year", 1978),
    ("address[line1]", "510 Townsend Street", "address.line1", "510 Townsend Street"),
    ("address[city]", "San Francisco", "address.city", "San Francisco"),
    ("address[state]", "CA", "address.state", "CA"),
    ("address[postal_code]", "94111", "address.postal_code", "94111"),
    ("address[country]", "US", "address.country", "US"),
    ("id_number", "123456789", "id_numbers", [{"type": "us_ssn"}]),
    ("email", "jenny.rosen@example.com", "email", "jenny.rosen@example.com"),
    ("relationship[representative]", "true", "relationship.representative", True),
    ("relationship[owner]", "true", "relationship.owner", True),
    ("relationship[percent_ownership]", "0.75", "relationship.percent_ownership", "0.75"),
]
# Each member of the documented v2 creation, and where v1 has it.
CREATION = {
    "contact_email": "test@example.com",
    "display_name": "John Smith",
    "identity": {"country": "gb", "entity_type": "individual"},
    "configuration": {
        "merchant": {
            "mcc": "5045",
            "statement_descriptor": {"descriptor": "test1"},
            "support": {"phone": "7325460697"},
        },
        "card_creator": {
            "capabilities": {"commercial": {"stripe": {"charge_card": {"requested": True}}}}
        },
        "recipient": {
            "capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}
        },
    },
    "dashboard": "none",
    "defaults": {
        "currency": "gbp",
        "responsibilities": {"fees_collector": "application", "losses_collector": "application"},
    },
}
IN_V1 = {
    "email": "test@example.com",
    "settings.dashboard.display_name": "John Smith",
    "country": "GB",
    "business_type": "individual",
    "business_profile.mcc": "5045",
    "settings.payments.statement_descriptor": "test1",
    "business_profile.support_phone": "7325460697",
    "capabilities.card_issuing": "inactive",
    "capabilities.transfers": "inactive",
    "controller.stripe_dashboard.type": "none",
    "default_currency": "gbp",
    "controller.fees.payer": "application",
    "controller.losses.payments": "application",
    "controller.requirement_collection": "application",
    "type": "custom",
}
