"""From what a v1 call gives to what the same call would give in v2.

The result goes through the same merge, rules and flows as a v2 call, so both faces write one
record. Only what was given is translated; the record as it stands is read where v1 adds to a list
that v2 replaces.
"""

from cardwright.accounts import refusals
from cardwright.accounts.record.identity import (
    BusinessDetails,
    BusinessIdNumber,
    Person,
    PersonIdNumber,
    id_number_types,
)
from cardwright.accounts.record.model import Account, AccountState
from cardwright.accounts.record.v1_capabilities import requested_paths, v1_names
from cardwright.accounts.requirements.catalogue import catalogue_of
from cardwright.accounts.views import v1_account, v1_lists
from cardwright.accounts.views.v1_account import ACCOUNT
from cardwright.accounts.views.v1_person import ADDRESSES, ID_NUMBER_TYPES, PERSON, SSN_LAST_4
from cardwright.files import refusals as files_refusals
from cardwright.kernel.refusal import Failure, fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.faces.face import KEPT
from cardwright.wire.faces.trees import Tree, put, take

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
    refusals.FIELD_ACCEPTANCE_DATE_INVALID: refusals.ACCEPTANCE_DATE_INVALID,
    refusals.FIELD_ID_NUMBER_REPEATED: refusals.ID_NUMBER_REPEATED,
}


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
    tree = ACCOUNT.translate(given, before)
    found, agreement = take(given, "tos_acceptance.service_agreement")
    if found:
        held = before.v1 if before is not None else {}
        tree[KEPT] = {**tree.get(KEPT, held), "service_agreement": agreement}
    details = before.identity.business_details if before is not None else None
    numbers = _business_numbers(given.get("company", {}), country, details)
    if numbers is not None:
        put(tree, "identity.business_details.id_numbers", numbers)
    addresses = v1_lists.addresses(
        given, v1_account.ADDRESSES, details.additional_addresses if details else []
    )
    if addresses is not None:
        put(tree, "identity.business_details.additional_addresses", addresses)
    if "individual" in given:
        person = before.identity.individual if before is not None else None
        put(tree, "identity.individual", person_tree(given["individual"], country, person))
    for name, request in given.get("capabilities", {}).items():
        if request and "requested" in request:
            _request(tree, name, country, state, requested=request["requested"])
    _keep_merchant_unapplied(tree, before)
    return tree


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
            fail(refusals.VAT_NUMBER_NOT_OF_COUNTRY, param="company[vat_id]", country=country)
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


def v1_param(path: str | None, *, person: bool = False) -> str | None:
    """The bracket path that v1 has for a place in the record, for an error's ``param``."""
    if path is None:
        return None
    dotted = path.replace("][", ".").replace("[", ".").replace("]", "")
    if person:
        # An individual's own person is changed through the account.
        return PERSON.parameter(dotted.removeprefix("identity.individual.")) or path
    return ACCOUNT.parameter(dotted) or path


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


def _numbers(kept: list[PersonIdNumber] | list[BusinessIdNumber], given: Tree) -> list[Tree]:
    """The whole list of numbers: those on record by kind alone, then the given ones."""
    others = [_named(number) for number in kept if number.type not in given]
    return others + [{"type": kind, "value": value} for kind, value in given.items()]


def _named(number: PersonIdNumber | BusinessIdNumber) -> Tree:
    """A number on record: its value is in the vault already."""
    registrar = number.registrar if isinstance(number, BusinessIdNumber) else None
    return {"type": number.type, **({"registrar": registrar} if registrar is not None else {})}


def _request(
    tree: Tree, name: str, country: str | None, state: AccountState | None, *, requested: bool
) -> None:
    """Ask for what the name stands for, or ask again for what of it is asked for already (which
    matters after issuing was closed); take back whatever of it was asked for."""
    held = state.capabilities if state is not None else {}
    named = tuple(path for path in held if name in v1_names(path))
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
