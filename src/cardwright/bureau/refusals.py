"""What is refused about the card bureau."""

from cardwright.kernel.refusal import Refusal

BUREAU_KEY_MISSING = Refusal(
    "bureau_key_missing", "There is no key of the card bureau yet; set one first."
)
BUREAU_KEY_INVALID = Refusal(
    "bureau_key_invalid", "The bureau's key cannot be used: {reason}.", code="parameter_invalid"
)
BUREAU_KEY_PRIVATE = Refusal(
    "bureau_key_private",
    "This is a private key, which belongs to the bureau alone. It was not kept; do not use it "
    "any more, and send the public one.",
    code="parameter_invalid",
)
BUREAU_FILE_EMPTY = Refusal("bureau_file_empty", "No card waits to be made.")
BUREAU_REPORT_INVALID = Refusal(
    "bureau_report_invalid", "The file is no report of a card bureau: {reason}."
)
BUREAU_CARD_UNKNOWN = Refusal(
    "bureau_card_unknown", "The bureau was given no card with the id '{card}'."
)
BUREAU_LINE_COLUMNS = Refusal(
    "bureau_line_columns", "The line has another number of columns than the header."
)
BUREAU_LINE_INCOMPLETE = Refusal("bureau_line_incomplete", "The line has no {column}.")
BUREAU_LINE_STATUS = Refusal(
    "bureau_line_status", "The status must be one of {statuses}; got '{status}'."
)
BUREAU_LINE_ETA = Refusal("bureau_line_eta", "The eta must be a day as 2025-06-30; got '{eta}'.")
