"""What is refused about financial accounts."""

from cardwright.kernel.refusal import Refusal

FINANCIAL_ACCOUNT_NOT_OPEN = Refusal(
    "financial_account_not_open",
    "The financial account {account} is {status}, not open.",
    code="financial_account_not_open",
    v2_type="financial_account_not_open",
)
FINANCIAL_ACCOUNT_FUNDS = Refusal(
    "financial_account_funds",
    "The financial account {account} has {available} available; {wanted} is needed.",
    code="insufficient_funds",
    v2_type="insufficient_funds",
)
FINANCIAL_ACCOUNT_CURRENCY = Refusal(
    "financial_account_currency",
    "The financial account {account} holds {held}, not {currency}.",
    code="cannot_proceed",
    v2_type="cannot_proceed",
)
NON_ZERO_BALANCE = Refusal(
    "non_zero_balance",
    "The financial account {account} cannot be closed while it has a balance: {balance}.",
    code="non_zero_balance",
    v2_type="non_zero_balance",
)
NOT_CANCELABLE = Refusal(
    "not_cancelable",
    "The {object} {id} is {status}; it is not canceled.",
    code="not_cancelable",
    v2_type="not_cancelable",
)
ALREADY_CANCELED = Refusal(
    "already_canceled",
    "The {object} {id} is canceled already.",
    code="already_canceled",
    v2_type="already_canceled",
)
FEATURE_NOT_ENABLED = Refusal(
    "feature_not_enabled",
    "This needs the capability {capability}, which is {status}. It must be active.",
    code="feature_not_enabled",
    v2_type="feature_not_enabled",
)
FINANCIAL_ACCOUNT_TYPE_UNSUPPORTED = Refusal(
    "financial_account_type_unsupported",
    "Financial accounts of type {type} are not offered; accounts are of type storage.",
    code="feature_not_enabled",
    v2_type="feature_not_enabled",
)
FINANCIAL_ADDRESS_INACTIVE = Refusal(
    "financial_address_inactive",
    "The financial address {address} is {status}, not active.",
    code="cannot_proceed",
    v2_type="cannot_proceed",
)
RECIPIENT_MISSING = Refusal(
    "recipient_missing",
    "No such recipient: '{id}'. A recipient is an account.",
    code="not_found",
    status=404,
)
MONEY_STEP = Refusal("money_step", "The {object} {id} is {status}; it cannot be {verb}.")
FINANCIAL_ACCOUNT_FLOWS_RESTRICTED = Refusal(
    "financial_account_flows_restricted",
    "The platform has restricted {flows} of the financial account {account}.",
    code="financial_account_restricted",
)
FEATURE_INACTIVE = Refusal(
    "feature_inactive",
    "The feature {feature} of the financial account {account} is {status}. It must be active.",
    code="feature_not_active",
)
BANK_NUMBER_INVALID = Refusal(
    "bank_number_invalid", "The bank account is not valid: {reason}.", code="invalid_bank_account"
)
FORWARDING_WHILE_OPEN = Refusal(
    "forwarding_while_open", "An account that is not closed forwards nothing."
)
FIELD_FORWARDING_WHILE_OPEN = Refusal(
    "field_forwarding_while_open",
    "Invalid value for {param}: an account that is not closed forwards nothing",
    code="invalid_fields",
)
CURRENCY_NOT_CONVERTED = Refusal(
    "currency_not_converted",
    "Invalid value for {param}: the currency of the amount ({currency}); nothing is converted",
    code="invalid_fields",
)
ADDRESS_NOT_CONVERTED = Refusal(
    "address_not_converted",
    "Invalid value for {param}: the currency of the bank account ({currency}); nothing "
    "is converted",
    code="invalid_fields",
)
PAYOUT_CARD_NUMBER_INVALID = Refusal(
    "payout_card_number_invalid",
    "Invalid value for {param}: a card number has 12 to 19 digits, the last of which "
    "checks the others",
    code="invalid_fields",
)
MONEY_NOT_TAKEN = Refusal("money_not_taken", "The financial account does not take it.")
STORAGE_WITHOUT_SAVINGS = Refusal(
    "storage_without_savings",
    "Invalid value for {param}: an account of type storage has none",
    code="invalid_fields",
)
NETWORK_NOT_OF_CURRENCY = Refusal(
    "network_not_of_currency",
    "Invalid value for {param}: {currency} travels by {networks}",
    code="invalid_fields",
)
PAYOUT_METHOD_TWICE = Refusal(
    "payout_method_twice",
    "Invalid value for {param}: not beside payout_method_data",
    code="invalid_fields",
)
CURRENCIES_MISSING = Refusal(
    "currencies_missing", "Invalid value for {param}: at least one currency", code="invalid_fields"
)
CURRENCIES_INVALID = Refusal(
    "currencies_invalid",
    "Invalid value for {param}: {supported}, each once; got {currency}",
    code="invalid_fields",
)
ADDRESS_CURRENCY_INVALID = Refusal(
    "address_currency_invalid",
    "Invalid value for {param}: must be one of {supported}",
    code="invalid_fields",
)
ADDRESS_COUNTRY_INVALID = Refusal(
    "address_country_invalid",
    "Invalid value for {param}: addresses in {currency} are not in {country}",
    code="invalid_fields",
)
RECEIVED_NOT_SUCCEEDED = Refusal(
    "received_not_succeeded", "{id} cannot be reversed. It is {status}."
)
RECEIVED_REVERSED_ALREADY = Refusal(
    "received_reversed_already", "{id} cannot be reversed. It is reversed already, by {reversal}."
)
RECEIVED_BY_NETWORK = Refusal(
    "received_by_network", "{id} cannot be reversed. What came by {network} is not reversed."
)
RECEIVED_TOO_LONG_AGO = Refusal(
    "received_too_long_ago", "{id} cannot be reversed. It is more than two days old."
)
RECEIVED_FROM_PLATFORM = Refusal(
    "received_from_platform", "{id} cannot be reversed: it came from the platform."
)
PAYOUT_METHOD_MISSING = Refusal(
    "payout_method_missing",
    "The recipient has no payout method; add one, or name where the money goes.",
    code="invalid_payout_method",
    v2_type="invalid_payout_method",
)
PAYOUT_METHOD_UNKNOWN = Refusal(
    "payout_method_unknown",
    "No such payout method: '{id}'",
    code="invalid_payout_method",
    v2_type="invalid_payout_method",
)
PAYOUT_METHOD_INELIGIBLE = Refusal(
    "payout_method_ineligible",
    "The payout method {id} is {status} for {purpose}; it must be eligible.",
    code="invalid_payout_method",
    v2_type="invalid_payout_method",
)
PAYOUT_METHOD_CURRENCY = Refusal(
    "payout_method_currency",
    "The payout method {id} takes {supported}, not {currency}.",
    code="invalid_payout_method",
    v2_type="invalid_payout_method",
)
PAYMENT_METHOD_CURRENCY = Refusal(
    "payment_method_currency",
    "The bank account pays {supported}, not {currency}.",
    code="invalid_payout_method",
    v2_type="invalid_payout_method",
)
PAYOUT_METHOD_IS_SOURCE = Refusal(
    "payout_method_is_source",
    "Money cannot be sent to the financial account that it comes from.",
    code="invalid_payout_method",
    v2_type="invalid_payout_method",
)
