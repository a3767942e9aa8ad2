"""From what a v1 call gives to what the same call would give in v2.

The result goes through the same merge, rules and flows as a v2 call, so both faces write one
record. Only what was given is translated; the record as it stands is read where v1 adds to a list
that v2 replaces.
"""

from cardwright.accounts.record.identity import (
    BusinessDetails,
    BusinessIdNumber,
    Person,
    PersonIdNumber,
    id_number_types,
)
from cardwright.accounts.record.model import Account, AccountState
from cardwright.accounts.requirements.catalogue import catalogue_of
from cardwright.accounts.views import v1_lists
from cardwright.accounts.views import v1_paths as paths
from cardwright.accounts.views.v1_person import ADDRESSES, ID_NUMBER_TYPES, PERSON, SSN_LAST_4
from cardwright.files import refusals as files_refusals
from cardwright.kernel.refusal import Failure, fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.faces import Tree, bracketed, keep, put, take

# What ``type`` stands for, in the words of the record.
TYPES: dict[str, Tree] = {
    "custom": {
        "dashboard": "none",
        "fees_collector": "application_custom",
        "losses_collector": "application",
        "requirements_collector": "application",
    },
    "express": {
        "dashboard": "express",
        "fees_collector": "application_express",
        "losses_collector": "application",
        "requirements_collector": "stripe",
    },
    "standard": {
        "dashboard": "full",
        "fees_collector": "stripe",
        "losses_collector": "stripe",
        "requirements_collector": "stripe",
    },
}
# Refusals that v1 has other words for.
_V1_ROWS = {
    wire_refusals.FIELD_MISSING: wire_refusals.PARAMETER_MISSING,
    wire_refusals.FIELD_INVALID: wire_refusals.PARAMETER_CONFLICT,
}
# What is one value in v1, whatever it has below it in the record.
_LEAVES = (
    ".capabilities",
    "additional_addresses",
    "additional_names",
    "id_numbers",
    "nationalities",
)
_DETAILS = "identity.business_details"
_DOCUMENTS = ("documents.primary_verification", "documents.secondary_verification")


def new_account_tree(given: Tree, country: str) -> Tree:
    """The tree of a new account; without ``type`` or ``controller`` it manages itself."""
    if "type" in given and "controller" in given:
        fail(wire_refusals.PARAMETER_EXCLUSIVE, param="type", params="type, controller")
    terms = TYPES[given.get("type", "standard")]
    tree: Tree = {}
    put(tree, "identity.country", country)
    put(tree, "dashboard", terms["dashboard"])
    for name in ("fees_collector", "losses_collector", "requirements_collector"):
        put(tree, f"defaults.responsibilities.{name}", terms[name])
    _overlay(tree, account_tree(given, country, None))
    return tree


def account_tree(given: Tree, country: str | None, state: AccountState | None) -> Tree:
    """The given members of an account, moved to their places in the record."""
    before = state.account if state is not None else None
    tree: Tree = {}
    for source, target in paths.ACCOUNT_PATHS:
        found, value = take(given, source)
        if found:
            put(tree, target, _document(value) if target.endswith(_DOCUMENTS) else value)
    found, payer = take(given, "controller.fees.payer")
    if found:
        put(tree, "defaults.responsibilities.fees_collector", _fees_collector(payer))
    _translate_business(tree, given, country, before)
    _translate_terms(tree, given, before)
    if "individual" in given:
        person = before.identity.individual if before is not None else None
        put(tree, "identity.individual", person_tree(given["individual"], country, person))
    for name, request in given.get("capabilities", {}).items():
        if request and "requested" in request:
            _request(tree, name, country, state, requested=request["requested"])
    _keep_merchant_unapplied(tree, before)
    return tree


def _translate_business(
    tree: Tree, given: Tree, country: str | None, before: Account | None
) -> None:
    """The members of a business that change their form on the way."""
    details = before.identity.business_details if before is not None else None
    for name in ("annual_revenue", "monthly_estimated_revenue"):
        found, revenue = take(given, f"business_profile.{name}")
        if found:
            put(tree, f"{_DETAILS}.{name}", _revenue(revenue))
    for name in paths.ACCOUNT_DOCUMENTS:
        found, document = take(given, f"documents.{name}")
        if found:
            put(tree, f"{_DETAILS}.documents.{name}", _files(document))
    numbers = _business_numbers(given.get("company", {}), country, details)
    if numbers is not None:
        put(tree, f"{_DETAILS}.id_numbers", numbers)
    addresses = v1_lists.addresses(
        given, paths.BUSINESS_ADDRESSES, details.additional_addresses if details else []
    )
    if addresses is not None:
        put(tree, f"{_DETAILS}.additional_addresses", addresses)
    held = before.v1 if before is not None else {}
    kept = keep(given, paths.KEPT, held)
    if kept is not held:
        tree["v1"] = kept


def _business_numbers(
    company: Tree, country: str | None, details: BusinessDetails | None
) -> list[Tree] | None:
    """The whole list of a company's numbers, if the call gives one of them."""
    catalogue = catalogue_of(country or "") or catalogue_of("US")
    assert catalogue is not None
    registry = catalogue.registry_number
    numbers: Tree = {}
    if "tax_id" in company:
        numbers[registry] = company["tax_id"]
    if "vat_id" in company:
        kind = f"{(country or '').lower()}_vat"
        if kind not in id_number_types("business"):
            reason = f"A company in {country} has no VAT number here."
            fail(wire_refusals.PARAMETER_CONFLICT, param="company[vat_id]", reason=reason)
        numbers[kind] = company["vat_id"]
    if not numbers and "tax_id_registrar" not in company:
        return None
    found = _numbers(details.id_numbers if details is not None else [], numbers)
    if "tax_id_registrar" in company:
        for number in found:
            if number["type"] == registry:
                number["registrar"] = company["tax_id_registrar"]
    return found


def person_tree(given: Tree, country: str | None, before: Person | None) -> Tree:
    """The given members of a person, moved to their places in the record."""
    tree = PERSON.translate(given, before)
    names = v1_lists.names(given, before.additional_names if before is not None else [])
    if names is not None:
        tree["additional_names"] = names
    addresses = v1_lists.addresses(
        given, ADDRESSES, before.additional_addresses if before is not None else []
    )
    if addresses is not None:
        tree["additional_addresses"] = addresses
    numbers: Tree = {}
    if "ssn_last_4" in given:
        numbers[SSN_LAST_4] = given["ssn_last_4"]
    if "id_number" in given:
        # Somebody without a number of the account's country has one of another country's kind.
        numbers[ID_NUMBER_TYPES.get(country or "", "us_ssn")] = given["id_number"]
    if numbers:
        tree["id_numbers"] = _numbers(before.id_numbers if before is not None else [], numbers)
    return tree


def capability_tree(name: str, state: AccountState, *, requested: bool) -> Tree:
    """The request of one v1 capability, as a change of the record."""
    tree: Tree = {}
    _request(tree, name, state.account.identity.country, state, requested=requested)
    return tree


def requested_paths(name: str, country: str | None) -> tuple[str, ...]:
    """The paths that a request of a v1 capability asks for."""
    american = country is None or country == "US"
    if name == "card_issuing":
        return (paths.CARD_ISSUING_US if american else paths.CARD_ISSUING_ELSEWHERE,)
    if name == "card_issuing_charge_card":
        return (paths.CARD_ISSUING_CHARGE_CARD_US if american else paths.CARD_ISSUING_ELSEWHERE,)
    return paths.PATHS_BY_NAME[name]


def v1_param(path: str | None, *, person: bool = False) -> str | None:
    """The bracket path that v1 has for a place in the record, for an error's ``param``."""
    if path is None:
        return None
    dotted = path.replace("][", ".").replace("[", ".").replace("]", "")
    individual = "identity.individual."
    if person or dotted.startswith(individual):
        # An individual's own person is changed through the account.
        inner = dotted.removeprefix(individual)
        if person:
            return PERSON.parameter(inner) or path
        head, bracket, tail = (PERSON.parameter(inner) or bracketed(inner)).partition("[")
        return f"individual[{head}]{bracket}{tail}"
    best = max(
        (
            entry
            for entry in (*paths.ACCOUNT_PATHS, *paths.RESHAPED_PATHS)
            if f"{dotted}.".startswith(f"{entry[1]}.")
        ),
        key=lambda entry: len(entry[1]),
        default=None,
    )
    if best is None:
        return path
    source, target = best
    rest = "" if target.endswith(_LEAVES) else dotted[len(target) :].removeprefix(".")
    if target.endswith(_DOCUMENTS):
        # v1 knows documents of two sides alone.
        rest = rest.removeprefix("front_back").removeprefix(".")
    return bracketed(f"{source}.{rest}".strip("."))


def in_v1_words(failure: Failure, *, person: bool = False) -> Failure:
    """The same refusal with the words of v1 and the parameter that its caller gave."""
    param = v1_param(failure.param, person=person)
    if failure.refusal == files_refusals.DOCUMENT_INVALID:
        missing = tenancy_refusals.RESOURCE_MISSING
        return Failure(missing, param=param, hint=failure.hint, object="file", **failure.words)
    refusal = _V1_ROWS.get(failure.refusal, failure.refusal)
    return Failure(refusal, param=param, hint=failure.hint, **failure.words)


# Small steps.


def _overlay(tree: Tree, above: Tree) -> None:
    for name, value in above.items():
        if isinstance(value, dict) and isinstance(tree.get(name), dict):
            _overlay(tree[name], value)
        else:
            tree[name] = value


def _fees_collector(payer: str) -> str:
    return "stripe" if payer == "account" else "application"


def _document(value: Tree | None) -> Tree | None:
    return None if value is None else {"type": "front_back", "front_back": value}


def _revenue(revenue: Tree | None) -> Tree | None:
    if revenue is None:
        return None
    amount = {"value": revenue["amount"], "currency": revenue["currency"]}
    year = {name: revenue[name] for name in ("fiscal_year_end",) if name in revenue}
    return {"amount": amount, **year}


def _files(document: Tree | None) -> Tree | None:
    """A document of files; without any there is none. What gives only its signer keeps them."""
    if document is None or not document.get("files", True):
        return None
    return {"type": "files", **document}


def _numbers(kept: list[PersonIdNumber] | list[BusinessIdNumber], given: Tree) -> list[Tree]:
    """The whole list of numbers: those on record by kind alone, then the given ones."""
    others = [_named(number) for number in kept if number.type not in given]
    return others + [{"type": kind, "value": value} for kind, value in given.items()]


def _named(number: PersonIdNumber | BusinessIdNumber) -> Tree:
    """A number on record: its value is in the vault already."""
    registrar = number.registrar if isinstance(number, BusinessIdNumber) else None
    return {"type": number.type, **({"registrar": registrar} if registrar is not None else {})}


def _translate_terms(tree: Tree, given: Tree, before: Account | None) -> None:
    """The service agreement is a word of v1 alone; the rest of an acceptance is shared."""
    acceptance = given.get("tos_acceptance")
    if acceptance is None:
        return
    shared = {name: value for name, value in acceptance.items() if name != "service_agreement"}
    if shared:
        put(tree, "identity.attestations.terms_of_service.account", shared)
    else:
        del tree["identity"]["attestations"]["terms_of_service"]["account"]
    if "service_agreement" in acceptance:
        kept = tree.get("v1") or (before.v1 if before is not None else {})
        tree["v1"] = {**kept, "service_agreement": acceptance["service_agreement"]}


def _request(
    tree: Tree, name: str, country: str | None, state: AccountState | None, *, requested: bool
) -> None:
    """Ask for what the name stands for, or ask again for what of it is asked for already (which
    matters after issuing was closed); take back whatever of it was asked for."""
    held = state.capabilities if state is not None else {}
    named = tuple(path for path in held if name in paths.v1_names(path))
    wanted = named or (requested_paths(name, country) if requested else ())
    for path in wanted:
        configuration, _, rest = path.partition(".")
        if requested:
            put(tree, f"configuration.{configuration}.applied", True)
        put(tree, f"configuration.{configuration}.capabilities.{rest}.requested", requested)


def _keep_merchant_unapplied(tree: Tree, before: Account | None) -> None:
    """Facts of a business do not make it a merchant; asking for a capability of one does."""
    merchant = tree.get("configuration", {}).get("merchant")
    new = before is None or before.configuration.merchant is None
    if merchant is not None and new:
        merchant.setdefault("applied", False)
