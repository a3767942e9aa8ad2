"""Where each member of v1 lives in the record, as data: dotted v1 path, dotted path of the record.

Translator, view and errors all read these tables, so that the two faces cannot drift apart.
"""

from cardwright.accounts.record.capabilities import known

_DOCUMENTS = "identity.business_details.documents"
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
    (
        "settings.payments.statement_descriptor_kana",
        "configuration.merchant.script_statement_descriptor.kana.descriptor",
    ),
    (
        "settings.payments.statement_descriptor_kanji",
        "configuration.merchant.script_statement_descriptor.kanji.descriptor",
    ),
    (
        "settings.card_payments.statement_descriptor_prefix",
        "configuration.merchant.statement_descriptor.prefix",
    ),
    (
        "settings.card_payments.statement_descriptor_prefix_kana",
        "configuration.merchant.script_statement_descriptor.kana.prefix",
    ),
    (
        "settings.card_payments.statement_descriptor_prefix_kanji",
        "configuration.merchant.script_statement_descriptor.kanji.prefix",
    ),
    ("settings.card_payments.decline_on", "configuration.merchant.card_payments.decline_on"),
    ("settings.branding", "configuration.merchant.branding"),
    (
        "settings.bacs_debit_payments.display_name",
        "configuration.merchant.bacs_debit_payments.display_name",
    ),
    (
        "settings.sepa_debit_payments.creditor_id",
        "configuration.merchant.sepa_debit_payments.creditor_id",
    ),
    ("business_profile.url", "defaults.profile.business_url"),
    ("business_profile.name", "defaults.profile.doing_business_as"),
    ("business_profile.product_description", "defaults.profile.product_description"),
    (
        "business_profile.estimated_worker_count",
        "identity.business_details.estimated_worker_count",
    ),
    ("company.name", "identity.business_details.registered_name"),
    ("company.name_kana", "identity.business_details.script_names.kana.registered_name"),
    ("company.name_kanji", "identity.business_details.script_names.kanji.registered_name"),
    ("company.address", "identity.business_details.address"),
    ("company.address_kana", "identity.business_details.script_addresses.kana"),
    ("company.address_kanji", "identity.business_details.script_addresses.kanji"),
    ("company.registration_date", "identity.business_details.registration_date"),
    ("company.phone", "identity.business_details.phone"),
    ("company.structure", "identity.business_details.structure"),
    ("company.verification.document", "identity.business_details.documents.primary_verification"),
    ("company.owners_provided", "identity.attestations.persons_provided.owners"),
    ("company.directors_provided", "identity.attestations.persons_provided.directors"),
    ("company.executives_provided", "identity.attestations.persons_provided.executives"),
    (
        "company.ownership_exemption_reason",
        "identity.attestations.persons_provided.ownership_exemption_reason",
    ),
    ("company.ownership_declaration", "identity.attestations.ownership_declaration"),
    ("company.directorship_declaration", "identity.attestations.directorship_declaration"),
    ("company.representative_declaration", "identity.attestations.representative_declaration"),
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
# Documents of files, by the name that both faces have for them.
ACCOUNT_DOCUMENTS = (
    "bank_account_ownership_verification",
    "company_license",
    "company_memorandum_of_association",
    "company_ministerial_decree",
    "company_registration_verification",
    "company_tax_id_verification",
    "proof_of_address",
    "proof_of_registration",
    "proof_of_ultimate_beneficial_ownership",
)
# Further addresses, which the record has in one list, by purpose.
BUSINESS_ADDRESSES = (
    ("company.administrative_address", "administrative"),
    ("company.principal_place_of_business", "principal_place_of_business"),
)
# What v1 alone says, kept in its own words.
KEPT = (
    "business_profile.minority_owned_business_designation",
    "business_profile.specified_commercial_transactions_act_url",
    "company.export_license_id",
    "company.export_purpose_code",
    "company.physical_address",
    "company.registration_number",
    "groups",
    "settings.invoices",
    "settings.payouts",
)
# Members whose value changes its form too; here for the parameter that an error names.
RESHAPED_PATHS: tuple[tuple[str, str], ...] = (
    ("business_profile.annual_revenue", "identity.business_details.annual_revenue"),
    (
        "business_profile.monthly_estimated_revenue",
        "identity.business_details.monthly_estimated_revenue",
    ),
    ("company.tax_id", "identity.business_details.id_numbers"),
    ("company.administrative_address", "identity.business_details.additional_addresses"),
    *((f"documents.{name}", f"{_DOCUMENTS}.{name}") for name in ACCOUNT_DOCUMENTS),
    ("controller.fees.payer", "defaults.responsibilities.fees_collector"),
    ("individual", "identity.individual"),
    ("capabilities.transfers", "configuration.recipient.capabilities"),
    ("capabilities.card_payments", "configuration.merchant.capabilities"),
    ("capabilities.card_issuing", "configuration.card_creator.capabilities"),
    ("capabilities.treasury", "configuration.money_manager.capabilities"),
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

# Payments of the record that v1 has another name for.
MERCHANT_NAMES = {"ach_debit_payments": "us_bank_account_ach_payments"}


def v1_names(path: str) -> list[str]:
    """The v1 capabilities that a capability of the record belongs to."""
    names = [name for name, stands_for in CAPABILITY_PATHS.items() if path in stands_for]
    configuration, _, name = path.partition(".")
    if path.startswith(CARD_ISSUING_PREFIX):
        names.append("card_issuing")
        if path.endswith(".charge_card"):
            names.append("card_issuing_charge_card")
    elif configuration == "card_creator":
        names.append(_consumer_name(name))
    elif configuration == "merchant" and "." not in name and not names:
        names.append(MERCHANT_NAMES.get(name, name))
    return names


def _consumer_name(name: str) -> str:
    """``consumer.celtic.revolving_credit_card`` as v1 calls it, the bank last."""
    kind, bank, product = name.split(".")
    return f"card_issuing_{kind}_{product}_{bank}"


def _by_name() -> dict[str, tuple[str, ...]]:
    """The paths that a v1 capability stands for; those of cards depend on the country."""
    found = {"card_issuing": (), "card_issuing_charge_card": (), **CAPABILITY_PATHS}
    for path in known():
        if path.partition(".")[0] in ("merchant", "card_creator"):
            for name in v1_names(path):
                found.setdefault(name, (path,))
    return dict(sorted(found.items()))


PATHS_BY_NAME = _by_name()
# The capabilities that a v1 request may name; others are shown when the record has them.
V1_CAPABILITIES = tuple(PATHS_BY_NAME)
