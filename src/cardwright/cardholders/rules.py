"""What a cardholder may be: pure decisions, no storage."""

import re
import unicodedata
from datetime import date

import msgspec

from cardwright.accounts import refusals as accounts_refusals
from cardwright.accounts.record.value_rules import check_email, check_phone, is_acceptance_date
from cardwright.cardholders import refusals
from cardwright.cardholders.model import Cardholder
from cardwright.cardholders.spending_controls import check_exclusive
from cardwright.files.documents import Document
from cardwright.kernel.clock import moment
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals

NAME_LONGEST = 24
AGE_LEAST = 13
# Names are printed on cards: letters, spaces and . , - ' only.
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'\-])*")


def check(cardholder: Cardholder) -> None:
    """Refuse a cardholder that could not be issued a card."""
    check_name(cardholder.name)
    check_email(cardholder.email, "email")
    check_phone(cardholder.phone_number, "phone_number")
    if cardholder.type == "company" and cardholder.individual is not None:
        fail(refusals.COMPANY_WITH_INDIVIDUAL, param="individual")
    if cardholder.type == "individual" and cardholder.company is not None:
        fail(refusals.INDIVIDUAL_WITH_COMPANY, param="company")
    check_person_names(cardholder)
    check_birth(cardholder)
    check_exclusive(cardholder.spending_controls)


def check_name(name: str) -> None:
    """Refuse a name that cannot be printed on a card."""
    if not name.strip():
        fail(wire_refusals.PARAMETER_BLANK, param="name")
    if len(name) > NAME_LONGEST or not _NAME.fullmatch(name):
        fail(refusals.CARDHOLDER_NAME_INVALID, param="name", name=name[:NAME_LONGEST])


def check_person_names(cardholder: Cardholder) -> None:
    """Refuse a first or last name with anything but Latin letters, spaces and . , - ' in it."""
    for member in ("first_name", "last_name"):
        name = getattr(cardholder.individual, member, None)
        if name is None:
            continue
        param = f"individual[{member}]"
        if not name.strip():
            fail(wire_refusals.PARAMETER_BLANK, param=param)
        if not _NAME.fullmatch(name) or not all(map(_is_latin, name)):
            fail(refusals.CARDHOLDER_PERSON_NAME_INVALID, param=param, name=name)


def check_birth(cardholder: Cardholder) -> None:
    """Refuse a date of birth that is not in the calendar."""
    individual = cardholder.individual
    if individual is None or individual.dob is None:
        return
    birth = individual.dob
    try:
        date(birth.year, birth.month, birth.day)
    except ValueError:
        fail(accounts_refusals.DATE_INVALID, param="individual[dob]")


def check_past(cardholder: Cardholder, now_ms: int) -> None:
    """Refuse what cannot have happened yet: the birth, the acceptance of terms."""
    individual = cardholder.individual
    if individual is None:
        return
    birth = individual.dob
    if birth is not None:
        today = moment(now_ms).date()
        if date(birth.year, birth.month, birth.day) > today:
            fail(accounts_refusals.DATE_INVALID, param="individual[dob]")
        if (birth.year + AGE_LEAST, birth.month, birth.day) > (today.year, today.month, today.day):
            fail(refusals.CARDHOLDER_TOO_YOUNG, param="individual[dob]", years=AGE_LEAST)
    terms = individual.card_issuing.user_terms_acceptance if individual.card_issuing else None
    accepted = terms.date if terms is not None else None
    if accepted is not None and not is_acceptance_date(accepted * 1000, now_ms):
        param = "individual[card_issuing][user_terms_acceptance][date]"
        fail(accounts_refusals.ACCEPTANCE_DATE_INVALID, param=param)


def with_plain_phone(cardholder: Cardholder) -> Cardholder:
    """The cardholder with an international phone number as E.164 writes it; a national one stays
    as it was given, because nothing says of which country it is."""
    phone = cardholder.phone_number
    if phone is None or not phone.startswith("+"):
        return cardholder
    plain: Cardholder = msgspec.structs.replace(
        cardholder, phone_number="+" + "".join(filter(str.isdecimal, phone))
    )
    return plain


def with_limits_currency(cardholder: Cardholder, currency: str | None) -> Cardholder:
    """The cardholder with the currency of its account for limits that name none."""
    controls = cardholder.spending_controls
    if not controls.spending_limits or controls.spending_limits_currency is not None:
        return cardholder
    controls = msgspec.structs.replace(controls, spending_limits_currency=currency)
    named: Cardholder = msgspec.structs.replace(cardholder, spending_controls=controls)
    return named


def check_new(cardholder: Cardholder) -> None:
    """Refuse a new cardholder that an API call may not make."""
    if cardholder.status == "blocked":
        fail(refusals.CARDHOLDER_BLOCK_BY_OPERATOR, param="status")
    check(cardholder)


def check_update(before: Cardholder, after: Cardholder) -> None:
    """Refuse a change that an update may not make."""
    if after.status == "blocked" and before.status != "blocked":
        fail(refusals.CARDHOLDER_BLOCK_BY_OPERATOR, param="status")
    if before.status == "blocked" and after.status != "blocked":
        fail(refusals.CARDHOLDER_BLOCKED, param="status")
    check(after)


def _is_latin(character: str) -> bool:
    return not character.isalpha() or unicodedata.name(character).startswith("LATIN ")


def documents_of(cardholder: Cardholder, before: Cardholder | None = None) -> list[Document]:
    """The identity documents that it names and did not name before."""
    named = []
    known = documents_of(before) if before is not None else []
    individual = cardholder.individual
    verification = individual.verification if individual is not None else None
    document = verification.document if verification is not None else None
    for side in ("front", "back"):
        file_id = getattr(document, side, None)
        if file_id:
            param = f"individual[verification][document][{side}]"
            named.append(Document(param, file_id, ("identity_document",)))
    return [one for one in named if one not in known]
