"""What an account and its persons may be: pure decisions, no storage. Paths are dotted."""

from collections.abc import Collection
from typing import Any

import msgspec

from cardwright.accounts import refusals
from cardwright.accounts.identity_rules import check_identity
from cardwright.accounts.person_rules import check_person, check_person_past
from cardwright.accounts.record.bank_details import bank_countries, currency_of
from cardwright.accounts.record.capabilities import known
from cardwright.accounts.record.configurations import CONFIGURATIONS, CardCreator, Customer
from cardwright.accounts.record.identity import Attestations, BusinessDetails
from cardwright.accounts.record.model import Account, AccountState, Capability
from cardwright.accounts.record.value_rules import (
    check_acceptances,
    check_address,
    check_category,
    check_email,
    check_phone,
    check_scripts,
    check_timezone,
    check_web,
    day_of,
)
from cardwright.accounts.requirements import checks
from cardwright.accounts.requirements.circumstances import ISSUING
from cardwright.kernel.clock import moment
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals

# What an account remembers of a wish in the words of v1.
CARD_ISSUING = "card_issuing"
TRANSFERS = "recipient.stripe_balance.stripe_transfers"
_RESPONSIBILITIES = "defaults.responsibilities"
# What accounts outside America are kept in.
SETTLEMENT_CURRENCIES = frozenset(
    "aud bgn cad chf czk dkk eur gbp hkd huf jpy nok nzd pln ron sek sgd usd zar".split()
)
# How the ids of payout methods open, which are not kept with the account.
PAYOUT_METHODS = ("gbba_", "usba_")


def applied_configurations(account: Account) -> list[str]:
    """The configurations that are in force, in the order in which they are listed."""
    found = []
    for name in CONFIGURATIONS:
        configuration = getattr(account.configuration, name)
        if configuration is not None and configuration.applied:
            found.append(name)
    return found


def issuing_in(account: Account, country: str) -> Account:
    """The account of a platform that issues the cards of a country itself."""
    configuration = msgspec.structs.replace(account.configuration, card_creator=CardCreator())
    return completed(
        msgspec.structs.replace(
            account,
            configuration=configuration,
            defaults=msgspec.structs.replace(account.defaults, currency=currency_of(country)),
            identity=msgspec.structs.replace(account.identity, country=country),
        )
    )


def remembering_v1(account: Account, style: str, wishes: dict[str, bool]) -> Account:
    """The account, which knows that cards were asked for in the words of v1: no call of that
    face attaches a program, so the standard one comes by itself."""
    asked = any(wanted and path.startswith(ISSUING) for path, wanted in wishes.items())
    if style != "v1" or not asked or account.v1.get(CARD_ISSUING):
        return account
    return msgspec.structs.replace(account, v1={**account.v1, CARD_ISSUING: True})


def requirements_collector(account: Account) -> str:
    """Who collects what is required: the platform, if it has the account to itself."""
    responsibilities = account.defaults.responsibilities
    losses = responsibilities.losses_collector if responsibilities is not None else None
    alone = account.dashboard == "none" and losses == "application"
    return "application" if alone else "stripe"


def check_new(account: Account, requested: Collection[str]) -> None:
    """Refuse an account that a platform may not create."""
    _check_changes(Account(id="", created=account.created, livemode=account.livemode), account)
    check_account(account, requested)


def check_update(
    before: Account, after: Account, requested: Collection[str], capabilities: list[Capability]
) -> None:
    """Refuse a change that an update may not make."""
    was, now = before.identity, after.identity
    if was.country is not None and now.country != was.country:
        fail(refusals.IMMUTABLE_IDENTITY_PARAM, param="identity.country")
    active = any(capability.status == "active" for capability in capabilities)
    if active and was.entity_type is not None and now.entity_type != was.entity_type:
        fail(refusals.IMMUTABLE_IDENTITY_PARAM, param="identity.entity_type")
    if before.defaults.currency not in (None, after.defaults.currency):
        fail(refusals.DEFAULT_CURRENCY_IMMUTABLE, param="defaults.currency")
    _check_changes(before, after)
    fixed = "merchant" in before.applied_configurations
    if fixed and before.defaults.responsibilities not in (None, after.defaults.responsibilities):
        fail(refusals.RESPONSIBILITIES_FIXED, param=_RESPONSIBILITIES)
    applied = applied_configurations(after)
    given_up = "recipient" in before.applied_configurations and "recipient" not in applied
    if given_up and "card_creator" in applied:
        fail(
            refusals.CONFIGURATION_CANNOT_BE_DEACTIVATED_DUE_TO_OTHER_CONFIGURATION,
            param="configuration.recipient.applied",
            configuration="recipient",
            other="card_creator",
        )
    issuing = [path for path in requested if path.startswith("card_creator.")]
    dropped = any(capability.path == TRANSFERS for capability in capabilities)
    if issuing and dropped and TRANSFERS not in requested:
        fail(
            refusals.CAPABILITY_CANNOT_BE_UNREQUESTED_DUE_TO_OTHER_CAPABILITY_REQUIREMENT,
            param=f"configuration.{_parameter(TRANSFERS)}",
            capability="stripe_balance.stripe_transfers",
            other=issuing[0].partition(".")[2],
        )
    check_account(after, requested)


def _check_changes(before: Account, after: Account) -> None:
    """Refuse values that are new and cannot be; what stays is not looked at again."""
    was, now = before.identity, after.identity
    details, old_details = now.business_details, was.business_details or BusinessDetails()
    if details is not None and details != old_details:
        path = checks.BUSINESS
        if details.address != old_details.address:
            check_address(details.address, f"{path}.address", now.country)
        if details.additional_addresses != old_details.additional_addresses:
            for index, address in enumerate(details.additional_addresses):
                check_address(address, f"{path}.additional_addresses.{index}", now.country)
        check_scripts(details.script_names, f"{path}.script_names")
        check_scripts(details.script_addresses, f"{path}.script_addresses")
    if now.individual is not None and now.individual != was.individual:
        check_person(
            now.individual, "identity.individual", before=was.individual, country=now.country
        )
    check_timezone(after.defaults.timezone, "defaults.timezone")
    if after.defaults.currency != before.defaults.currency or now.country != was.country:
        check_currency(after.defaults.currency, now.country)
    if now.attestations != was.attestations:
        _check_acceptance(was.attestations, after)


def check_currency(currency: str | None, country: str | None) -> None:
    """Refuse a default currency that accounts of the country are not kept in."""
    if currency is None or country is None or country not in bank_countries():
        return
    kept = {"usd"} if country == "US" else SETTLEMENT_CURRENCIES
    if currency not in kept:
        fail(
            refusals.ACCOUNT_COUNTRY_UNSUPPORTED_CURRENCY,
            param="defaults.currency",
            country=country,
            currency=currency,
        )


def _check_acceptance(was: Attestations | None, account: Account) -> None:
    """Refuse that a platform accepts the terms for an account that it does not collect
    requirements from: such an account accepts them itself."""
    now = account.identity.attestations
    before = was.terms_of_service if was is not None else None
    after = now.terms_of_service if now is not None else None
    accepted = after.account if after is not None else None
    known = before.account if before is not None else None
    said = account.defaults.responsibilities
    collector = said.requirements_collector if said is not None else None
    if accepted is not None and accepted != known and collector == "stripe":
        param = "identity.attestations.terms_of_service.account"
        fail(refusals.TOS_ACCEPTANCE_ON_BEHALF_NOT_ALLOWED, param=param)


def check_account(account: Account, requested: Collection[str]) -> None:
    """Refuse an account that contradicts itself; ``requested`` are the capability paths.

    Values and identity come first, then whether the capabilities are for the country and the kind
    of entity at all: what can be had nowhere else is not asked for a dashboard first.
    Responsibilities and what the capabilities need of the account come last.
    """
    _check_values(account)
    check_identity(account)
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
    _check_customer(account.configuration.customer)
    manager = account.configuration.money_manager
    risks = manager.high_risk_activities if manager is not None else []
    if "none" in risks and len(risks) > 1:
        param = "configuration.money_manager.high_risk_activities"
        fail(refusals.HIGH_RISK_ACTIVITIES_NONE_CANT_BE_COMBINED_WITH_OTHER_OPTIONS, param=param)
    if merchant is None:
        return
    path = "configuration.merchant"
    check_category(merchant.mcc, f"{path}.mcc")
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
                fail(
                    refusals.STATEMENT_DESCRIPTOR_INVALID,
                    param=f"{path}.statement_descriptor.{name}",
                )


def _check_customer(customer: Customer | None) -> None:
    """Refuse goods that cannot be sent, and payments by what the account has not."""
    if customer is None:
        return
    path = "configuration.customer"
    shipping = customer.shipping
    if shipping is not None and (shipping.name is None) != (shipping.address is None):
        if shipping.name is None:
            fail(refusals.SHIPPING_NAME_REQUIRED, param=f"{path}.shipping.name")
        fail(refusals.SHIPPING_ADDRESS_REQUIRED, param=f"{path}.shipping.address")
    if customer.billing is not None and customer.billing.default_payment_method is not None:
        param = f"{path}.billing.default_payment_method"
        method = customer.billing.default_payment_method
        fail(refusals.DEFAULT_PAYMENT_METHOD_INVALID, param=param, method=method)


def _check_responsibilities(account: Account) -> None:
    responsibilities, dashboard = account.defaults.responsibilities, account.dashboard
    merchant = account.configuration.merchant
    if merchant is not None and merchant.applied:
        if dashboard is None:
            fail(wire_refusals.FIELD_MISSING, param="dashboard")
        if responsibilities is None or None in (
            responsibilities.fees_collector,
            responsibilities.losses_collector,
        ):
            fail(wire_refusals.FIELD_MISSING, param=_RESPONSIBILITIES)
    if responsibilities is None:
        return
    fees, losses = responsibilities.fees_collector, responsibilities.losses_collector
    if dashboard == "express" and "stripe" in (fees, losses):
        name = "fees_collector" if fees == "stripe" else "losses_collector"
        fail(
            refusals.ACCOUNT_CONTROLLER_EXPRESS_DASH_WITHOUT_APPLICATION_LOSSES_OR_FEES,
            param=f"{_RESPONSIBILITIES}.{name}",
        )
    if dashboard != "full" and fees == "stripe" and losses == "application":
        fail(
            refusals.ACCOUNT_CONTROLLER_STRIPE_PRICING_PLATFORM_LIABLE,
            param=f"{_RESPONSIBILITIES}.fees_collector",
        )
    bearer = {"express": "application", "full": "stripe"}.get(dashboard or "")
    for name in ("fees_collector", "losses_collector"):
        collector = getattr(responsibilities, name)
        if bearer is None or collector is None or collector.startswith(bearer):
            continue
        fail(
            refusals.RESPONSIBILITY_NOT_OF_DASHBOARD,
            param=f"{_RESPONSIBILITIES}.{name}",
            dashboard=dashboard,
            responsibility=name,
            bearer=bearer,
        )
    given = responsibilities.requirements_collector
    if given == "application" and requirements_collector(account) != "application":
        param = f"{_RESPONSIBILITIES}.requirements_collector"
        fail(refusals.REQUIREMENTS_NOT_OF_PLATFORM, param=param)


def _check_available(account: Account, path: str) -> None:
    """Refuse a capability that no account of this country and kind of entity can have."""
    line = known()[path]
    name = path.partition(".")[2]
    param = f"configuration.{_parameter(path)}"
    country, entity_type = account.identity.country, account.identity.entity_type
    if country is None:
        fail(refusals.IDENTITY_COUNTRY_REQUIRED, param="identity.country")
    if line.countries and country not in line.countries:
        fail(
            refusals.CAPABILITY_NOT_AVAILABLE_IN_COUNTRY,
            param=param,
            capability=name,
            country=country,
        )
    if line.entity_types and entity_type is not None and entity_type not in line.entity_types:
        fail(
            refusals.CAPABILITY_NOT_AVAILABLE_FOR_ENTITY_TYPE_IN_COUNTRY,
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
        fail(wire_refusals.FIELD_MISSING, param="dashboard")
    if configuration != "card_creator":
        return
    if account.dashboard != "none":
        fail(refusals.CAPABILITY_NOT_AVAILABLE_FOR_DASHBOARD_TYPE, param=param, capability=name)
    responsibilities = account.defaults.responsibilities
    collector = responsibilities.requirements_collector if responsibilities is not None else None
    if requirements_collector(account) != "application" or collector == "stripe":
        fail(refusals.CAPABILITY_NOT_AVAILABLE_FOR_LOSS_COLLECTOR, param=param, capability=name)
    if TRANSFERS not in requested:
        fail(
            refusals.CAPABILITY_NOT_AVAILABLE_WITHOUT_OTHER_CAPABILITY,
            param=param,
            capability=name,
            other=TRANSFERS,
        )


def check_past(account: Account, now_ms: int) -> None:
    """Refuse what cannot have happened yet: acceptances, and the birth of an individual."""
    if account.identity.attestations is not None:
        check_acceptances(account.identity.attestations, "identity.attestations", now_ms)
    details = account.identity.business_details
    registered = details.registration_date if details is not None else None
    day = day_of(registered) if registered is not None else None
    if day is not None and day > moment(now_ms).date():
        fail(refusals.REGISTRATION_DATE_INVALID, param=f"{checks.BUSINESS}.registration_date")
    if account.identity.individual is not None:
        check_person_past(account.identity.individual, now_ms, "identity.individual")


def check_close(account: Account, named: list[str]) -> None:
    """Refuse to close an account whose configurations are not all named."""
    if sorted(named) != sorted(account.applied_configurations):
        applied = ", ".join(account.applied_configurations) or "none"
        fail(
            refusals.CONFIGS_MUST_MATCH_TO_CLOSE,
            param="applied_configurations",
            applied=applied,
            applied_configurations=account.applied_configurations,
        )


def check_liable(account: Account) -> None:
    """Refuse that a platform closes a live account whose losses are not its own."""
    said = account.defaults.responsibilities
    if account.livemode and said is not None and said.losses_collector == "stripe":
        fail(refusals.STRIPE_LOSS_LIABLE_CANNOT_BE_DELETED)


def check_deactivations(account: Account, given: dict[str, Any]) -> None:
    """Refuse to take out of force what the account never had."""
    for name, wanted in (given.get("configuration") or {}).items():
        absent = getattr(account.configuration, name) is None
        if absent and wanted is not None and wanted.get("applied") is False:
            param = f"configuration.{name}.applied"
            fail(refusals.CONFIGURATION_CANNOT_BE_DEACTIVATED, param=param, configuration=name)


def check_destination(before: AccountState, account: Account) -> None:
    """Refuse to pay out to a bank account that the account does not have."""
    recipient, was = account.configuration.recipient, before.account.configuration.recipient
    wanted = recipient.default_outbound_destination if recipient is not None else None
    if wanted is None or (was is not None and was.default_outbound_destination == wanted):
        return
    held = {one.id for one in before.external_accounts}
    if wanted.id not in held and not wanted.id.startswith(PAYOUT_METHODS):
        param = "configuration.recipient.default_outbound_destination"
        fail(refusals.DEFAULT_OUTBOUND_DESTINATION_INVALID, param=param, destination=wanted.id)


def of_its_kind(before: AccountState, account: Account) -> Account:
    """The account without the individual of before, once it is of another kind.

    Refuses to make an individual's of an account that has persons.
    """
    was, now = before.account.identity, account.identity
    if now.entity_type in (None, was.entity_type):
        return account
    if now.entity_type == "individual":
        if before.persons:
            fail(refusals.INDIVIDUAL_ADDITIONAL_PERSON_NOT_ALLOWED, param="identity.entity_type")
        return account
    if now.individual != was.individual:
        return account
    identity = msgspec.structs.replace(now, individual=None)
    return msgspec.structs.replace(account, identity=identity)


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
