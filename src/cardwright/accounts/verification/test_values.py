"""The documented values by which the test environment is told how a verification ends.

Values called immediate are answered within the request, the others a moment later. Whatever is
not in the tables does not verify.
"""

from collections.abc import Callable
from typing import NamedTuple

from cardwright.accounts.requirements.checks import DORMANT, LISTED, UNSEEN, VERIFIED, Check
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
    "111111111": Decision("verification_failed_id_number_match"),
    "111111113": Decision("verification_failed_other"),
}
BUSINESS_NUMBERS = {
    "000000000": SOON_VERIFIED,
    "000000001": SOON_VERIFIED,
    "222222222": NOW_VERIFIED,
    "000000004": Decision("invalid_tax_id"),
    "111111111": Decision("verification_failed_tax_id_match"),
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
    "match_name_relationships": VERIFIED,
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
DESCRIPTIONS = {"require_url": "invalid_url_web_presence_detected"}
STATEMENT_DESCRIPTORS = {
    "disallowed": "invalid_statement_descriptor_denylisted",
    "mismatch": "invalid_statement_descriptor_business_mismatch",
}
STATEMENT_DESCRIPTOR_PREFIXES = {
    "disallowed": "invalid_statement_descriptor_prefix_denylisted",
    "mismatch": "invalid_statement_descriptor_prefix_mismatch",
}
WEBSITES = {
    "accessible": VERIFIED,
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
    "statement_descriptor_prefix": STATEMENT_DESCRIPTOR_PREFIXES,
    "trade_name": TRADE_NAMES,
}
# First lines of an address; of a business some of them fail in part only.
NO_MATCH = "verification_failed_address_match"
PERSON_ADDRESSES = {
    "address_full_match": VERIFIED,
    "address_line1_no_match": NO_MATCH,
    "address_line1_zip_no_match": NO_MATCH,
    "address_no_match": NO_MATCH,
    "address_zip_no_match": NO_MATCH,
}
BUSINESS_ADDRESSES = {
    **PERSON_ADDRESSES,
    "address_line1_no_match": "invalid_street_address",
    "address_line1_zip_no_match": "invalid_street_address",
    "address_zip_no_match": "invalid_address_city_state_postal_code",
}
# How much a business may do with its address, by outcome: no token takes back what another gave.
_PERMITS = {
    "invalid_street_address": 0,
    "invalid_address_city_state_postal_code": 1,
    NO_MATCH: 1,
    VERIFIED: 2,
}


class Earlier(NamedTuple):
    """The last check: how it ended, and whether it was of these values."""

    outcome: str | None
    was_of: Callable[[Check], bool]


def decide(check: Check, *, person: bool, before: Earlier | None = None) -> Decision:
    """How the test environment ends a check of a person or of a business; ``before`` is how the
    last one ended."""
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
        return Decision(_address(check, before, person=person), immediate=True)
    if check.name in ("document", "additional_document"):
        return DOCUMENTS.get(values["front"], Decision(UNSEEN))
    return Decision(_text(check), immediate=True)


def _address(check: Check, before: Earlier | None, *, person: bool) -> str:
    line1 = check.values["line1"]
    if person:
        return PERSON_ADDRESSES.get(line1, NO_MATCH)
    outcome = BUSINESS_ADDRESSES.get(line1, NO_MATCH)
    if before is None or before.outcome not in _PERMITS or line1 not in BUSINESS_ADDRESSES:
        return outcome
    if before.outcome == VERIFIED or _was_token(check, before):
        return max(outcome, before.outcome, key=_PERMITS.__getitem__)
    return outcome


def _was_token(check: Check, before: Earlier) -> bool:
    """Whether the last check was of the same address with a documented first line."""
    return any(
        before.was_of(Check(check.subject, check.name, {**check.values, "line1": line1}))
        for line1 in BUSINESS_ADDRESSES
    )


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
