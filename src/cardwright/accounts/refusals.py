"""What is refused about accounts, persons, their tokens and agreements."""

from cardwright.kernel.refusal import Refusal

PLATFORM_NOT_CLOSED = Refusal(
    "platform_not_closed", "The account of a platform itself cannot be closed."
)
EMAIL_INVALID = Refusal("email_invalid", "Invalid email address: {email}", code="email_invalid")
PHONE_INVALID = Refusal("phone_invalid", "Invalid phone number: {phone}")
DATE_INVALID = Refusal("date_invalid", "{param} is not a past date of the calendar.")
ACCOUNT_CONTROLLER_EXPRESS_DASH_WITHOUT_APPLICATION_LOSSES_OR_FEES = Refusal(
    "account_controller_express_dash_without_application_losses_or_fees",
    "An account with the express dashboard needs the platform to collect fees and losses.",
    code="account_controller_express_dash_without_application_losses_or_fees",
)
ACCOUNT_CONTROLLER_STRIPE_PRICING_PLATFORM_LIABLE = Refusal(
    "account_controller_stripe_pricing_platform_liable",
    "The platform cannot be liable for the losses of an account that pays its fees itself.",
    code="account_controller_stripe_pricing_platform_liable",
)
RESPONSIBILITIES_FIXED = Refusal(
    "responsibilities_fixed",
    "The responsibilities of a merchant cannot be changed.",
    code="account_controller_unsupported_configuration",
)
RESPONSIBILITY_NOT_OF_DASHBOARD = Refusal(
    "responsibility_not_of_dashboard",
    "With the dashboard {dashboard}, {responsibility} must be {bearer}.",
    code="account_controller_unsupported_configuration",
)
REQUIREMENTS_NOT_OF_PLATFORM = Refusal(
    "requirements_not_of_platform",
    "The platform collects requirements of accounts whose dashboard is none and whose "
    "losses it collects.",
    code="account_controller_unsupported_configuration",
)
ACCOUNT_COUNTRY_UNSUPPORTED_CURRENCY = Refusal(
    "account_country_unsupported_currency",
    "Accounts in {country} are not kept in {currency}.",
    code="account_country_unsupported_currency",
)
ACCOUNT_NUMBER_INVALID = Refusal(
    "account_number_invalid",
    "The bank account number is not valid: {reason}.",
    code="account_number_invalid",
)
ACCOUNT_TOKEN_REQUIRED = Refusal(
    "account_token_required",
    "A platform in this country brings who an account is by an account token.",
    code="account_token_required",
)
ADDITIONAL_LEGAL_GUARDIAN_NOT_ALLOWED = Refusal(
    "additional_legal_guardian_not_allowed",
    "The account has a legal guardian already.",
    code="additional_legal_guardian_not_allowed",
)
ADDITIONAL_REPRESENTATIVE_NOT_ALLOWED = Refusal(
    "additional_representative_not_allowed",
    "The account has a representative already.",
    code="additional_representative_not_allowed",
)
ADDITIONAL_TOS_ONLY_ALLOWED_FOR_LEGAL_GUARDIAN = Refusal(
    "additional_tos_only_allowed_for_legal_guardian",
    "Only a legal guardian accepts the terms beside the account.",
    code="additional_tos_only_allowed_for_legal_guardian",
)
ADDRESS_CHARACTERS_INVALID = Refusal(
    "address_characters_invalid",
    "{param} has characters that an address has not.",
    code="address_characters_invalid",
)
ADDRESS_COUNTRY_IDENTITY_COUNTRY_MISMATCH = Refusal(
    "address_country_identity_country_mismatch",
    "The address of the business must be in the country of the account.",
    code="address_country_identity_country_mismatch",
)
ADDRESS_COUNTRY_REQUIRED = Refusal(
    "address_country_required", "The address needs a country.", code="address_country_required"
)
ADDRESS_POSTAL_CODE_INVALID = Refusal(
    "address_postal_code_invalid",
    "{param} is not a postal code of {country}.",
    code="address_postal_code_invalid",
)
ADDRESS_STATE_INVALID = Refusal(
    "address_state_invalid", "{param} is not a state of {country}.", code="address_state_invalid"
)
AUTHORIZER_DUPLICATE = Refusal(
    "authorizer_duplicate", "The account has an authorizer already.", code="authorizer_duplicate"
)
AUTHORIZER_RELATIONSHIP_INVALID_FOR_REPRESENTATIVE = Refusal(
    "authorizer_relationship_invalid_for_representative",
    "A representative is no authorizer.",
    code="authorizer_relationship_invalid_for_representative",
)
BANK_COUNTRY_UNSUPPORTED = Refusal(
    "bank_country_unsupported",
    "Bank accounts in {country} cannot be paid out to.",
    code="country_unsupported",
)
BANK_CURRENCY_UNSUPPORTED = Refusal(
    "bank_currency_unsupported",
    "A bank account in {country} cannot be paid out to in {currency}. Supported: {supported}.",
)
CANNOT_DELETE_ACCOUNT_WITH_BALANCE = Refusal(
    "cannot_delete_account_with_balance",
    "The account cannot be closed while it has a balance: {balance}.",
    code="cannot_delete_account_with_balance",
)
CAPABILITY_CANNOT_BE_UNREQUESTED_DUE_TO_OTHER_CAPABILITY_REQUIREMENT = Refusal(
    "capability_cannot_be_unrequested_due_to_other_capability_requirement",
    "The capability {capability} is needed by {other}.",
    code="capability_cannot_be_unrequested_due_to_other_capability_requirement",
)
CAPABILITY_NOT_AVAILABLE_FOR_DASHBOARD_TYPE = Refusal(
    "capability_not_available_for_dashboard_type",
    "The capability {capability} is for accounts whose dashboard is none.",
    code="capability_not_available_for_dashboard_type",
)
CAPABILITY_NOT_AVAILABLE_FOR_ENTITY_TYPE_IN_COUNTRY = Refusal(
    "capability_not_available_for_entity_type_in_country",
    "The capability {capability} is not available to a {entity_type} in {country}.",
    code="capability_not_available_for_entity_type_in_country",
)
CAPABILITY_NOT_AVAILABLE_FOR_LOSS_COLLECTOR = Refusal(
    "capability_not_available_for_loss_collector",
    "The capability {capability} needs the platform to collect losses and requirements "
    "(losses_collector and requirements_collector: application).",
    code="capability_not_available_for_loss_collector",
)
CAPABILITY_NOT_AVAILABLE_IN_COUNTRY = Refusal(
    "capability_not_available_in_country",
    "The capability {capability} is not available in {country}.",
    code="capability_not_available_in_country",
)
CAPABILITY_NOT_AVAILABLE_WITHOUT_OTHER_CAPABILITY = Refusal(
    "capability_not_available_without_other_capability",
    "The capability {capability} needs {other} to be requested too.",
    code="capability_not_available_without_other_capability",
)
CONFIGS_MUST_MATCH_TO_CLOSE = Refusal(
    "configs_must_match_to_close",
    "applied_configurations must be the configurations of the account: {applied}.",
    code="configs_must_match_to_close",
    members=("applied_configurations",),
)
CONFIGURATION_CANNOT_BE_DEACTIVATED = Refusal(
    "configuration_cannot_be_deactivated",
    "The account does not have the configuration {configuration}.",
    code="configuration_cannot_be_deactivated",
)
CONFIGURATION_CANNOT_BE_DEACTIVATED_DUE_TO_OTHER_CONFIGURATION = Refusal(
    "configuration_cannot_be_deactivated_due_to_other_configuration",
    "The configuration {configuration} is needed by {other}.",
    code="configuration_cannot_be_deactivated_due_to_other_configuration",
)
CONFIGURATION_CANNOT_BE_UPDATED_WHILE_DEACTIVATED = Refusal(
    "configuration_cannot_be_updated_while_deactivated",
    "The configuration {configuration} is deactivated; apply it again to update it.",
    code="configuration_cannot_be_updated_while_deactivated",
)
DATE_OF_BIRTH_AGE_RESTRICTION = Refusal(
    "date_of_birth_age_restriction",
    "A person of an account is at least {age_limit} years old.",
    code="date_of_birth_age_restriction",
    members=("age_limit",),
)
DATE_OF_BIRTH_INVALID = Refusal(
    "date_of_birth_invalid",
    "The date of birth is not a past date of the calendar.",
    code="date_of_birth_invalid",
)
DEFAULT_CURRENCY_IMMUTABLE = Refusal(
    "default_currency_immutable",
    "The default currency cannot be changed.",
    code="default_currency_immutable",
)
DEFAULT_OUTBOUND_DESTINATION_INVALID = Refusal(
    "default_outbound_destination_invalid",
    "The account has no bank account {destination}.",
    code="default_outbound_destination_invalid",
)
DEFAULT_PAYMENT_METHOD_INVALID = Refusal(
    "default_payment_method_invalid",
    "The account has no payment method {method}.",
    code="default_payment_method_invalid",
)
DIRECTORSHIP_DECLARATION_NOT_ALLOWED_DURING_ACCOUNT_CREATION = Refusal(
    "directorship_declaration_not_allowed_during_account_creation",
    "Directors are declared when the account exists and they have been added.",
    code="directorship_declaration_not_allowed_during_account_creation",
)
DUPLICATE_PERSON_NOT_ALLOWED = Refusal(
    "duplicate_person_not_allowed",
    "The account has this person already: {duplicate_person_id}.",
    code="duplicate_person_not_allowed",
    members=("duplicate_person_id",),
)
ENTITY_TYPE_NOT_SUPPORTED_IN_COUNTRY = Refusal(
    "entity_type_not_supported_in_country",
    "A {entity_type} in {country} cannot have an account.",
    code="entity_type_not_supported_in_country",
)
EXTERNAL_ACCOUNT_DEFAULT = Refusal(
    "external_account_default",
    "The default external account for {currency} cannot be deleted. Make another one the "
    "default with default_for_currency, then delete this one.",
)
EXTERNAL_ACCOUNT_DEFAULT_KEPT = Refusal(
    "external_account_default_kept",
    "An external account stops being the default for its currency when another one becomes it.",
)
HIGH_RISK_ACTIVITIES_NONE_CANT_BE_COMBINED_WITH_OTHER_OPTIONS = Refusal(
    "high_risk_activities_none_cant_be_combined_with_other_options",
    "'none' stands alone among the high-risk activities.",
    code="high_risk_activities_none_cant_be_combined_with_other_options",
)
ID_NUMBER_INVALID = Refusal(
    "id_number_invalid", "The id number is not a valid {type}.", code="id_number_invalid"
)
IDENTITY_COUNTRY_REQUIRED = Refusal(
    "identity_country_required",
    "The account needs a country: identity.country.",
    code="identity_country_required",
)
IMMUTABLE_IDENTITY_PARAM = Refusal(
    "immutable_identity_param",
    "{param} cannot be changed any more.",
    code="immutable_identity_param",
)
INCORRECT_ACCOUNT_FOR_PERSON_TOKEN = Refusal(
    "incorrect_account_for_person_token",
    "The token {token} was made for a person of another account.",
    code="incorrect_account_for_person_token",
)
INCORRECT_ID_NUMBER_FOR_COUNTRY = Refusal(
    "incorrect_id_number_for_country",
    "An account in {country} has no id number of type {type}.",
    code="incorrect_id_number_for_country",
)
INCORRECT_TOKEN_WRONG_TYPE = Refusal(
    "incorrect_token_wrong_type",
    "The token {token} is of a {type}.",
    code="incorrect_token_wrong_type",
)
INDIVIDUAL_ADDITIONAL_PERSON_NOT_ALLOWED = Refusal(
    "individual_additional_person_not_allowed",
    "An individual's account has no further persons.",
    code="individual_additional_person_not_allowed",
)
INVALID_ACCOUNT_TOKEN = Refusal(
    "invalid_account_token",
    "There is no account token {token}.",
    code="invalid_account_token",
    status=403,
)
INVALID_ID_NUMBER_REGISTRAR = Refusal(
    "invalid_id_number_registrar",
    "An id number of type {type} has no registrar.",
    code="invalid_id_number_registrar",
)
INVALID_PERSON_TOKEN = Refusal(
    "invalid_person_token",
    "There is no person token {token}.",
    code="invalid_person_token",
    status=403,
)
INVALID_RELATIONSHIP_FOR_IDENTITY_TYPE_STRUCTURE_AND_COUNTRY = Refusal(
    "invalid_relationship_for_identity_type_structure_and_country",
    "Nobody is {relationship} of a {entity_type}.",
    code="invalid_relationship_for_identity_type_structure_and_country",
)
INVALID_TIMEZONE = Refusal(
    "invalid_timezone", "There is no time zone '{value}'.", code="invalid_timezone"
)
LEGAL_GUARDIAN_REPRESENTATIVE_NOT_ALLOWED = Refusal(
    "legal_guardian_representative_not_allowed",
    "A representative is not their own legal guardian.",
    code="legal_guardian_representative_not_allowed",
)
LEGAL_GUARDIAN_REQUIRES_EXISTING_REPRESENTATIVE = Refusal(
    "legal_guardian_requires_existing_representative",
    "An account with a legal guardian has a representative first.",
    code="legal_guardian_requires_existing_representative",
)
MCC_INVALID = Refusal(
    "mcc_invalid", "A merchant category code has four digits; got '{value}'.", code="mcc_invalid"
)
OWNERSHIP_DECLARATION_NOT_ALLOWED_DURING_ACCOUNT_CREATION = Refusal(
    "ownership_declaration_not_allowed_during_account_creation",
    "Owners are declared when the account exists and they have been added.",
    code="ownership_declaration_not_allowed_during_account_creation",
)
PARAM_ALONGSIDE_ACCOUNT_TOKEN = Refusal(
    "param_alongside_account_token",
    "{param} comes with the account token and cannot be given beside it.",
    code="param_alongside_account_token",
)
PARAM_ALONGSIDE_PERSON_TOKEN = Refusal(
    "param_alongside_person_token",
    "{param} comes with the person token and cannot be given beside it.",
    code="param_alongside_person_token",
)
PENDING_TRANSACTIONS_CANNOT_BE_DELETED = Refusal(
    "pending_transactions_cannot_be_deleted",
    "The account cannot be closed while money of it is under way: {balance}.",
    code="pending_transactions_cannot_be_deleted",
)
PERSON_PERCENT_OWNERSHIP_INVALID = Refusal(
    "person_percent_ownership_invalid",
    "An owner holds more than 0 and at most 100 percent.",
    code="person_percent_ownership_invalid",
)
PERSON_TOKEN_REQUIRED = Refusal(
    "person_token_required",
    "A platform in this country brings who a person is by a person token.",
    code="person_token_required",
)
PLATFORM_NOT_REJECTED = Refusal(
    "platform_not_rejected", "A platform cannot reject its own account."
)
REGISTRATION_DATE_INVALID = Refusal(
    "registration_date_invalid",
    "The registration date is not a past date of the calendar.",
    code="registration_date_invalid",
)
ROUTING_NUMBER_INVALID = Refusal(
    "routing_number_invalid",
    "The bank's number is not valid: {reason}.",
    code="routing_number_invalid",
)
SCRIPT_CHARACTERS_INVALID = Refusal(
    "script_characters_invalid",
    "{param} is not written in {script}.",
    code="script_characters_invalid",
)
SHIPPING_ADDRESS_REQUIRED = Refusal(
    "shipping_address_required",
    "What is sent to somebody needs an address.",
    code="shipping_address_required",
)
SHIPPING_NAME_REQUIRED = Refusal(
    "shipping_name_required",
    "What is sent to an address needs a name.",
    code="shipping_name_required",
)
STATEMENT_DESCRIPTOR_INVALID = Refusal(
    "statement_descriptor_invalid",
    "A statement descriptor has a letter and none of the characters < > \\ ' \" *.",
    code="statement_descriptor_invalid",
)
STRIPE_LOSS_LIABLE_CANNOT_BE_DELETED = Refusal(
    "stripe_loss_liable_cannot_be_deleted",
    "An account whose losses are not the platform's cannot be closed by the platform.",
    code="stripe_loss_liable_cannot_be_deleted",
)
STRUCTURE_INCOMPATIBLE_FOR_ENTITY_TYPE_COUNTRY = Refusal(
    "structure_incompatible_for_entity_type_country",
    "A {entity_type} is no {structure}.",
    code="structure_incompatible_for_entity_type_country",
)
TOKEN_ALREADY_USED = Refusal(
    "token_already_used", "A token can be used once: {token}.", code="token_already_used"
)
TOKEN_DETAILS_MISSING = Refusal(
    "token_details_missing", "A token is made of one of these: {params}.", code="parameter_missing"
)
TOKEN_EXPIRED = Refusal("token_expired", "The token {token} has expired.", code="token_expired")
TOKEN_MUST_BE_CREATED_WITH_PUBLISHABLE_KEY = Refusal(
    "token_must_be_created_with_publishable_key",
    "Tokens are made in a browser, with the publishable key.",
    code="token_must_be_created_with_publishable_key",
)
TOKEN_TYPE_WRONG = Refusal("token_type_wrong", "The token {token} is of type {type}, not {wanted}.")
TOS_ACCEPTANCE_ON_BEHALF_NOT_ALLOWED = Refusal(
    "tos_acceptance_on_behalf_not_allowed",
    "The platform cannot accept the terms for an account that it does not collect "
    "requirements from.",
    code="tos_acceptance_on_behalf_not_allowed",
)
TOTAL_PERSON_OWNERSHIP_EXCEEDED = Refusal(
    "total_person_ownership_exceeded",
    "The persons of the account would own more than 100 percent.",
    code="total_person_ownership_exceeded",
)
UNSUPPORTED_IDENTITY_FIELD_FOR_CONFIGS = Refusal(
    "unsupported_identity_field_for_configs",
    "{param} is for accounts of an individual.",
    code="unsupported_identity_field_for_configs",
)
URL_NOT_WEB = Refusal("url_not_web", "Not a web address: {value}", code="url_invalid")
V1_CUSTOMER_INSTEAD_OF_V2_ACCOUNT = Refusal(
    "v1_customer_instead_of_v2_account",
    "{id} is a customer, not an account.",
    code="v1_customer_instead_of_v2_account",
)
V1_TOKEN_INVALID_IN_V2 = Refusal(
    "v1_token_invalid_in_v2", "The token {token} was made for v1.", code="v1_token_invalid_in_v2"
)
TERMS_VERSION_PUBLISHED = Refusal(
    "terms_version_published",
    "The version {version} of the terms {agreement} was published before.",
    code="terms_version_published",
)
EXTERNAL_ACCOUNT_CARD = Refusal(
    "external_account_card",
    "Cards are not paid out to; give a bank account.",
    code="invalid_card_type",
)
CONFIGURATION_OF_PREVIEW = Refusal(
    "configuration_of_preview",
    "Invalid value for {param}: it needs a preview version",
    code="invalid_fields",
)
INDIVIDUAL_PERSON_KEPT = Refusal(
    "individual_person_kept", "The person of an individual's account cannot be deleted."
)
ID_NUMBER_REPEATED = Refusal("id_number_repeated", "There are two id numbers of type {type}.")
ACCEPTANCE_DATE_INVALID = Refusal(
    "acceptance_date_invalid", "An acceptance is dated after 2008 and not in the future."
)
VAT_NUMBER_NOT_OF_COUNTRY = Refusal(
    "vat_number_not_of_country", "A company in {country} has no VAT number here."
)
# Asking an account for more.
REQUIREMENT_DUE_BEFORE_EFFECT = Refusal(
    "requirement_due_before_effect", "A requirement cannot be due before it takes effect."
)
REQUIREMENT_RESTRICTS_NOTHING = Refusal(
    "requirement_restricts_nothing", "The account has asked for nothing that {restricts} means."
)
REQUIREMENT_ADDED_ALREADY = Refusal("requirement_added_already", "That is asked for already.")
REQUIREMENT_NOT_OF_KIND = Refusal(
    "requirement_not_of_kind", "An account of the kind {kind} cannot provide {path}."
)
REQUIREMENT_PERSON_NOT_NEEDED = Refusal(
    "requirement_person_not_needed", "Only the path of a person's member goes with a person."
)
REQUIREMENT_PERSON_OF_OTHER_ROLE = Refusal(
    "requirement_person_of_other_role", "The person is not asked for what stands under {role}."
)
REQUIREMENT_MET_ALREADY = Refusal("requirement_met_already", "{path} is provided already.")
# v2 has its own words for the same mistakes.
FIELD_ID_NUMBER_REPEATED = Refusal(
    "field_id_number_repeated",
    "Invalid value for {param}: There are two id numbers of type {type}.",
    code="invalid_fields",
)
FIELD_ACCEPTANCE_DATE_INVALID = Refusal(
    "field_acceptance_date_invalid",
    "Invalid value for {param}: An acceptance is dated after 2008 and not in the future.",
    code="invalid_fields",
)
PLATFORM_COUNTRY_FIXED = Refusal(
    "platform_country_fixed",
    "The platform's own account is in {country}: it issues the cards of that country alone.",
    code="platform_country_fixed",
)
