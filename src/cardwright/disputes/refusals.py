"""What is refused about disputes."""

from cardwright.kernel.refusal import Refusal

DISPUTE_INELIGIBLE = Refusal(
    "dispute_ineligible", "The transaction {id} cannot be disputed: {reason}."
)
DISPUTE_TOO_LATE = Refusal(
    "dispute_too_late",
    "The transaction {id} can no longer be disputed: with the reason {reason} a dispute is "
    "submitted within {days} days.",
)
DISPUTE_AMOUNT_TOO_LARGE = Refusal(
    "dispute_amount_too_large",
    "{amount} is more than can be disputed of the transaction: {remaining} of it is neither "
    "refunded nor disputed.",
    code="amount_too_large",
)
DISPUTE_EVIDENCE_MISMATCH = Refusal(
    "dispute_evidence_mismatch",
    "The reason of the dispute is {reason}; give its evidence in that hash.",
)
DISPUTE_EVIDENCE_INCOMPLETE = Refusal(
    "dispute_evidence_incomplete", "A dispute is submitted with evidence: {param} is missing."
)
DISPUTE_STATE = Refusal("dispute_state", "The dispute {id} is {status}: {reason}.")
DISPUTE_CREDIT_STATE = Refusal(
    "dispute_credit_state", "The provisional credit of the dispute {id} is {status}: {reason}."
)
DISPUTE_NETWORK = Refusal(
    "dispute_network", "This step exists in disputes of Visa cards; this card is {brand}."
)
DISPUTE_WON_LOSS_REASON = Refusal("dispute_won_loss_reason", "What is won has no loss_reason.")
DISPUTE_ORIGINAL_ITSELF = Refusal(
    "dispute_original_itself", "It is the disputed transaction itself."
)
