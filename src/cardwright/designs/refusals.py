"""What is refused about designs."""

from cardwright.kernel.refusal import Refusal

LOOKUP_KEY_TAKEN = Refusal(
    "lookup_key_taken",
    "The lookup key '{key}' belongs to {id}. Send transfer_lookup_key=true to take it.",
    code="lookup_key_taken",
)
