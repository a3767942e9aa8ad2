"""The v1 face: account, person and capability objects as views of the record."""

from collections.abc import Iterable
from typing import Any

import msgspec

from cardwright.accounts import rules
from cardwright.accounts.record.configurations import (
    Branding,
    Merchant,
    ScriptStatementDescriptor,
    StatementDescriptor,
)
from cardwright.accounts.record.identity import Acceptance, BusinessDetails, Person
from cardwright.accounts.record.model import Account, AccountState, Capability
from cardwright.accounts.requirements.consequences import payouts_allowed
from cardwright.accounts.views import v1_lists, v1_verification
from cardwright.accounts.views import v1_paths as paths
from cardwright.accounts.views import v1_requirements as requirements
from cardwright.accounts.views.v1_forms import acceptance, address
from cardwright.accounts.views.v1_person import PERSON, PersonSeen
from cardwright.wire.faces import seconds
from cardwright.wire.render import render
from cardwright.wire.view_source import Body

STATUSES = {
    "active": "active",
    "pending": "pending",
    "rejected": "inactive",
    "restricted": "inactive",
    "unsupported": "inactive",
}
# How long money stays before it is paid out, where nothing else was said.
PAYOUT_DELAY_DAYS = 2
# Members that an account has once there is something to say.
_SAID = frozenset({"country", "default_currency", "individual"})
# How many external accounts an account shows; the others are on further pages of their list.
SHOWN = 10
# A capability that stands for several is as far as the best of them.
_FURTHEST = ("active", "pending", "inactive")


def account_body(state: AccountState) -> Body:
    """The account as v1 prints it."""
    account = state.account
    capabilities = {name: status(found) for name, found in grouped(state.capabilities).items()}
    required = requirements.of_account(state)
    body = {
        "id": account.id,
        "object": "account",
        "business_profile": _business_profile(account),
        "business_type": account.identity.entity_type,
        "capabilities": capabilities,
        "charges_enabled": capabilities.get("card_payments") == "active",
        "company": _company(state),
        "controller": _controller(account),
        "country": account.identity.country,
        "created": seconds(account.created),
        "default_currency": account.defaults.currency,
        "details_submitted": bool(state.capabilities) and not required["currently_due"],
        "email": account.contact_email,
        "external_accounts": {
            "object": "list",
            "data": [render(one) for one in reversed(state.external_accounts[-SHOWN:])],
            "has_more": len(state.external_accounts) > SHOWN,
            "url": f"/v1/accounts/{account.id}/external_accounts",
        },
        "future_requirements": requirements.future_of_account(state),
        "groups": account.v1.get("groups"),
        "individual": _individual(state),
        "metadata": account.metadata,
        "payouts_enabled": payouts_allowed(state),
        "requirements": required,
        "settings": _settings(account),
        "tos_acceptance": _account_terms(account),
        "type": account_type(account),
    }
    return {name: value for name, value in body.items() if name not in _SAID or value is not None}


def person_body(state: AccountState, person: Person) -> Body:
    """A person as v1 prints it."""
    due = requirements.of_person(state.account, person.id)
    later = requirements.future_of_person(state.account, person.id)
    numbers = {number.type for number in person.id_numbers}
    return PERSON.view(person, PersonSeen(state, person, due, later, numbers))


def capability_body(state: AccountState, name: str) -> Body:
    """A capability as v1 prints it, requested or not."""
    found = grouped(state.capabilities).get(name, [])
    shown = status(found) if found else "unrequested"
    required = requirements.of_capability(state, found, shown) if found else requirements.nothing()
    requested_ms = min((capability.requested_ms for capability in found), default=None)
    return {
        "id": name,
        "object": "capability",
        "account": state.account.id,
        "future_requirements": requirements.future_of_capability(state, found),
        "requested": bool(found),
        "requested_at": None if requested_ms is None else requested_ms // 1000,
        "requirements": required,
        "status": shown,
    }


def grouped(capabilities: dict[str, Capability]) -> dict[str, list[Capability]]:
    """The requested capabilities by their v1 names, sorted by name."""
    groups: dict[str, list[Capability]] = {}
    for path, capability in capabilities.items():
        if capability.requested:
            for name in paths.v1_names(path):
                groups.setdefault(name, []).append(capability)
    return dict(sorted(groups.items()))


def status(capabilities: Iterable[Capability]) -> str:
    """The v1 status of capabilities that v1 has one name for."""
    found = {STATUSES[capability.status] for capability in capabilities}
    return next(name for name in _FURTHEST if name in found)


def requirement_collection(account: Account) -> str:
    """Who collects requirements: what was said, or what follows from dashboard and losses."""
    said = account.defaults.responsibilities
    if said is not None and said.requirements_collector is not None:
        return said.requirements_collector
    return rules.requirements_collector(account)


def account_type(account: Account) -> str:
    """The type that the account's controller amounts to."""
    if account.dashboard == "express":
        return "express"
    if account.dashboard == "full":
        return "standard"
    return "custom" if requirement_collection(account) == "application" else "none"


# The parts of an account.


def _business_profile(account: Account) -> Body:
    details = account.identity.business_details
    profile = account.defaults.profile
    merchant = account.configuration.merchant
    support = merchant.support if merchant is not None else None
    revenue = details.annual_revenue if details is not None else None
    amount = revenue.amount if revenue is not None else None
    monthly = _monthly_revenue(details)
    return {
        "annual_revenue": {
            "amount": amount.value if amount is not None else None,
            "currency": amount.currency if amount is not None else None,
            "fiscal_year_end": revenue.fiscal_year_end,
        }
        if revenue is not None
        else None,
        "estimated_worker_count": details.estimated_worker_count if details is not None else None,
        **({"monthly_estimated_revenue": monthly} if monthly is not None else {}),
        "mcc": merchant.mcc if merchant is not None else None,
        "name": profile.doing_business_as if profile is not None else None,
        "product_description": profile.product_description if profile is not None else None,
        "support_address": address(support.address) if support is not None else None,
        "support_email": support.email if support is not None else None,
        "support_phone": support.phone if support is not None else None,
        "support_url": support.url if support is not None else None,
        "url": profile.business_url if profile is not None else None,
        **account.v1.get("business_profile", {}),
    }


def _monthly_revenue(details: BusinessDetails | None) -> Body | None:
    revenue = details.monthly_estimated_revenue if details is not None else None
    if revenue is None or revenue.amount is None:
        return None
    return {"amount": revenue.amount.value, "currency": revenue.amount.currency}


def _company(state: AccountState) -> Body:
    account = state.account
    details = account.identity.business_details
    attestations = account.identity.attestations
    provided = attestations.persons_provided if attestations is not None else None
    kinds = [number.type for number in details.id_numbers] if details is not None else []
    company: Body = {
        "address": address(details.address if details is not None else None),
        "directors_provided": bool(provided is not None and provided.directors),
        "executives_provided": bool(provided is not None and provided.executives),
        "name": details.registered_name if details is not None else None,
        "owners_provided": bool(provided is not None and provided.owners),
        "ownership_declaration": acceptance(
            attestations.ownership_declaration if attestations is not None else None
        ),
        "phone": details.phone if details is not None else None,
        "tax_id_provided": any(not kind.endswith("_vat") for kind in kinds),
        "vat_id_provided": any(kind.endswith("_vat") for kind in kinds),
        "verification": v1_verification.of_business(state),
    }
    if attestations is not None:
        for name in ("directorship_declaration", "representative_declaration"):
            if getattr(attestations, name) is not None:
                company[name] = acceptance(getattr(attestations, name))
    if provided is not None and provided.ownership_exemption_reason is not None:
        company["ownership_exemption_reason"] = provided.ownership_exemption_reason
    if details is not None:
        company |= _company_details(details)
    said: Body = account.v1.get("company", {})
    return company | {name: value for name, value in said.items() if name != "registration_number"}


def _company_details(details: BusinessDetails) -> Body:
    """What is there only if it was given."""
    shown: Body = {}
    if details.structure is not None:
        shown["structure"] = details.structure
    if details.registration_date is not None:
        shown["registration_date"] = _date(details.registration_date)
    registrar = next((number.registrar for number in details.id_numbers if number.registrar), None)
    if registrar is not None:
        shown["tax_id_registrar"] = registrar
    for source, purpose in paths.BUSINESS_ADDRESSES:
        found = v1_lists.address_of(details.additional_addresses, purpose)
        if found is not None:
            shown[source.removeprefix("company.")] = address(found)
    shown |= _in_scripts(details.script_names, {"name": "registered_name"})
    return shown | _addresses_in_scripts(details.script_addresses)


def _controller(account: Account) -> Body:
    said = account.defaults.responsibilities
    fees = said.fees_collector if said is not None else None
    losses = said.losses_collector if said is not None else None
    return {
        "type": "application",
        "is_controller": True,
        "fees": {"payer": "account" if fees in (None, "stripe") else fees},
        "losses": {"payments": losses or "stripe"},
        "requirement_collection": requirement_collection(account),
        "stripe_dashboard": {"type": account.dashboard or "none"},
    }


def _individual(state: AccountState) -> Body | None:
    person = state.account.identity.individual
    return None if person is None else person_body(state, person)


def _settings(account: Account) -> Body:
    merchant = account.configuration.merchant or Merchant()
    branding = merchant.branding or Branding()
    statement = merchant.statement_descriptor or StatementDescriptor()
    scripts = merchant.script_statement_descriptor or ScriptStatementDescriptor()
    kana, kanji = (one or StatementDescriptor() for one in (scripts.kana, scripts.kanji))
    decline_on = merchant.card_payments.decline_on if merchant.card_payments is not None else None
    debits, sepa = merchant.bacs_debit_payments, merchant.sepa_debit_payments
    creditor = sepa.creditor_id if sepa is not None else None
    said: Body = account.v1.get("settings", {})
    attestations = account.identity.attestations
    terms = attestations.terms_of_service if attestations is not None else None
    issuing = terms.card_creator.commercial if terms is not None and terms.card_creator else None
    return {
        "bacs_debit_payments": {
            "display_name": debits.display_name if debits is not None else None,
            "service_user_number": debits.service_user_number if debits is not None else None,
        },
        "branding": msgspec.to_builtins(branding),
        "card_issuing": {"tos_acceptance": _terms_of_setting(_first_accepted(issuing))},
        "card_payments": {
            "decline_on": {
                "avs_failure": bool(decline_on is not None and decline_on.avs_failure),
                "cvc_failure": bool(decline_on is not None and decline_on.cvc_failure),
            },
            "statement_descriptor_prefix": statement.prefix,
            "statement_descriptor_prefix_kana": kana.prefix,
            "statement_descriptor_prefix_kanji": kanji.prefix,
        },
        "dashboard": {
            "display_name": account.display_name,
            "timezone": account.defaults.timezone or "Etc/UTC",
        },
        "invoices": {
            "default_account_tax_ids": None,
            "hosted_payment_method_save": None,
            **said.get("invoices", {}),
        },
        "payments": {
            "statement_descriptor": statement.descriptor,
            "statement_descriptor_kana": kana.descriptor,
            "statement_descriptor_kanji": kanji.descriptor,
        },
        "payouts": _payouts(said.get("payouts", {})),
        "sepa_debit_payments": {"creditor_id": creditor} if creditor is not None else {},
        "treasury": {"tos_acceptance": _terms_of_setting(terms.money_manager if terms else None)},
    }


def _payouts(said: Body) -> Body:
    """Settings of payouts; a number of days is a number, whatever it was sent as."""
    schedule = {"delay_days": PAYOUT_DELAY_DAYS, "interval": "manual", **said.get("schedule", {})}
    if isinstance(schedule["delay_days"], str):
        given = schedule["delay_days"]
        schedule["delay_days"] = PAYOUT_DELAY_DAYS if given == "minimum" else int(given)
    return {
        "debit_negative_balances": said.get("debit_negative_balances", False),
        "schedule": schedule,
        "statement_descriptor": said.get("statement_descriptor"),
    }


def _first_accepted(terms: msgspec.Struct | None) -> Acceptance | None:
    """The first acceptance of any terms of commercial cards, of a bank's too."""
    if terms is None or isinstance(terms, Acceptance):
        return terms
    for name in terms.__struct_fields__:
        found = _first_accepted(getattr(terms, name))
        if found is not None:
            return found
    return None


def _account_terms(account: Account) -> Body:
    attestations = account.identity.attestations
    terms = attestations.terms_of_service if attestations is not None else None
    accepted = acceptance(terms.account if terms is not None else None)
    if "service_agreement" in account.v1:
        accepted["service_agreement"] = account.v1["service_agreement"]
    return accepted


# Small hashes.


def _terms_of_setting(terms: Acceptance | None) -> Body:
    """Terms among the settings have no user agent where none was given."""
    accepted = acceptance(terms)
    if accepted["user_agent"] is None:
        del accepted["user_agent"]
    return accepted


def _in_scripts(names: msgspec.Struct | None, members: dict[str, str]) -> Body:
    """Names in other writings, those that were given: ``name_kana``."""
    shown: Body = {}
    for script in ("kana", "kanji"):
        name = getattr(names, script, None)
        for said, member in members.items():
            if getattr(name, member, None) is not None:
                shown[f"{said}_{script}"] = getattr(name, member)
    return shown


def _addresses_in_scripts(addresses: msgspec.Struct | None) -> Body:
    return {
        f"address_{script}": address(getattr(addresses, script))
        for script in ("kana", "kanji")
        if getattr(addresses, script, None) is not None
    }


def _date(birth: Any) -> Body:
    return {name: getattr(birth, name, None) for name in ("day", "month", "year")}
