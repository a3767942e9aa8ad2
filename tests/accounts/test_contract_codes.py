"""Every public code of accounts, persons and their links is earned by a test, or the reference says
why it does not occur."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.support.refusals import closed_table

TESTS = Path(__file__).parent.parent
REFERENCE = TESTS.parent / "docs" / "reference" / "account-members.md"
# The codes as the public API lists them.
PUBLIC = """
account_capability_not_supported account_configuration_not_supported
account_controller_express_dash_without_application_losses_or_fees
account_controller_stripe_pricing_platform_liable
account_controller_ua_unsupported_configuration account_controller_unsupported_configuration
account_controller_unsupported_configuration_private_preview
account_country_unsupported_currency account_create_activation_required account_creation_invalid
account_creation_liability_unacknowledged
account_creation_requirement_collection_and_liability_unacknowledged
account_creation_requirement_collection_unacknowledged account_not_yet_compatible_with_v2
account_rate_limit_exceeded account_terms_of_service_not_accepted account_token_required
accounts_v2_access_blocked additional_legal_guardian_not_allowed
additional_representative_not_allowed additional_tos_only_allowed_for_legal_guardian
address_characters_invalid address_country_identity_country_mismatch address_country_mismatch
address_country_required address_postal_code_invalid address_state_invalid address_town_invalid
authorizer_duplicate authorizer_relationship_invalid_for_representative
cannot_create_connected_account cannot_create_new_account_rejected
cannot_delete_account_with_balance cannot_delete_customer_with_available_cash_balance
capability_cannot_be_unrequested_due_to_other_capability_requirement
capability_not_available_for_dashboard_type capability_not_available_for_entity_type_in_country
capability_not_available_for_loss_collector capability_not_available_in_country
capability_not_available_in_platform_country capability_not_available_without_other_capability
capability_not_available_without_other_capability_in_country configs_must_match_to_close
configs_must_match_to_use_account_links configuration_cannot_be_deactivated
configuration_cannot_be_deactivated_due_to_other_capability_requirement
configuration_cannot_be_deactivated_due_to_other_configuration
configuration_cannot_be_updated_while_deactivated configuration_creation_invalid
connect_identity_not_verified connect_profile_not_submitted
cross_border_connected_account_creation_not_allowed custom_account_beta
date_of_birth_age_restriction date_of_birth_invalid default_currency_immutable
default_outbound_destination_invalid default_payment_method_invalid
directorship_declaration_not_allowed_during_account_creation document_invalid
document_purpose_invalid duplicate_person_not_allowed email_domain_invalid_for_recipient
email_invalid entity_type_not_supported_in_country
high_risk_activities_none_cant_be_combined_with_other_options id_number_invalid
identity_country_required immutable_identity_param incorrect_account_for_person_token
incorrect_id_number_for_country incorrect_token_wrong_type
individual_additional_person_not_allowed invalid_account_token invalid_id_number_for_structure
invalid_id_number_registrar invalid_person_token
invalid_relationship_for_identity_type_structure_and_country invalid_timezone ip_address_invalid
legal_guardian_representative_not_allowed legal_guardian_requires_existing_representative
mcc_invalid non_connect_platform_accounts_v2_access_blocked not_found
ownership_declaration_not_allowed_during_account_creation param_alongside_account_token
param_alongside_person_token pending_transactions_cannot_be_deleted
person_percent_ownership_invalid person_token_required phone_invalid
platform_registration_required registration_date_invalid script_characters_invalid
shipping_address_required shipping_name_required statement_descriptor_invalid
stripe_loss_liable_cannot_be_deleted structure_incompatible_for_entity_type_country
test_clock_disallowed_on_live_mode test_clock_invalid token_already_used token_expired
token_must_be_created_with_publishable_key tos_acceptance_on_behalf_not_allowed
total_person_ownership_exceeded unsupported_field_for_configs
unsupported_identity_field_for_configs unsupported_postal_code unsupported_state url_invalid
v1_account_instead_of_v2_account v1_customer_instead_of_v2_account v1_token_invalid_in_v2
""".split()


def absent() -> list[str]:
    """The codes that the reference says do not occur, some with a star for their rest."""
    table = REFERENCE.read_text().partition("These codes do not occur")[2]
    rows = re.findall(r"^\| (`.*?) \|", table, re.M)
    return [code for row in rows for code in re.findall(r"`([a-z0-9_*]+)`", row)]


def earned() -> str:
    """The text of every other test."""
    found = TESTS.rglob("test_*.py")
    return "\n".join(path.read_text() for path in found if path != Path(__file__))


@pytest.mark.parametrize("code", PUBLIC)
def test_a_public_code_is_earned_or_explained(code: str) -> None:
    # Where v1 has no code, v2 says the name.
    occurs = any(code == (refusal.code or name) for name, refusal in closed_table().items())
    explained = any(fnmatch(code, pattern) for pattern in absent())
    assert occurs != explained, "in the table of refusals, or explained, and not both"
    if occurs:
        assert f'"{code}"' in earned()
