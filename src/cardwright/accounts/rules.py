"""What an account and its persons may be: pure decisions, no storage. Paths are dotted."""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import UNSET

from cardwright.accounts import checks
from cardwright.accounts.capabilities import EURO_COUNTRIES, known
from cardwright.accounts.configurations import CONFIGURATIONS
from cardwright.accounts.identity import Acceptance, CalendarDate, Person
from cardwright.accounts.model import Account, Capability
from cardwright.kernel.clock import MINUTE_MS, moment, parse_rfc3339
from cardwright.kernel.errors import fail

TRANSFERS = "recipient.stripe_balance.stripe_transfers"
_EMAIL = re.compile(r"[^@\s<>()\[\]\\,;:\"]+@[\w\-]+(\.[\w\-]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ().\-]{2,30}")
_DIGITS_LEAST = 4
_WEB = re.compile(
    r"(https?://)?[\w\-]+(\.[\w\-]+)+(:[0-9]{1,5})?([/?#][^\s<>\"\\^`{|}]*)?", re.IGNORECASE
)
_MCC = re.compile(r"[0-9]{4}")
_ID_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./\-]{0,39}")
_ID_NUMBERS = {
    "us_ein": re.compile(r"[0-9]{2}-?[0-9]{7}"),
    "us_itin": re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}"),
    "us_itin_last_4": re.compile(r"[0-9]{4}"),
    "us_ssn": re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}"),
    "us_ssn_last_4": re.compile(r"[0-9]{4}"),
}
_RESPONSIBILITIES = "defaults.responsibilities"
# The first instant of 2009: no terms of service are older (source: Connect documentation).
ACCEPTANCE_FIRST_MS = 1_230_768_000_000
CLOCKS_DIFFER_MS = 5 * MINUTE_MS


def applied_configurations(account: Account) -> list[str]:
    """The configurations that are in force, in the order in which they are listed."""
    found = []
    for name in CONFIGURATIONS:
        configuration = getattr(account.configuration, name)
        if configuration is not None and configuration.applied:
            found.append(name)
    return found


def requirements_collector(account: Account) -> str:
    """Who collects what is required: the platform, if it has the account to itself."""
    responsibilities = account.defaults.responsibilities
    losses = responsibilities.losses_collector if responsibilities is not None else None
    alone = account.dashboard == "none" and losses == "application"
    return "application" if alone else "stripe"


def check_new(account: Account, requested: Collection[str]) -> None:
    """Refuse an account that a platform may not create."""
    check_account(account, requested)


def check_declared(identity: dict[str, Any]) -> None:
    """Refuse what v2 does not take with a creation: directors and owners are declared when the
    account has them. v1 takes it."""
    attestations = identity.get("attestations") or {}
    for name in ("directorship_declaration", "ownership_declaration"):
        if attestations.get(name) is not None:
            param = f"identity.attestations.{name}"
            fail(f"{name}_not_allowed_during_account_creation", param=param)


def check_update(
    before: Account, after: Account, requested: Collection[str], capabilities: list[Capability]
) -> None:
    """Refuse a change that an update may not make."""
    was, now = before.identity, after.identity
    if was.country is not None and now.country != was.country:
        fail("immutable_identity_param", param="identity.country")
    active = any(capability.status == "active" for capability in capabilities)
    if active and was.entity_type is not None and now.entity_type != was.entity_type:
        fail("immutable_identity_param", param="identity.entity_type")
    if before.defaults.currency not in (None, after.defaults.currency):
        fail("default_currency_immutable", param="defaults.currency")
    fixed = "merchant" in before.applied_configurations
    if fixed and before.defaults.responsibilities not in (None, after.defaults.responsibilities):
        reason = "The responsibilities of a merchant cannot be changed."
        fail("account_controller_unsupported_configuration", param=_RESPONSIBILITIES, reason=reason)
    applied = applied_configurations(after)
    if "card_creator" in applied and "recipient" not in applied:
        fail(
            "configuration_cannot_be_deactivated_due_to_other_configuration",
            param="configuration.recipient.applied",
            configuration="recipient",
            other="card_creator",
        )
    issuing = [path for path in requested if path.startswith("card_creator.")]
    dropped = any(capability.path == TRANSFERS for capability in capabilities)
    if issuing and dropped and TRANSFERS not in requested:
        fail(
            "capability_cannot_be_unrequested_due_to_other_capability_requirement",
            param=f"configuration.{_parameter(TRANSFERS)}",
            capability="stripe_balance.stripe_transfers",
            other=issuing[0].partition(".")[2],
        )
    check_account(after, requested)


def check_account(account: Account, requested: Collection[str]) -> None:
    """Refuse an account that contradicts itself; ``requested`` are the capability paths.

    Values and identity come first, then whether the capabilities are for the country and the kind
    of entity at all: what can be had nowhere else is not asked for a dashboard first.
    Responsibilities and what the capabilities need of the account come last.
    """
    _check_values(account)
    _check_identity(account)
    asked = sorted(path for path in requested if not path.startswith("customer."))
    for path in asked:
        _check_available(account, path)
    _check_responsibilities(account)
    for path in asked:
        _check_capability(account, path, requested)


def _parameter(path: str) -> str:
    """A capability's place among the parameters, behind ``configuration.``."""
    configuration, _, name = path.partition(".")
    return f"{configuration}.capabilities.{name}"


def _check_values(account: Account) -> None:
    check_email(account.contact_email, "contact_email")
    check_phone(account.contact_phone, "contact_phone")
    profile, merchant = account.defaults.profile, account.configuration.merchant
    if profile is not None:
        check_web(profile.business_url, "defaults.profile.business_url")
    if merchant is None:
        return
    path = "configuration.merchant"
    if merchant.mcc is not None and not _MCC.fullmatch(merchant.mcc):
        fail("mcc_invalid", param=f"{path}.mcc", value=merchant.mcc)
    if merchant.support is not None:
        check_email(merchant.support.email, f"{path}.support.email")
        check_phone(merchant.support.phone, f"{path}.support.phone")
        check_web(merchant.support.url, f"{path}.support.url")
    if merchant.statement_descriptor is not None:
        for name in ("descriptor", "prefix"):
            text = getattr(merchant.statement_descriptor, name)
            if text is not None and (
                not any(letter.isalpha() for letter in text) or set(text) & set("<>\\'\"*")
            ):
                fail("statement_descriptor_invalid", param=f"{path}.statement_descriptor.{name}")


def check_email(email: str | None, param: str) -> None:
    """Refuse what is not an email address."""
    if email is not None and not (_EMAIL.fullmatch(email) and email.isprintable()):
        fail("email_invalid", param=param, email=email[:80])


def check_phone(phone: str | None, param: str) -> None:
    """Refuse what is not a phone number."""
    if phone is None:
        return
    digits = sum(character.isdigit() for character in phone)
    if not _PHONE.fullmatch(phone) or digits < _DIGITS_LEAST:
        fail("phone_invalid", param=param, phone=phone[:50])


def check_web(url: str | None, param: str) -> None:
    """Refuse what is not the address of a website."""
    if url is not None and not (_WEB.fullmatch(url) and url.isprintable()):
        fail("url_not_web", param=param, value=url[:80])


def _check_identity(account: Account) -> None:
    identity = account.identity
    details, individual = identity.business_details, identity.individual
    if individual is not None:
        if identity.entity_type not in (None, "individual"):
            fail("unsupported_identity_field_for_configs", param="identity.individual")
        check_person(individual, "identity.individual")
    if details is None:
        return
    path = checks.BUSINESS
    check_phone(details.phone, f"{path}.phone")
    registered, revenue = details.registration_date, details.annual_revenue
    if registered is not None and day_of(registered) is None:
        fail("date_invalid", param=f"{path}.registration_date")
    if revenue is not None and revenue.fiscal_year_end is not None:
        _check_day(revenue.fiscal_year_end, f"{path}.annual_revenue.fiscal_year_end")
    _check_once([number.type for number in details.id_numbers], f"{path}.id_numbers")
    address, country = details.address, identity.country
    if address is not None and address.country is not None and country is not None:
        both_euro = address.country in EURO_COUNTRIES and country in EURO_COUNTRIES
        if address.country != country and not both_euro:
            fail("address_country_identity_country_mismatch", param=f"{path}.address.country")
    for index, number in enumerate(details.id_numbers):
        param = f"{path}.id_numbers.{index}"
        # The two letters before the type's name are the country that issues it.
        if country is not None and number.type[:2].upper() != country:
            fail("incorrect_id_number_for_country", param=param, country=country, type=number.type)
        if number.value is not UNSET:
            check_id_number(number.type, number.value.reveal(), f"{param}.value")


def _check_day(text: str, param: str) -> None:
    """Refuse what is not a day of the calendar, as ``2023-12-31``."""
    try:
        date.fromisoformat(text)
    except ValueError:
        fail("date_invalid", param=param)


def _check_once(kinds: list[str], param: str) -> None:
    """Refuse two id numbers of one kind: there is a place for one."""
    for index, kind in enumerate(kinds):
        if kind in kinds[:index]:
            reason = f"There are two id numbers of type {kind}."
            fail("field_invalid", param=f"{param}.{index}.type", reason=reason)


def check_id_number(kind: str, value: str, param: str) -> None:
    """Refuse an id number that cannot be one; the refusal does not show it."""
    if not _ID_NUMBERS.get(kind, _ID_NUMBER).fullmatch(value):
        fail("id_number_invalid", param=param, type=kind)


def _check_responsibilities(account: Account) -> None:
    responsibilities, dashboard = account.defaults.responsibilities, account.dashboard
    merchant = account.configuration.merchant
    if merchant is not None and merchant.applied:
        if dashboard is None:
            fail("field_missing", param="dashboard")
        if responsibilities is None or None in (
            responsibilities.fees_collector,
            responsibilities.losses_collector,
        ):
            fail("field_missing", param=_RESPONSIBILITIES)
    if responsibilities is None:
        return
    bearer = {"express": "application", "full": "stripe"}.get(dashboard or "")
    for name in ("fees_collector", "losses_collector"):
        collector = getattr(responsibilities, name)
        if bearer is None or collector is None or collector.startswith(bearer):
            continue
        reason = f"With the dashboard {dashboard}, {name} must be {bearer}."
        fail(
            "account_controller_unsupported_configuration",
            param=f"{_RESPONSIBILITIES}.{name}",
            reason=reason,
        )
    given = responsibilities.requirements_collector
    if given == "application" and requirements_collector(account) != "application":
        reason = (
            "The platform collects requirements of accounts whose dashboard is none and whose "
            "losses it collects."
        )
        param = f"{_RESPONSIBILITIES}.requirements_collector"
        fail("account_controller_unsupported_configuration", param=param, reason=reason)


def _check_available(account: Account, path: str) -> None:
    """Refuse a capability that no account of this country and kind of entity can have."""
    line = known()[path]
    name = path.partition(".")[2]
    param = f"configuration.{_parameter(path)}"
    country, entity_type = account.identity.country, account.identity.entity_type
    if country is None:
        fail("identity_country_required", param="identity.country")
    if line.countries and country not in line.countries:
        fail("capability_not_available_in_country", param=param, capability=name, country=country)
    if line.entity_types and entity_type is not None and entity_type not in line.entity_types:
        fail(
            "capability_not_available_for_entity_type_in_country",
            param=param,
            capability=name,
            entity_type=entity_type,
            country=country,
        )


def _check_capability(account: Account, path: str, requested: Collection[str]) -> None:
    """Refuse a capability that this account is not set up for."""
    configuration, _, name = path.partition(".")
    param = f"configuration.{_parameter(path)}"
    if path == TRANSFERS and account.dashboard is None:
        fail("field_missing", param="dashboard")
    if configuration != "card_creator":
        return
    if account.dashboard != "none":
        fail("capability_not_available_for_dashboard_type", param=param, capability=name)
    responsibilities = account.defaults.responsibilities
    collector = responsibilities.requirements_collector if responsibilities is not None else None
    if requirements_collector(account) != "application" or collector == "stripe":
        fail("capability_not_available_for_loss_collector", param=param, capability=name)
    if TRANSFERS not in requested:
        fail(
            "capability_not_available_without_other_capability",
            param=param,
            capability=name,
            other=TRANSFERS,
        )


def check_person(person: Person, path: str = "") -> None:
    """Refuse a person that cannot be one; ``path`` is where it stands among the parameters."""
    prefix = f"{path}." if path else ""
    check_email(person.email, f"{prefix}email")
    check_phone(person.phone, f"{prefix}phone")
    if person.date_of_birth is not None and day_of(person.date_of_birth) is None:
        fail("date_of_birth_invalid", param=f"{prefix}date_of_birth")
    _check_once([number.type for number in person.id_numbers], f"{prefix}id_numbers")
    for index, number in enumerate(person.id_numbers):
        if number.value is not UNSET:
            param = f"{prefix}id_numbers.{index}.value"
            check_id_number(number.type, number.value.reveal(), param)
    share = checks.percent(person)
    if share is None or person.relationship is None:
        return
    low = share <= 0 if person.relationship.owner else share < 0
    if low or share > 100:
        fail("person_percent_ownership_invalid", param=f"{prefix}relationship.percent_ownership")


def day_of(given: CalendarDate) -> date | None:
    """The day of the calendar, or None when there is none of that number."""
    try:
        return date(given.year, given.month, given.day)
    except ValueError:
        return None


def check_past(account: Account, now_ms: int) -> None:
    """Refuse what cannot have happened yet: acceptances, and the birth of an individual."""
    if account.identity.attestations is not None:
        _check_acceptances(account.identity.attestations, "identity.attestations", now_ms)
    if account.identity.individual is not None:
        check_person_past(account.identity.individual, now_ms, "identity.individual")


def check_person_past(person: Person, now_ms: int, path: str = "") -> None:
    """Refuse a person who is not born yet, or whose acceptances are dated in the future."""
    prefix = f"{path}." if path else ""
    born = day_of(person.date_of_birth) if person.date_of_birth is not None else None
    if born is not None and born > moment(now_ms).date():
        fail("date_of_birth_invalid", param=f"{prefix}date_of_birth")
    terms = person.additional_terms_of_service
    if terms is not None:
        _check_acceptances(terms, f"{prefix}additional_terms_of_service", now_ms)


def _check_acceptances(node: msgspec.Struct, path: str, now_ms: int) -> None:
    if isinstance(node, Acceptance):
        if node.date is not None and not is_acceptance_date(parse_rfc3339(node.date), now_ms):
            reason = "An acceptance is dated after 2008 and not in the future."
            fail("field_invalid", param=f"{path}.date", reason=reason)
        return
    for name in node.__struct_fields__:
        below = getattr(node, name)
        if isinstance(below, msgspec.Struct):
            _check_acceptances(below, f"{path}.{name}", now_ms)


def is_acceptance_date(accepted_ms: int, now_ms: int) -> bool:
    """Whether somebody can have accepted terms then; clocks may differ by some minutes."""
    return ACCEPTANCE_FIRST_MS <= accepted_ms <= now_ms + CLOCKS_DIFFER_MS


def check_persons(account: Account, others: list[Person], person: Person) -> None:
    """Refuse a person that does not fit beside the others of the account."""
    check_person(person)
    if account.identity.entity_type == "individual":
        fail("individual_additional_person_not_allowed")
    relationship = person.relationship
    if relationship is None:
        return
    if relationship.representative and any(
        other.relationship is not None and other.relationship.representative for other in others
    ):
        fail("additional_representative_not_allowed", param="relationship.representative")
    owners = [*others, person] if relationship.owner else []
    total = sum(
        (
            checks.percent(owner) or Decimal(0)
            for owner in owners
            if owner.relationship is not None and owner.relationship.owner
        ),
        Decimal(0),
    )
    if total > 100:
        fail("total_person_ownership_exceeded", param="relationship.percent_ownership")


def check_close(account: Account, named: list[str]) -> None:
    """Refuse to close an account whose configurations are not all named."""
    if sorted(named) != sorted(account.applied_configurations):
        applied = ", ".join(account.applied_configurations) or "none"
        fail("configs_must_match_to_close", param="applied_configurations", applied=applied)


def completed(account: Account) -> Account:
    """The account with what follows from the rest: its applied configurations, its collector."""
    defaults = account.defaults
    if defaults.responsibilities is not None:
        responsibilities = msgspec.structs.replace(
            defaults.responsibilities,
            requirements_collector=defaults.responsibilities.requirements_collector
            or requirements_collector(account),
        )
        defaults = msgspec.structs.replace(defaults, responsibilities=responsibilities)
    return msgspec.structs.replace(
        account, defaults=defaults, applied_configurations=applied_configurations(account)
    )
