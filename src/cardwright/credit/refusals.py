"""What is refused about credit."""

from cardwright.kernel.refusal import Refusal

# Platform credit.
CREDIT_ON_PLATFORM = Refusal(
    "credit_on_platform",
    "A platform gives credit to a connected account: name the account in the Stripe-Account "
    "header.",
)
CREDIT_POLICY_EXISTS = Refusal(
    "credit_policy_exists",
    "The account has a credit policy in {currency} already: '{policy}'. Update that one.",
)
FUNDING_OBLIGATION_PAID = Refusal(
    "funding_obligation_paid", "Nothing is owed for this funding obligation."
)
FUNDING_OBLIGATION_OVERPAID = Refusal(
    "funding_obligation_overpaid",
    "Only {remaining} remains of this funding obligation; {amount} is too much.",
)
