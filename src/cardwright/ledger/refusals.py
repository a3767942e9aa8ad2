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
TRANSFER_CORRECTED_ALREADY = Refusal(
    "transfer_corrected_already", "{transfer} was corrected before."
)
TRANSFER_NOT_PENDING = Refusal("transfer_not_pending", "The pending transfer is {status} already.")
TRANSFER_IS_HOLD = Refusal(
    "transfer_is_hold", "{transfer} is a hold: it is released, not corrected."
)
TRANSFER_BETWEEN_ACCOUNTS = Refusal(
    "transfer_between_accounts", "{transfer} is a transfer between accounts: reverse that transfer."
)
TRANSFER_OF_OBJECT = Refusal(
    "transfer_of_object",
    "{transfer} is part of what an object did ({book}): undo that object instead.",
)
