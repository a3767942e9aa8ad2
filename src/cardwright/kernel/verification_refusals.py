"""The part of the table of refusals that is about verification, its providers and agreements."""

from cardwright.kernel.refusal import INVALID, Refusal

VERIFICATION_REFUSALS: dict[str, Refusal] = {
    "verification_case_answered": Refusal(
        400,
        INVALID,
        "verification_case_answered",
        "The verification case {id} was answered before, with another answer.",
    ),
    "verification_case_superseded": Refusal(
        400,
        INVALID,
        "verification_case_superseded",
        "The verification case {id} is about values that are not the account's any more.",
    ),
    "verification_document_useless": Refusal(
        400,
        INVALID,
        "verification_document_useless",
        "No document makes good the {kind} of the verification case {id}; reject it instead.",
    ),
    "verification_answer_malformed": Refusal(
        400, INVALID, "verification_answer_malformed", "The answer is not valid: {reason}"
    ),
    "verification_answer_unsigned": Refusal(
        401,
        INVALID,
        "verification_answer_unsigned",
        "The answer is not signed with the secret of the provider's address: {reason}.",
    ),
    "verification_file_unknown": Refusal(
        404, INVALID, "resource_missing", "This address of a document does not exist any more."
    ),
    "verification_provider_test_only": Refusal(
        400,
        INVALID,
        "verification_provider_test_only",
        "Test values verify in the test environment only; choose manual or http.",
    ),
    "verification_url_missing": Refusal(
        400, INVALID, "parameter_missing", "The provider http needs the url of the vendor."
    ),
    "terms_version_published": Refusal(
        400,
        INVALID,
        "terms_version_published",
        "The version {version} of the terms {agreement} was published before.",
    ),
}
