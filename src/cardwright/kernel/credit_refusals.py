"""The refusals of exchange rates, platform credit and card transactions."""

from cardwright.kernel.refusal import INVALID, Refusal

CREDIT_REFUSALS: dict[str, Refusal] = {
    # Exchange rates.
    "exchange_rate_missing": Refusal(
        400,
        INVALID,
        None,
        "There is no exchange rate of {currency}. The operator loads one with "
        "POST /_cardwright/exchange_rates or 'cardwright rates load'.",
    ),
    "exchange_rates_invalid": Refusal(400, INVALID, None, "Invalid exchange rates: {reason}."),
    # Platform credit.
    "credit_on_platform": Refusal(
        400,
        INVALID,
        None,
        "A platform gives credit to a connected account: name the account in the Stripe-Account "
        "header.",
    ),
    "credit_policy_exists": Refusal(
        400,
        INVALID,
        None,
        "The account has a credit policy in {currency} already: '{policy}'. Update that one.",
    ),
    "funding_obligation_paid": Refusal(
        400, INVALID, None, "Nothing is owed for this funding obligation."
    ),
    "funding_obligation_overpaid": Refusal(
        400,
        INVALID,
        None,
        "Only {remaining} remains of this funding obligation; {amount} is too much.",
    ),
    # Card transactions.
    "refund_of_refund": Refusal(400, INVALID, None, "Only a capture can be refunded."),
    "refund_too_large": Refusal(
        400,
        INVALID,
        None,
        "Only {remaining} of this transaction has not been refunded; {amount} is too much.",
    ),
}
