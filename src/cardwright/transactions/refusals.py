"""What is refused about transactions."""

from cardwright.kernel.refusal import Refusal

# Card transactions.
REFUND_OF_REFUND = Refusal("refund_of_refund", "Only a capture can be refunded.")
REFUND_TOO_LARGE = Refusal(
    "refund_too_large",
    "Only {remaining} of this transaction has not been refunded; {amount} is too much.",
)
PURCHASE_DETAILS_OF_CAPTURE = Refusal(
    "purchase_details_of_capture", "Only a capture has details of a purchase."
)
