"""The documented values by which the test environment is told how a verification ends.

Values called immediate are answered within the request, the others a moment later. Whatever is
not in the tables does not verify.
"""

from typing import NamedTuple

from cardwright.accounts.checks import DORMANT, LISTED, VERIFIED, Check
from cardwright.files.documents import UNVERIFIED_DOCUMENT, VERIFIED_DOCUMENT


class Decision(NamedTuple):
    """How a check ends (None: it waits for an answer) and whether that is known at once."""

    outcome: str | None
    immediate: bool = False


NOW_VERIFIED = Decision(VERIFIED, immediate=True)
SOON_VERIFIED = Decision(VERIFIED)

BIRTHS = {
    "1901-01-01": SOON_VERIFIED,
    "1902-01-01": NOW_VERIFIED,
    "1900-01-01": Decision(LISTED),
}
PERSON_NUMBERS = {
    "000000000": SOON_VERIFIED,
    "0000": SOON_VERIFIED,
    "222222222": NOW_VERIFIED,
    "2222": NOW_VERIFIED,
    "111111113": Decision("verification_failed_other"),
}
BUSINESS_NUMBERS = {
    "000000000": SOON_VERIFIED,
    "000000001": SOON_VERIFIED,
    "222222222": NOW_VERIFIED,
    "000000004": Decision("invalid_tax_id"),
    "111111112": Decision("verification_failed_tax_id_not_issued"),
    "222221000": Decision("verification_failed_keyed_match"),
    "222221001": Decision("verification_missing_owners"),
    "222221002": Decision("verification_missing_directors"),
    "222221003": Decision("verification_missing_owners"),
    "222221004": Decision("verification_missing_directors"),
    "222221005": Decision(None),
}
DOCUMENTS = {
    VERIFIED_DOCUMENT: SOON_VERIFIED,
    UNVERIFIED_DOCUMENT: Decision("verification_document_failed_other"),
}
# Texts that fail; any other passes.
COMPANY_NAMES = {
    "disallowed_name": "invalid_company_name_denylisted",
    "match_name_only": "verification_failed_name_match",
    "mismatch_business_name": "verification_failed_name_match",
}
DIRECTOR_NAMES = {
    "extraneous_director": "verification_extraneous_directors",
    "mismatch_director": "verification_directors_mismatch",
    "missing_director": "verification_missing_directors",
}
TRADE_NAMES = {
    "disallowed_dba": "invalid_business_profile_name_denylisted",
    "invalid_dba": "invalid_business_profile_name",
}
DESCRIPTIONS = {"require_url": "invalid_product_description_url_match"}
STATEMENT_DESCRIPTORS = {
    "disallowed": "invalid_statement_descriptor_denylisted",
    "mismatch": "invalid_statement_descriptor_business_mismatch",
}
WEBSITES = {
    "disallowed": "invalid_url_denylisted",
    "geoblocked": "invalid_url_website_inaccessible_geoblocked",
    "inaccessible": "invalid_url_website_inaccessible",
    "inactivity": DORMANT,
    "mismatch": "invalid_url_website_business_information_mismatch",
    "missing": "invalid_url_website_incomplete",
    "passwordprotected": "invalid_url_website_inaccessible_password_protected",
    "problem": "invalid_url_website_other",
    "underconstruction": "invalid_url_website_incomplete_under_construction",
}
_TEXTS = {
    "description": DESCRIPTIONS,
    "director_name": DIRECTOR_NAMES,
    "name": COMPANY_NAMES,
    "statement_descriptor": STATEMENT_DESCRIPTORS,
    "trade_name": TRADE_NAMES,
}
ADDRESS_VERIFIED = "address_full_match"


def decide(check: Check, *, person: bool) -> Decision:
    """How the test environment ends a check of a person or of a business."""
    values = check.values
    if check.name == "identity":
        failed = Decision("verification_failed_keyed_identity")
        return BIRTHS.get(values["date_of_birth"], failed)
    if check.name == "id_number":
        digits = values["value"].replace("-", "").replace(" ", "")
        if person:
            failed = Decision("verification_failed_id_number_match")
            return PERSON_NUMBERS.get(digits, failed)
        return _business_number(digits, values["entity_type"])
    if check.name == "address":
        good = values["line1"] == ADDRESS_VERIFIED
        code = VERIFIED if good else "verification_failed_address_match"
        return Decision(code, immediate=True)
    if check.name in ("document", "additional_document"):
        failed = Decision("verification_document_failed_test_mode")
        return DOCUMENTS.get(values["front"], failed)
    return Decision(_text(check), immediate=True)


def _business_number(digits: str, entity_type: str) -> Decision:
    failed = Decision("verification_failed_tax_id_match")
    if digits == "000000001" and entity_type != "non_profit":
        return failed
    return BUSINESS_NUMBERS.get(digits, failed)


def _text(check: Check) -> str:
    text = check.values["text"].strip().lower()
    if check.name != "url":
        return _TEXTS[check.name].get(text, VERIFIED)
    host = text.removeprefix("https://").removeprefix("http://").partition("/")[0]
    name, _, domain = host.partition(".")
    return WEBSITES.get(name, VERIFIED) if domain == "stripe.com" else VERIFIED
