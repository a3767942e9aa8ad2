"""What is refused to an operator who keeps the books."""

from cardwright.kernel.refusal import Refusal

BALANCE_NOT_BELOW_ZERO = Refusal(
    "balance_not_below_zero",
    "The {balance} balance is not below zero: there is nothing to write off.",
)
