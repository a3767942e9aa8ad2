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
INVALID_PAYOUT_METHOD = Refusal(
    "invalid_payout_method",
    "{reason}",
    code="invalid_payout_method",
    v2_type="invalid_payout_method",
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
