"""The part of the table of refusals that is about accounts and persons."""

from cardwright.kernel.refusal import INVALID, Refusal

ACCOUNT_REFUSALS: dict[str, Refusal] = {
    "account_controller_express_dash_without_application_losses_or_fees": Refusal(
        400,
        INVALID,
        "account_controller_express_dash_without_application_losses_or_fees",
        "An account with the express dashboard needs the platform to collect fees and losses.",
    ),
    "account_controller_stripe_pricing_platform_liable": Refusal(
        400,
        INVALID,
        "account_controller_stripe_pricing_platform_liable",
        "The platform cannot be liable for the losses of an account that pays its fees itself.",
    ),
    "account_controller_unsupported_configuration": Refusal(
        400, INVALID, "account_controller_unsupported_configuration", "{reason}"
    ),
    "account_country_unsupported_currency": Refusal(
        400,
        INVALID,
        "account_country_unsupported_currency",
        "Accounts in {country} are not kept in {currency}.",
    ),
    "account_number_invalid": Refusal(
        400, INVALID, "account_number_invalid", "The bank account number is not valid: {reason}."
    ),
    "account_token_required": Refusal(
        400,
        INVALID,
        "account_token_required",
        "A platform in this country brings who an account is by an account token.",
    ),
    "additional_legal_guardian_not_allowed": Refusal(
        400,
        INVALID,
        "additional_legal_guardian_not_allowed",
        "The account has a legal guardian already.",
    ),
    "additional_representative_not_allowed": Refusal(
        400,
        INVALID,
        "additional_representative_not_allowed",
        "The account has a representative already.",
    ),
    "additional_tos_only_allowed_for_legal_guardian": Refusal(
        400,
        INVALID,
        "additional_tos_only_allowed_for_legal_guardian",
        "Only a legal guardian accepts the terms beside the account.",
    ),
    "address_characters_invalid": Refusal(
        400,
        INVALID,
        "address_characters_invalid",
        "{param} has characters that an address has not.",
    ),
    "address_country_identity_country_mismatch": Refusal(
        400,
        INVALID,
        "address_country_identity_country_mismatch",
        "The address of the business must be in the country of the account.",
    ),
    "address_country_required": Refusal(
        400, INVALID, "address_country_required", "The address needs a country."
    ),
    "address_postal_code_invalid": Refusal(
        400, INVALID, "address_postal_code_invalid", "{param} is not a postal code of {country}."
    ),
    "address_state_invalid": Refusal(
        400, INVALID, "address_state_invalid", "{param} is not a state of {country}."
    ),
    "authorizer_duplicate": Refusal(
        400, INVALID, "authorizer_duplicate", "The account has an authorizer already."
    ),
    "authorizer_relationship_invalid_for_representative": Refusal(
        400,
        INVALID,
        "authorizer_relationship_invalid_for_representative",
        "A representative is no authorizer.",
    ),
    "bank_country_unsupported": Refusal(
        400, INVALID, "country_unsupported", "Bank accounts in {country} cannot be paid out to."
    ),
    "bank_currency_unsupported": Refusal(
        400,
        INVALID,
        None,
        "A bank account in {country} cannot be paid out to in {currency}. Supported: {supported}.",
    ),
    "cannot_delete_account_with_balance": Refusal(
        400,
        INVALID,
        "cannot_delete_account_with_balance",
        "The account cannot be closed while it has a balance: {balance}.",
    ),
    "capability_cannot_be_unrequested_due_to_other_capability_requirement": Refusal(
        400,
        INVALID,
        "capability_cannot_be_unrequested_due_to_other_capability_requirement",
        "The capability {capability} is needed by {other}.",
    ),
    "capability_not_available_for_dashboard_type": Refusal(
        400,
        INVALID,
        "capability_not_available_for_dashboard_type",
        "The capability {capability} is for accounts whose dashboard is none.",
    ),
    "capability_not_available_for_entity_type_in_country": Refusal(
        400,
        INVALID,
        "capability_not_available_for_entity_type_in_country",
        "The capability {capability} is not available to a {entity_type} in {country}.",
    ),
    "capability_not_available_for_loss_collector": Refusal(
        400,
        INVALID,
        "capability_not_available_for_loss_collector",
        "The capability {capability} needs the platform to collect losses and requirements "
        "(losses_collector and requirements_collector: application).",
    ),
    "capability_not_available_in_country": Refusal(
        400,
        INVALID,
        "capability_not_available_in_country",
        "The capability {capability} is not available in {country}.",
    ),
    "capability_not_available_without_other_capability": Refusal(
        400,
        INVALID,
        "capability_not_available_without_other_capability",
        "The capability {capability} needs {other} to be requested too.",
    ),
    "configs_must_match_to_close": Refusal(
        400,
        INVALID,
        "configs_must_match_to_close",
        "applied_configurations must be the configurations of the account: {applied}.",
        members=("applied_configurations",),
    ),
    "configuration_cannot_be_deactivated": Refusal(
        400,
        INVALID,
        "configuration_cannot_be_deactivated",
        "The account does not have the configuration {configuration}.",
    ),
    "configuration_cannot_be_deactivated_due_to_other_configuration": Refusal(
        400,
        INVALID,
        "configuration_cannot_be_deactivated_due_to_other_configuration",
        "The configuration {configuration} is needed by {other}.",
    ),
    "configuration_cannot_be_updated_while_deactivated": Refusal(
        400,
        INVALID,
        "configuration_cannot_be_updated_while_deactivated",
        "The configuration {configuration} is deactivated; apply it again to update it.",
    ),
    "date_of_birth_age_restriction": Refusal(
        400,
        INVALID,
        "date_of_birth_age_restriction",
        "A person of an account is at least {age_limit} years old.",
        members=("age_limit",),
    ),
    "date_of_birth_invalid": Refusal(
        400,
        INVALID,
        "date_of_birth_invalid",
        "The date of birth is not a past date of the calendar.",
    ),
    "default_currency_immutable": Refusal(
        400, INVALID, "default_currency_immutable", "The default currency cannot be changed."
    ),
    "default_outbound_destination_invalid": Refusal(
        400,
        INVALID,
        "default_outbound_destination_invalid",
        "The account has no bank account {destination}.",
    ),
    "default_payment_method_invalid": Refusal(
        400,
        INVALID,
        "default_payment_method_invalid",
        "The account has no payment method {method}.",
    ),
    "directorship_declaration_not_allowed_during_account_creation": Refusal(
        400,
        INVALID,
        "directorship_declaration_not_allowed_during_account_creation",
        "Directors are declared when the account exists and they have been added.",
    ),
    "duplicate_person_not_allowed": Refusal(
        400,
        INVALID,
        "duplicate_person_not_allowed",
        "The account has this person already: {duplicate_person_id}.",
        members=("duplicate_person_id",),
    ),
    "entity_type_not_supported_in_country": Refusal(
        400,
        INVALID,
        "entity_type_not_supported_in_country",
        "A {entity_type} in {country} cannot have an account.",
    ),
    "external_account_default": Refusal(
        400,
        INVALID,
        None,
        "The default external account for {currency} cannot be deleted. Make another one the "
        "default with default_for_currency, then delete this one.",
    ),
    "external_account_default_kept": Refusal(
        400,
        INVALID,
        None,
        "An external account stops being the default for its currency when another one becomes it.",
    ),
    "high_risk_activities_none_cant_be_combined_with_other_options": Refusal(
        400,
        INVALID,
        "high_risk_activities_none_cant_be_combined_with_other_options",
        "'none' stands alone among the high-risk activities.",
    ),
    "id_number_invalid": Refusal(
        400, INVALID, "id_number_invalid", "The id number is not a valid {type}."
    ),
    "identity_country_required": Refusal(
        400, INVALID, "identity_country_required", "The account needs a country: identity.country."
    ),
    "immutable_identity_param": Refusal(
        400, INVALID, "immutable_identity_param", "{param} cannot be changed any more."
    ),
    "incorrect_account_for_person_token": Refusal(
        400,
        INVALID,
        "incorrect_account_for_person_token",
        "The token {token} was made for a person of another account.",
    ),
    "incorrect_id_number_for_country": Refusal(
        400,
        INVALID,
        "incorrect_id_number_for_country",
        "An account in {country} has no id number of type {type}.",
    ),
    "incorrect_token_wrong_type": Refusal(
        400, INVALID, "incorrect_token_wrong_type", "The token {token} is of a {type}."
    ),
    "individual_additional_person_not_allowed": Refusal(
        400,
        INVALID,
        "individual_additional_person_not_allowed",
        "An individual's account has no further persons.",
    ),
    "invalid_account_token": Refusal(
        403, INVALID, "invalid_account_token", "There is no account token {token}."
    ),
    "invalid_id_number_registrar": Refusal(
        400, INVALID, "invalid_id_number_registrar", "An id number of type {type} has no registrar."
    ),
    "invalid_person_token": Refusal(
        403, INVALID, "invalid_person_token", "There is no person token {token}."
    ),
    "invalid_relationship_for_identity_type_structure_and_country": Refusal(
        400,
        INVALID,
        "invalid_relationship_for_identity_type_structure_and_country",
        "Nobody is {relationship} of a {entity_type}.",
    ),
    "invalid_timezone": Refusal(
        400, INVALID, "invalid_timezone", "There is no time zone '{value}'."
    ),
    "ip_address_invalid": Refusal(
        400, INVALID, "ip_address_invalid", "{param} is not an IP address."
    ),
    "legal_guardian_representative_not_allowed": Refusal(
        400,
        INVALID,
        "legal_guardian_representative_not_allowed",
        "A representative is not their own legal guardian.",
    ),
    "legal_guardian_requires_existing_representative": Refusal(
        400,
        INVALID,
        "legal_guardian_requires_existing_representative",
        "An account with a legal guardian has a representative first.",
    ),
    "mcc_invalid": Refusal(
        400, INVALID, "mcc_invalid", "A merchant category code has four digits; got '{value}'."
    ),
    "ownership_declaration_not_allowed_during_account_creation": Refusal(
        400,
        INVALID,
        "ownership_declaration_not_allowed_during_account_creation",
        "Owners are declared when the account exists and they have been added.",
    ),
    "param_alongside_account_token": Refusal(
        400,
        INVALID,
        "param_alongside_account_token",
        "{param} comes with the account token and cannot be given beside it.",
    ),
    "param_alongside_person_token": Refusal(
        400,
        INVALID,
        "param_alongside_person_token",
        "{param} comes with the person token and cannot be given beside it.",
    ),
    "pending_transactions_cannot_be_deleted": Refusal(
        400,
        INVALID,
        "pending_transactions_cannot_be_deleted",
        "The account cannot be closed while money of it is under way: {balance}.",
    ),
    "person_percent_ownership_invalid": Refusal(
        400,
        INVALID,
        "person_percent_ownership_invalid",
        "An owner holds more than 0 and at most 100 percent.",
    ),
    "person_token_required": Refusal(
        400,
        INVALID,
        "person_token_required",
        "A platform in this country brings who a person is by a person token.",
    ),
    "platform_not_rejected": Refusal(
        400, INVALID, None, "A platform cannot reject its own account."
    ),
    "registration_date_invalid": Refusal(
        400,
        INVALID,
        "registration_date_invalid",
        "The registration date is not a past date of the calendar.",
    ),
    "routing_number_invalid": Refusal(
        400, INVALID, "routing_number_invalid", "The bank's number is not valid: {reason}."
    ),
    "script_characters_invalid": Refusal(
        400, INVALID, "script_characters_invalid", "{param} is not written in {script}."
    ),
    "shipping_address_required": Refusal(
        400, INVALID, "shipping_address_required", "What is sent to somebody needs an address."
    ),
    "shipping_name_required": Refusal(
        400, INVALID, "shipping_name_required", "What is sent to an address needs a name."
    ),
    "statement_descriptor_invalid": Refusal(
        400,
        INVALID,
        "statement_descriptor_invalid",
        "A statement descriptor has a letter and none of the characters < > \\ ' \" *.",
    ),
    "stripe_loss_liable_cannot_be_deleted": Refusal(
        400,
        INVALID,
        "stripe_loss_liable_cannot_be_deleted",
        "An account whose losses are not the platform's cannot be closed by the platform.",
    ),
    "structure_incompatible_for_entity_type_country": Refusal(
        400,
        INVALID,
        "structure_incompatible_for_entity_type_country",
        "A {entity_type} is no {structure}.",
    ),
    "token_already_used": Refusal(
        400, INVALID, "token_already_used", "A token can be used once: {token}."
    ),
    "token_details_missing": Refusal(
        400, INVALID, "parameter_missing", "A token is made of one of these: {params}."
    ),
    "token_expired": Refusal(400, INVALID, "token_expired", "The token {token} has expired."),
    "token_must_be_created_with_publishable_key": Refusal(
        400,
        INVALID,
        "token_must_be_created_with_publishable_key",
        "Tokens are made in a browser, with the publishable key.",
    ),
    "token_type_wrong": Refusal(
        400, INVALID, None, "The token {token} is of type {type}, not {wanted}."
    ),
    "tos_acceptance_on_behalf_not_allowed": Refusal(
        400,
        INVALID,
        "tos_acceptance_on_behalf_not_allowed",
        "The platform cannot accept the terms for an account that it does not collect "
        "requirements from.",
    ),
    "total_person_ownership_exceeded": Refusal(
        400,
        INVALID,
        "total_person_ownership_exceeded",
        "The persons of the account would own more than 100 percent.",
    ),
    "unsupported_identity_field_for_configs": Refusal(
        400,
        INVALID,
        "unsupported_identity_field_for_configs",
        "{param} is for accounts of an individual.",
    ),
    "url_not_web": Refusal(400, INVALID, "url_invalid", "Not a web address: {value}"),
    "v1_customer_instead_of_v2_account": Refusal(
        400, INVALID, "v1_customer_instead_of_v2_account", "{id} is a customer, not an account."
    ),
    "v1_token_invalid_in_v2": Refusal(
        400, INVALID, "v1_token_invalid_in_v2", "The token {token} was made for v1."
    ),
}
