"""The part of the table of refusals that is about disputes."""

from cardwright.kernel.refusal import INVALID, Refusal

DISPUTE_REFUSALS: dict[str, Refusal] = {
    "dispute_ineligible": Refusal(
        400, INVALID, None, "The transaction {id} cannot be disputed: {reason}."
    ),
    "dispute_too_late": Refusal(
        400,
        INVALID,
        None,
        "The transaction {id} can no longer be disputed: with the reason {reason} a dispute is "
        "submitted within {days} days.",
    ),
    "dispute_amount_too_large": Refusal(
        400,
        INVALID,
        "amount_too_large",
        "{amount} is more than can be disputed of the transaction: {remaining} of it is neither "
        "refunded nor disputed.",
    ),
    "dispute_evidence_mismatch": Refusal(
        400, INVALID, None, "The reason of the dispute is {reason}; give its evidence in that hash."
    ),
    "dispute_evidence_incomplete": Refusal(
        400, INVALID, None, "A dispute is submitted with evidence: {param} is missing."
    ),
    "dispute_state": Refusal(400, INVALID, None, "The dispute {id} is {status}: {reason}."),
    "dispute_credit_state": Refusal(
        400, INVALID, None, "The provisional credit of the dispute {id} is {status}: {reason}."
    ),
    "dispute_network": Refusal(
        400, INVALID, None, "This step exists in disputes of Visa cards; this card is {brand}."
    ),
}
