"""The part of the table of refusals that is about accounts and persons."""

from cardwright.kernel.refusal import INVALID, Refusal

ACCOUNT_REFUSALS: dict[str, Refusal] = {
    "account_controller_unsupported_configuration": Refusal(
        400, INVALID, "account_controller_unsupported_configuration", "{reason}"
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
    "additional_representative_not_allowed": Refusal(
        400,
        INVALID,
        "additional_representative_not_allowed",
        "The account has a representative already.",
    ),
    "address_country_identity_country_mismatch": Refusal(
        400,
        INVALID,
        "address_country_identity_country_mismatch",
        "The address of the business must be in the country of the account.",
    ),
    "cannot_delete_account_with_balance": Refusal(
        400,
        INVALID,
        "cannot_delete_account_with_balance",
        "The account cannot be closed while it has a balance: {balance}.",
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
    "date_of_birth_invalid": Refusal(
        400,
        INVALID,
        "date_of_birth_invalid",
        "The date of birth is not a past date of the calendar.",
    ),
    "default_currency_immutable": Refusal(
        400, INVALID, "default_currency_immutable", "The default currency cannot be changed."
    ),
    "directorship_declaration_not_allowed_during_account_creation": Refusal(
        400,
        INVALID,
        "directorship_declaration_not_allowed_during_account_creation",
        "Directors are declared when the account exists and they have been added.",
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
    "id_number_invalid": Refusal(
        400, INVALID, "id_number_invalid", "The id number is not a valid {type}."
    ),
    "identity_country_required": Refusal(
        400, INVALID, "identity_country_required", "The account needs a country: identity.country."
    ),
    "immutable_identity_param": Refusal(
        400, INVALID, "immutable_identity_param", "{param} cannot be changed any more."
    ),
    "incorrect_id_number_for_country": Refusal(
        400,
        INVALID,
        "incorrect_id_number_for_country",
        "An account in {country} has no id number of type {type}.",
    ),
    "incorrect_account_for_person_token": Refusal(
        400,
        INVALID,
        "incorrect_account_for_person_token",
        "The token {token} was made for a person of another account.",
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
    "invalid_person_token": Refusal(
        403, INVALID, "invalid_person_token", "There is no person token {token}."
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
    "routing_number_invalid": Refusal(
        400, INVALID, "routing_number_invalid", "The bank's number is not valid: {reason}."
    ),
    "statement_descriptor_invalid": Refusal(
        400,
        INVALID,
        "statement_descriptor_invalid",
        "A statement descriptor has a letter and none of the characters < > \\ ' \" *.",
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
    "v1_token_invalid_in_v2": Refusal(
        400, INVALID, "v1_token_invalid_in_v2", "The token {token} was made for v1."
    ),
    "url_not_web": Refusal(400, INVALID, "url_invalid", "Not a web address: {value}"),
}
