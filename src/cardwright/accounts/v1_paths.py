"""Where each member of v1 lives in the record, as data: dotted v1 path, dotted path of the record.

Translator, view and errors all read these tables, so that the two faces cannot drift apart.
"""

# Members that only change their place.
ACCOUNT_PATHS: tuple[tuple[str, str], ...] = (
    ("business_type", "identity.entity_type"),
    ("country", "identity.country"),
    ("email", "contact_email"),
    ("default_currency", "defaults.currency"),
    ("metadata", "metadata"),
    ("business_profile.mcc", "configuration.merchant.mcc"),
    ("business_profile.support_address", "configuration.merchant.support.address"),
    ("business_profile.support_email", "configuration.merchant.support.email"),
    ("business_profile.support_phone", "configuration.merchant.support.phone"),
    ("business_profile.support_url", "configuration.merchant.support.url"),
    (
        "settings.payments.statement_descriptor",
        "configuration.merchant.statement_descriptor.descriptor",
    ),
    ("business_profile.url", "defaults.profile.business_url"),
    ("business_profile.name", "defaults.profile.doing_business_as"),
    ("business_profile.product_description", "defaults.profile.product_description"),
    (
        "business_profile.estimated_worker_count",
        "identity.business_details.estimated_worker_count",
    ),
    ("company.name", "identity.business_details.registered_name"),
    ("company.address", "identity.business_details.address"),
    ("company.phone", "identity.business_details.phone"),
    ("company.structure", "identity.business_details.structure"),
    ("company.verification.document", "identity.business_details.documents.primary_verification"),
    ("company.owners_provided", "identity.attestations.persons_provided.owners"),
    ("company.directors_provided", "identity.attestations.persons_provided.directors"),
    ("company.executives_provided", "identity.attestations.persons_provided.executives"),
    ("company.ownership_declaration", "identity.attestations.ownership_declaration"),
    ("tos_acceptance", "identity.attestations.terms_of_service.account"),
    (
        "settings.card_issuing.tos_acceptance",
        "identity.attestations.terms_of_service.card_creator.commercial.account_holder",
    ),
    (
        "settings.treasury.tos_acceptance",
        "identity.attestations.terms_of_service.money_manager",
    ),
    ("controller.stripe_dashboard.type", "dashboard"),
    ("controller.losses.payments", "defaults.responsibilities.losses_collector"),
    (
        "controller.requirement_collection",
        "defaults.responsibilities.requirements_collector",
    ),
)
PERSON_PATHS: tuple[tuple[str, str], ...] = (
    ("first_name", "given_name"),
    ("last_name", "surname"),
    ("email", "email"),
    ("phone", "phone"),
    ("dob", "date_of_birth"),
    ("address", "address"),
    ("metadata", "metadata"),
    ("political_exposure", "political_exposure"),
    ("relationship", "relationship"),
    ("verification.document", "documents.primary_verification"),
    ("verification.additional_document", "documents.secondary_verification"),
)
# Members whose value changes its form too; here for the parameter that an error names.
RESHAPED_PATHS: tuple[tuple[str, str], ...] = (
    ("business_profile.annual_revenue", "identity.business_details.annual_revenue"),
    ("company.tax_id", "identity.business_details.id_numbers"),
    ("controller.fees.payer", "defaults.responsibilities.fees_collector"),
    ("individual", "identity.individual"),
    ("capabilities.transfers", "configuration.recipient.capabilities"),
    ("capabilities.card_payments", "configuration.merchant.capabilities"),
    ("capabilities.card_issuing", "configuration.card_creator.capabilities"),
    ("capabilities.treasury", "configuration.money_manager.capabilities"),
)
RESHAPED_PERSON_PATHS: tuple[tuple[str, str], ...] = (
    ("id_number", "id_numbers"),
    ("nationality", "nationalities"),
)

# A capability of v1 and the paths of the record it stands for, the first of which a request asks
# for; the one of card_issuing depends on who sponsors cards in the account's country.
TREASURY_PATHS = (
    "money_manager.business_storage.inbound.usd",
    "money_manager.business_storage.outbound.usd",
    "money_manager.received_credits.bank_accounts",
    "money_manager.received_debits.bank_accounts",
)
CAPABILITY_PATHS: dict[str, tuple[str, ...]] = {
    "transfers": ("recipient.stripe_balance.stripe_transfers",),
    "card_payments": ("merchant.card_payments",),
    "treasury": TREASURY_PATHS,
}
CARD_ISSUING_US = "card_creator.commercial.celtic.spend_card"
CARD_ISSUING_ELSEWHERE = "card_creator.commercial.stripe.charge_card"
CARD_ISSUING_CHARGE_CARD_US = "card_creator.commercial.celtic.charge_card"
CARD_ISSUING_PREFIX = "card_creator.commercial."

# The kind of number that v1's id_number of a person means, by country.
ID_NUMBER_TYPES = {
    "AT": "at_stn",
    "BE": "be_nrn",
    "CY": "cy_tic",
    "DE": "de_stn",
    "EE": "ee_ik",
    "ES": "es_nif",
    "FI": "fi_hetu",
    "FR": "fr_nir",
    "GB": "gb_nino",
    "GR": "gr_afm",
    "HR": "hr_oib",
    "IE": "ie_ppsn",
    "IT": "it_cf",
    "LT": "lt_ak",
    "LU": "lu_nif",
    "LV": "lv_pk",
    "NL": "nl_bsn",
    "PT": "pt_nif",
    "SK": "sk_dic",
    "US": "us_ssn",
}
SSN_LAST_4 = "us_ssn_last_4"


def v1_names(path: str) -> list[str]:
    """The v1 capabilities that a capability of the record belongs to."""
    names = [name for name, stands_for in CAPABILITY_PATHS.items() if path in stands_for]
    if path.startswith(CARD_ISSUING_PREFIX):
        names.append("card_issuing")
        if path.endswith(".charge_card"):
            names.append("card_issuing_charge_card")
    configuration, _, name = path.partition(".")
    if configuration == "merchant" and "." not in name and name not in names:
        names.append(name)
    return names
