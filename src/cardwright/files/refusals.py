"""What is refused about files and their links."""

from cardwright.kernel.refusal import Refusal

FILE_EMPTY = Refusal("file_empty", "The file is empty.")
FILE_TOO_LARGE = Refusal(
    "file_too_large",
    "The file has {size} bytes; a file for the purpose {purpose} has at most {limit}.",
)
FILE_TYPE_UNSUPPORTED = Refusal(
    "file_type_unsupported",
    "A file for the purpose {purpose} is of type {types}; by its content this one is {found}.",
)
FILE_EXPIRED = Refusal("file_expired", "The file '{file}' has expired.")
FILE_NOT_LINKABLE = Refusal(
    "file_not_linkable",
    "A file for the purpose {purpose} has no links. Purposes that do: {purposes}.",
)
FILE_LINK_EXPIRY_PAST = Refusal(
    "file_link_expiry_past", "A link can only expire at an instant to come."
)
FILE_LINK_UNKNOWN = Refusal(
    "file_link_unknown", "There is no such file link.", code="resource_missing", status=404
)
FILE_LINK_EXPIRED = Refusal(
    "file_link_expired", "This file link has expired.", code="resource_missing", status=404
)
DOCUMENT_INVALID = Refusal("document_invalid", "No such file: '{id}'", code="document_invalid")
DOCUMENT_PURPOSE_INVALID = Refusal(
    "document_purpose_invalid",
    "The file '{id}' was uploaded for the purpose {purpose}; here it must be {purposes}.",
    code="document_purpose_invalid",
)
