"""What the codes of requirement errors mean, in words (source of the codes: Accounts v2 API)."""

ERROR_WORDS = {
    "invalid_business_profile_name": "The name the business trades under cannot be used.",
    "invalid_business_profile_name_denylisted": "The name the business trades under is not "
    "allowed.",
    "invalid_company_name_denylisted": "The registered name is not allowed.",
    "invalid_product_description_url_match": "The description is not enough; give the address of "
    "a website.",
    "invalid_statement_descriptor_business_mismatch": "The statement descriptor does not match "
    "the business.",
    "invalid_statement_descriptor_denylisted": "The statement descriptor is not allowed.",
    "invalid_tax_id": "The business behind the id number is not active.",
    "invalid_tos_acceptance": "The terms were not accepted in a valid way; accept them again.",
    "invalid_url_denylisted": "The website is not allowed.",
    "invalid_url_website_business_information_mismatch": "The website shows another business.",
    "invalid_url_website_inaccessible": "The website cannot be reached.",
    "invalid_url_website_inaccessible_geoblocked": "The website cannot be reached from other "
    "countries.",
    "invalid_url_website_inaccessible_password_protected": "The website asks for a password.",
    "invalid_url_website_incomplete": "The website lacks information about the business.",
    "invalid_url_website_incomplete_under_construction": "The website is under construction.",
    "invalid_url_website_other": "The website could not be reviewed.",
    "verification_directors_mismatch": "The directors differ from those in the registry.",
    "verification_document_failed_other": "The document could not be verified.",
    "verification_document_failed_test_mode": "In the test environment only test documents are "
    "verified.",
    "verification_extraneous_directors": "A director is not in the registry.",
    "verification_failed_address_match": "The address could not be verified.",
    "verification_failed_id_number_match": "The id number does not match the person.",
    "verification_failed_keyed_identity": "The name and date of birth could not be verified.",
    "verification_failed_keyed_match": "The business was not found in the registry.",
    "verification_failed_name_match": "The registered name does not match the registry.",
    "verification_failed_other": "The information could not be verified.",
    "verification_failed_tax_id_match": "The id number does not match the business.",
    "verification_failed_tax_id_not_issued": "The id number has not been issued.",
    "verification_missing_directors": "A director is missing.",
    "verification_missing_executives": "An executive is missing.",
    "verification_missing_owners": "An owner is missing.",
}
