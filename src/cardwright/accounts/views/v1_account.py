"""An account's v1 face as a table over the record, and what the v1 calls take about accounts.

The record speaks the v2 vocabulary. A row is all that a member needs whose value is the same in
both; ``v1_shapes`` has what v1 alone says.
"""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal, NamedTuple

import msgspec

from cardwright.accounts import rules
from cardwright.accounts.record.bank_account import BankAccount, BankAccountGiven
from cardwright.accounts.record.identity import (
    Acceptance,
    AnnualRevenue,
    BusinessDetails,
    MonthlyEstimatedRevenue,
    SignedDocument,
)
from cardwright.accounts.record.model import Account, AccountState
from cardwright.accounts.requirements.consequences import payouts_allowed
from cardwright.accounts.views import v1_forms, v1_lists, v1_verification
from cardwright.accounts.views.v1_forms import DIGITS, FILES, FORMS, LONG, TEXT, Address, acceptance
from cardwright.accounts.views.v1_person import PERSON, Individual, ShownPerson
from cardwright.accounts.views.v1_shapes import (
    Capabilities,
    Groups,
    MonthlyRevenue,
    OwnerGroup,
    PayoutsSettings,
    Revenue,
    SignedFiles,
)
from cardwright.wire.faces.face import Computed, Face, Form, Kept, Member, Within
from cardwright.wire.render import render
from cardwright.wire.resource import Mark, Parameters, Resource, Sealed, Shape
from cardwright.wire.versions import Body

# How long money stays before it is paid out, where nothing else was said.
PAYOUT_DELAY_DAYS = 2
# How many external accounts an account shows; the others are on further pages of their list.
SHOWN = 10
# Further addresses, which the record has in one list, by purpose.
ADDRESSES = (
    ("company.administrative_address", "administrative"),
    ("company.principal_place_of_business", "principal_place_of_business"),
)
DATE_AND_IP = ("date", "ip")
READ_ONLY = Mark("")


class ExternalAccounts(Shape, tag_field="object", tag="list"):
    """The newest external accounts of an account."""

    data: list[BankAccount]


class AccountSeen(NamedTuple):
    """An account with the v1 statuses of its capabilities, what v1 requires of it now and later,
    and the person whom it is, as v1 shows them."""

    state: AccountState
    capabilities: dict[str, str]
    due: Body
    later: Body
    individual: Body | None

    @property
    def account(self) -> Account:
        """Its record."""
        return self.state.account

    @property
    def details(self) -> BusinessDetails:
        """Its legal entity, of which nothing may be known."""
        return self.account.identity.business_details or BusinessDetails()


# How values look that v1 has otherwise.


def _revenue(given: Body) -> Body:
    amount = {"value": given["amount"], "currency": given["currency"]}
    year = {name: given[name] for name in ("fiscal_year_end",) if name in given}
    return {"amount": amount, **year}


def _annual(revenue: AnnualRevenue | None) -> Body | None:
    if revenue is None:
        return None
    year = {"fiscal_year_end": revenue.fiscal_year_end}
    if revenue.amount is None:
        return {"amount": None, "currency": None, **year}
    return {"amount": revenue.amount.value, "currency": revenue.amount.currency, **year}


def _monthly(revenue: MonthlyEstimatedRevenue | None) -> Body | None:
    if revenue is None or revenue.amount is None:
        return None
    return {"amount": revenue.amount.value, "currency": revenue.amount.currency}


def _in_revenue(path: str) -> tuple[str, ...]:
    """v1 has no hash for the amount."""
    places = {"amount": ("amount", "currency"), "amount.value": ("amount",)}
    return places.get(path, (path.removeprefix("amount."),))


def _product_terms(terms: Acceptance | None) -> Body:
    """Terms of a product have no user agent where none was given."""
    accepted = acceptance(terms)
    if accepted["user_agent"] is None:
        del accepted["user_agent"]
    return accepted


ANNUAL = Form(takes=Revenue, give=_revenue, show=_annual, below=_in_revenue)
MONTHLY = Form(takes=MonthlyRevenue, give=_revenue, show=_monthly, below=_in_revenue)
PRODUCT_TERMS = Form(takes=v1_forms.Acceptance, show=_product_terms)
FEES = Form(
    takes=Literal["account", "application"],
    give=lambda payer: "stripe" if payer == "account" else "application",
    show=lambda collector: "account" if collector in (None, "stripe") else collector,
)

# What v1 makes of several members of the record.


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


def _further_address(details: BusinessDetails, purpose: str) -> Body | None:
    found = v1_lists.address_of(details.additional_addresses, purpose)
    return None if found is None else v1_forms.address(found)


def _has_number(details: BusinessDetails, *, vat: bool) -> bool:
    return any(number.type.endswith("_vat") == vat for number in details.id_numbers)


def _registrar(details: BusinessDetails) -> str | None:
    return next((number.registrar for number in details.id_numbers if number.registrar), None)


def _support_address(account: Account) -> Body | None:
    """An empty address, unless there is nothing about support at all."""
    merchant = account.configuration.merchant
    support = merchant.support if merchant is not None else None
    return v1_forms.address(support.address) if support is not None else None


def _external_accounts(state: AccountState) -> Body:
    found = state.external_accounts
    return {
        "object": "list",
        "data": [render(one) for one in reversed(found[-SHOWN:])],
        "has_more": len(found) > SHOWN,
        "url": f"/v1/accounts/{state.account.id}/external_accounts",
    }


def _payouts(account: Account) -> Body:
    """Settings of payouts; a number of days is a number, whatever it was sent as."""
    said: Body = account.v1.get("settings", {}).get("payouts", {})
    schedule = {"delay_days": PAYOUT_DELAY_DAYS, "interval": "manual", **said.get("schedule", {})}
    if isinstance(schedule["delay_days"], str):
        given = schedule["delay_days"]
        schedule["delay_days"] = PAYOUT_DELAY_DAYS if given == "minimum" else int(given)
    return {
        "debit_negative_balances": said.get("debit_negative_balances", False),
        "schedule": schedule,
        "statement_descriptor": said.get("statement_descriptor"),
    }


def _card_terms(account: Account) -> Body:
    """The first acceptance of any terms of commercial cards, of a bank's too."""
    attestations = account.identity.attestations
    terms = attestations.terms_of_service if attestations is not None else None
    cards = terms.card_creator if terms is not None else None
    return _product_terms(_first_accepted(cards.commercial if cards is not None else None))


def _first_accepted(terms: msgspec.Struct | None) -> Acceptance | None:
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


_DETAILS = "identity.business_details"
_ATTESTED = "identity.attestations"
_PROVIDED = f"{_ATTESTED}.persons_provided"
_TERMS = f"{_ATTESTED}.terms_of_service"
_MERCHANT = "configuration.merchant"
_SCRIPTS = f"{_MERCHANT}.script_statement_descriptor"
_COLLECTORS = "defaults.responsibilities"
ACCOUNT: Face[AccountSeen, Body] = Face(
    Account,
    Member("id", "id"),
    Computed("object", lambda _: "account"),
    Member(
        "business_profile.annual_revenue",
        f"{_DETAILS}.annual_revenue",
        ANNUAL,
        mark=Mark(replace=True),
    ),
    Member("business_profile.estimated_worker_count", f"{_DETAILS}.estimated_worker_count"),
    Member(
        "business_profile.monthly_estimated_revenue",
        f"{_DETAILS}.monthly_estimated_revenue",
        MONTHLY,
        mark=Mark(replace=True),
        said=True,
    ),
    Member("business_profile.mcc", f"{_MERCHANT}.mcc", mark=Mark(pattern=r"[0-9]{4}")),
    Member("business_profile.name", "defaults.profile.doing_business_as", mark=LONG),
    Member(
        "business_profile.product_description",
        "defaults.profile.product_description",
        mark=Mark(longest=40000),
    ),
    Computed("business_profile.support_address", lambda seen: _support_address(seen.account)),
    Member("business_profile.support_address", f"{_MERCHANT}.support.address", shown=False),
    Member("business_profile.support_email", f"{_MERCHANT}.support.email"),
    Member("business_profile.support_phone", f"{_MERCHANT}.support.phone"),
    Member("business_profile.support_url", f"{_MERCHANT}.support.url", mark=LONG),
    Member("business_profile.url", "defaults.profile.business_url", mark=LONG),
    Kept("business_profile.minority_owned_business_designation", list[OwnerGroup] | None),
    Kept(
        "business_profile.specified_commercial_transactions_act_url",
        Annotated[str | None, LONG],
    ),
    Member("business_type", "identity.entity_type"),
    Computed("capabilities", lambda seen: seen.capabilities, takes=Capabilities),
    Computed("capabilities.transfers", at=("configuration.recipient.capabilities",)),
    Computed("capabilities.card_payments", at=("configuration.merchant.capabilities",)),
    Computed("capabilities.card_issuing", at=("configuration.card_creator.capabilities",)),
    Computed("capabilities.treasury", at=("configuration.money_manager.capabilities",)),
    Computed("charges_enabled", lambda seen: seen.capabilities.get("card_payments") == "active"),
    Member("company.address", f"{_DETAILS}.address"),
    Member("company.directors_provided", f"{_PROVIDED}.directors"),
    Member("company.executives_provided", f"{_PROVIDED}.executives"),
    Member("company.name", f"{_DETAILS}.registered_name", mark=Mark(longest=100)),
    Member("company.owners_provided", f"{_PROVIDED}.owners"),
    Member(
        "company.ownership_declaration", f"{_ATTESTED}.ownership_declaration", asked=DATE_AND_IP
    ),
    Member("company.phone", f"{_DETAILS}.phone"),
    Computed("company.tax_id", takes=Annotated[Sealed, DIGITS], at=(f"{_DETAILS}.id_numbers",)),
    Computed("company.tax_id_provided", lambda seen: _has_number(seen.details, vat=False)),
    Computed("company.vat_id", takes=Annotated[Sealed, DIGITS]),
    Computed("company.vat_id_provided", lambda seen: _has_number(seen.details, vat=True)),
    Computed(
        "company.verification",
        lambda seen: v1_verification.of_business(seen.state),
        type=v1_verification.BusinessVerification,
    ),
    Computed("company.verification.document", at=(f"{_DETAILS}.documents",)),
    Member("company.verification.document", f"{_DETAILS}.documents.primary_verification"),
    # What is there only if it was given.
    Member("company.directorship_declaration", f"{_ATTESTED}.directorship_declaration", said=True),
    Member(
        "company.representative_declaration",
        f"{_ATTESTED}.representative_declaration",
        said=True,
    ),
    Member(
        "company.ownership_exemption_reason",
        f"{_PROVIDED}.ownership_exemption_reason",
        said=True,
    ),
    Member("company.structure", f"{_DETAILS}.structure", said=True),
    Member("company.registration_date", f"{_DETAILS}.registration_date", said=True),
    Computed(
        "company.tax_id_registrar",
        lambda seen: _registrar(seen.details),
        takes=Annotated[str | None, TEXT],
        said=True,
    ),
    Computed(
        "company.administrative_address",
        lambda seen: _further_address(seen.details, "administrative"),
        takes=Address,
        at=(f"{_DETAILS}.additional_addresses",),
        said=True,
    ),
    Computed(
        "company.principal_place_of_business",
        lambda seen: _further_address(seen.details, "principal_place_of_business"),
        takes=Address,
        said=True,
    ),
    Member(
        "company.name_kana",
        f"{_DETAILS}.script_names.kana.registered_name",
        mark=Mark(longest=100),
        said=True,
    ),
    Member(
        "company.name_kanji",
        f"{_DETAILS}.script_names.kanji.registered_name",
        mark=Mark(longest=100),
        said=True,
    ),
    Member("company.address_kana", f"{_DETAILS}.script_addresses.kana", said=True),
    Member("company.address_kanji", f"{_DETAILS}.script_addresses.kanji", said=True),
    Kept("company.export_license_id", Annotated[str | None, LONG]),
    Kept("company.export_purpose_code", Annotated[str | None, LONG]),
    Kept("company.physical_address", Address),
    Kept("company.registration_number", Annotated[str | None, DIGITS], shown=False),
    Computed("controller.type", lambda _: "application"),
    Computed("controller.is_controller", lambda _: True),
    Member("controller.fees.payer", f"{_COLLECTORS}.fees_collector", FEES),
    Member(
        "controller.losses.payments",
        f"{_COLLECTORS}.losses_collector",
        Form(show=lambda collector: collector or "stripe"),
    ),
    Member(
        "controller.requirement_collection",
        f"{_COLLECTORS}.requirements_collector",
        shown=False,
    ),
    Computed(
        "controller.requirement_collection", lambda seen: requirement_collection(seen.account)
    ),
    Member(
        "controller.stripe_dashboard.type", "dashboard", Form(show=lambda found: found or "none")
    ),
    Member("country", "identity.country", mark=Mark("c"), said=True),
    Member("created", "created"),
    Member("default_currency", "defaults.currency", said=True),
    Computed(
        "details_submitted",
        lambda seen: bool(seen.state.capabilities) and not seen.due["currently_due"],
    ),
    *(
        Member(f"documents.{name}", f"{_DETAILS}.documents.{name}")
        for name in (
            "bank_account_ownership_verification",
            "company_license",
            "company_memorandum_of_association",
            "company_ministerial_decree",
            "company_registration_verification",
            "company_tax_id_verification",
            "proof_of_address",
            "proof_of_registration",
            "proof_of_ultimate_beneficial_ownership",
        )
    ),
    Member("email", "contact_email"),
    Computed(
        "external_account",
        takes=Annotated[BankAccountGiven | None, Mark(shorthand="token")],
        at=("configuration.recipient.default_outbound_destination",),
    ),
    Computed(
        "external_accounts", lambda seen: _external_accounts(seen.state), type=ExternalAccounts
    ),
    Computed("future_requirements", lambda seen: seen.later),
    Computed("groups", lambda seen: seen.account.v1.get("groups")),
    Kept("groups", Groups, shown=False),
    Computed(
        "individual", lambda seen: seen.individual, type=ShownPerson, takes=Individual, said=True
    ),
    Within("individual", "identity.individual", PERSON),
    Member("metadata", "metadata"),
    Computed("payouts_enabled", lambda seen: payouts_allowed(seen.state)),
    Computed("requirements", lambda seen: seen.due),
    Member(
        "settings.bacs_debit_payments.display_name",
        f"{_MERCHANT}.bacs_debit_payments.display_name",
    ),
    Member(
        "settings.bacs_debit_payments.service_user_number",
        f"{_MERCHANT}.bacs_debit_payments.service_user_number",
    ),
    Member("settings.branding", f"{_MERCHANT}.branding"),
    Member(
        "settings.card_issuing.tos_acceptance",
        f"{_TERMS}.card_creator.commercial.account_holder",
        shown=False,
        asked=DATE_AND_IP,
    ),
    Computed(
        "settings.card_issuing.tos_acceptance",
        lambda seen: _card_terms(seen.account),
        at=(f"{_TERMS}.card_creator.commercial", f"{_TERMS}.card_creator.consumer"),
        asked=DATE_AND_IP,
    ),
    Member("settings.card_payments.decline_on", f"{_MERCHANT}.card_payments.decline_on"),
    Member(
        "settings.card_payments.statement_descriptor_prefix",
        f"{_MERCHANT}.statement_descriptor.prefix",
    ),
    Member("settings.card_payments.statement_descriptor_prefix_kana", f"{_SCRIPTS}.kana.prefix"),
    Member("settings.card_payments.statement_descriptor_prefix_kanji", f"{_SCRIPTS}.kanji.prefix"),
    Member("settings.dashboard.display_name", "display_name", mark=READ_ONLY),
    Member(
        "settings.dashboard.timezone",
        "defaults.timezone",
        Form(show=lambda zone: zone or "Etc/UTC"),
        mark=READ_ONLY,
    ),
    Computed(
        "settings.invoices.default_account_tax_ids",
        lambda _: None,
        type=Annotated[list[str] | None, Mark("", expand="tax_id")],
    ),
    Computed("settings.invoices.hosted_payment_method_save", lambda _: None),
    Kept(
        "settings.invoices.hosted_payment_method_save",
        Literal["always", "never", "offer"] | None,
    ),
    Member(
        "settings.payments.statement_descriptor", f"{_MERCHANT}.statement_descriptor.descriptor"
    ),
    Member("settings.payments.statement_descriptor_kana", f"{_SCRIPTS}.kana.descriptor"),
    Member("settings.payments.statement_descriptor_kanji", f"{_SCRIPTS}.kanji.descriptor"),
    Computed("settings.payouts", lambda seen: _payouts(seen.account)),
    Kept("settings.payouts", PayoutsSettings, shown=False),
    Member(
        "settings.sepa_debit_payments.creditor_id",
        f"{_MERCHANT}.sepa_debit_payments.creditor_id",
        said=True,
    ),
    Member(
        "settings.treasury.tos_acceptance",
        f"{_TERMS}.money_manager",
        PRODUCT_TERMS,
        asked=DATE_AND_IP,
    ),
    Computed(
        "tos_acceptance",
        lambda seen: _account_terms(seen.account),
        at=(f"{_TERMS}.account",),
        asked=DATE_AND_IP,
    ),
    Member("tos_acceptance.date", f"{_TERMS}.account.date", shown=False),
    Member("tos_acceptance.ip", f"{_TERMS}.account.ip", shown=False),
    Member("tos_acceptance.user_agent", f"{_TERMS}.account.user_agent", shown=False),
    Computed("tos_acceptance.service_agreement", takes=Literal["full", "recipient"] | None),
    Computed("type", lambda seen: account_type(seen.account)),
    forms={**FORMS, SignedDocument: replace(FILES, takes=SignedFiles)},
    hashes={"controller": Mark("c")},
)


@ACCOUNT.describes
class ShownAccount(Resource, tag="account"):
    """An account."""

    owned_by: ClassVar[str] = "id"


@ACCOUNT.takes()
class AccountParameters(Parameters):
    """``/v1/accounts``: create and update."""

    account_token: Annotated[str, TEXT]
    test_clock: Annotated[str | None, Mark("c", longest=255)]
    type: Annotated[Literal["custom", "express", "standard"], Mark("c")]


@ACCOUNT.takes(inside="company")
class TokenCompany(Shape):
    """A company as a token brings it, and whether its owners were declared to be right."""

    ownership_declaration_shown_and_signed: bool
