"""What is refused about verification, its documents and its providers."""

from cardwright.kernel.refusal import Refusal

VERIFICATION_CASE_ANSWERED = Refusal(
    "verification_case_answered",
    "The verification case {id} was answered before, with another answer.",
    code="verification_case_answered",
)
VERIFICATION_CASE_SUPERSEDED = Refusal(
    "verification_case_superseded",
    "The verification case {id} is about values that are not the account's any more.",
    code="verification_case_superseded",
)
VERIFICATION_DOCUMENT_USELESS = Refusal(
    "verification_document_useless",
    "No document makes good the {kind} of the verification case {id}; reject it instead.",
    code="verification_document_useless",
)
VERIFICATION_ANSWER_MALFORMED = Refusal(
    "verification_answer_malformed",
    "The answer is not valid: {reason}",
    code="verification_answer_malformed",
)
VERIFICATION_ANSWER_UNSIGNED = Refusal(
    "verification_answer_unsigned",
    "The answer is not signed with the secret of the provider's address: {reason}.",
    code="verification_answer_unsigned",
    status=401,
)
VERIFICATION_FILE_UNKNOWN = Refusal(
    "verification_file_unknown",
    "This address of a document does not exist any more.",
    code="resource_missing",
    status=404,
)
VERIFICATION_PROVIDER_TEST_ONLY = Refusal(
    "verification_provider_test_only",
    "Test values verify in the test environment only; choose manual or http.",
    code="verification_provider_test_only",
)
VERIFICATION_URL_MISSING = Refusal(
    "verification_url_missing",
    "The provider http needs the url of the vendor.",
    code="parameter_missing",
)
