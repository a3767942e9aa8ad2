"""What the ledger refuses."""

from cardwright.kernel.refusal import Refusal

BALANCE_INSUFFICIENT = Refusal(
    "balance_insufficient",
    "Insufficient funds: the {balance} balance has {available} available.",
    code="balance_insufficient",
)
BALANCE_TOO_LARGE = Refusal(
    "balance_too_large",
    "The {balance} balance would pass the largest that can be kept, {limit} {currency}.",
    code="amount_too_large",
)
