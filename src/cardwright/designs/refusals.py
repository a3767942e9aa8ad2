"""What is refused about designs."""

from cardwright.kernel.refusal import Refusal

LOOKUP_KEY_TAKEN = Refusal(
    "lookup_key_taken",
    "The lookup key '{key}' belongs to {id}. Send transfer_lookup_key=true to take it.",
    code="lookup_key_taken",
)
PHYSICAL_BUNDLE_INACTIVE = Refusal("physical_bundle_inactive", "The physical bundle is {status}.")
DESIGN_UNUSABLE = Refusal("design_unusable", "The personalization design {design} is {status}.")
DESIGN_NOT_ACTIVE = Refusal(
    "design_not_active",
    "The card's personalization design {design} is in the status {status}; the card is "
    "made once it is active.",
)
DESIGN_STEP = Refusal(
    "design_step",
    "The design is {before}; it becomes {status} from: {steps}.",
    code="status_transition_invalid",
)
PHYSICAL_BUNDLE_FEATURE = Refusal(
    "physical_bundle_feature", "The physical bundle '{bundle}' does not support it."
)
