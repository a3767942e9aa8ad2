"""The part of the table of refusals that is about financial accounts."""

from cardwright.kernel.refusal import INVALID, Refusal


def _typed(name: str, message: str, status: int = 400) -> Refusal:
    """A refusal that v2 prints with a type; the code has the same name."""
    return Refusal(status, INVALID, name, message, name)


FINANCIAL_ACCOUNT_REFUSALS: dict[str, Refusal] = {
    "financial_account_not_open": _typed(
        "financial_account_not_open", "The financial account {account} is {status}, not open."
    ),
    "financial_account_funds": _typed(
        "insufficient_funds",
        "The financial account {account} has {available} available; {wanted} is needed.",
    ),
    "financial_account_currency": _typed(
        "cannot_proceed", "The financial account {account} holds {held}, not {currency}."
    ),
    "non_zero_balance": _typed(
        "non_zero_balance",
        "The financial account {account} cannot be closed while it has a balance: {balance}.",
    ),
    "not_cancelable": _typed(
        "not_cancelable", "The {object} {id} is {status}; it is not canceled."
    ),
    "already_canceled": _typed("already_canceled", "The {object} {id} is canceled already."),
    "feature_not_enabled": _typed(
        "feature_not_enabled",
        "This needs the capability {capability}, which is {status}. It must be active.",
    ),
    "financial_account_type_unsupported": _typed(
        "feature_not_enabled",
        "Financial accounts of type {type} are not offered; accounts are of type storage.",
    ),
    "financial_address_inactive": _typed(
        "cannot_proceed", "The financial address {address} is {status}, not active."
    ),
    "invalid_payout_method": _typed("invalid_payout_method", "{reason}"),
    "recipient_missing": Refusal(
        404, INVALID, "not_found", "No such recipient: '{id}'. A recipient is an account."
    ),
    "money_step": Refusal(
        400, INVALID, None, "The {object} {id} is {status}; it cannot be {verb}."
    ),
    "financial_account_flows_restricted": Refusal(
        400,
        INVALID,
        "financial_account_restricted",
        "The platform has restricted {flows} of the financial account {account}.",
    ),
    "feature_inactive": Refusal(
        400,
        INVALID,
        "feature_not_active",
        "The feature {feature} of the financial account {account} is {status}. It must be active.",
    ),
    "bank_number_invalid": Refusal(
        400, INVALID, "invalid_bank_account", "The bank account is not valid: {reason}."
    ),
}
