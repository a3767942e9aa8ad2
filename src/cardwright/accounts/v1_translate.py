"""From what a v1 call gives to what the same call would give in v2.

The result goes through the same merge, rules and flows as a v2 call, so both faces write one
record. Only what was given is translated; the record as it stands is read where v1 adds to a list
that v2 replaces.
"""

from typing import Any

from cardwright.accounts import v1_paths as paths
from cardwright.accounts.catalogue import catalogue_of
from cardwright.accounts.identity import BusinessIdNumber, Person, PersonIdNumber
from cardwright.accounts.model import Account, AccountState
from cardwright.kernel.errors import Failure, fail

Tree = dict[str, Any]

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
    "document_invalid": "resource_missing",
    "field_missing": "parameter_missing",
    "field_invalid": "parameter_conflict",
}
# What is one value in v1, whatever it has below it in the record.
_LEAVES = (".capabilities", "id_numbers", "nationalities")
_DOCUMENTS = ("documents.primary_verification", "documents.secondary_verification")


def new_account_tree(given: Tree, country: str) -> Tree:
    """The tree of a new account; without ``type`` or ``controller`` it manages itself."""
    if "type" in given and "controller" in given:
        fail("parameter_exclusive", param="type", params="type, controller")
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
    _translate_terms(tree, given, before)
    found, revenue = take(given, "business_profile.annual_revenue")
    if found:
        put(tree, "identity.business_details.annual_revenue", _revenue(revenue))
    details = before.identity.business_details if before is not None else None
    found, tax_id = take(given, "company.tax_id")
    if found:
        catalogue = catalogue_of(country or "") or catalogue_of("US")
        assert catalogue is not None
        kind = catalogue.registry_number
        kept = details.id_numbers if details is not None else []
        put(tree, "identity.business_details.id_numbers", _numbers(kept, {kind: tax_id}))
    if "individual" in given:
        person = before.identity.individual if before is not None else None
        put(tree, "identity.individual", person_tree(given["individual"], country, person))
    for name, request in given.get("capabilities", {}).items():
        if request and "requested" in request:
            _request(tree, name, country, state, requested=request["requested"])
    _keep_merchant_unapplied(tree, before)
    return tree


def person_tree(given: Tree, country: str | None, before: Person | None) -> Tree:
    """The given members of a person, moved to their places in the record."""
    tree: Tree = {}
    for source, target in paths.PERSON_PATHS:
        found, value = take(given, source)
        if found:
            put(tree, target, _document(value) if target in _DOCUMENTS else value)
    found, nationality = take(given, "nationality")
    if found:
        tree["nationalities"] = None if nationality is None else [nationality]
    numbers: Tree = {}
    if "ssn_last_4" in given:
        numbers[paths.SSN_LAST_4] = given["ssn_last_4"]
    if "id_number" in given:
        # Somebody without a number of the account's country has one of another country's kind.
        numbers[paths.ID_NUMBER_TYPES.get(country or "", "us_ssn")] = given["id_number"]
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
    return paths.CAPABILITY_PATHS[name]


def v1_param(path: str | None, *, person: bool = False) -> str | None:
    """The bracket path that v1 has for a place in the record, for an error's ``param``."""
    if path is None:
        return None
    dotted = path.replace("][", ".").replace("[", ".").replace("]", "")
    if person:
        # An individual's own person is changed through the account.
        dotted = dotted.removeprefix("identity.individual.")
    tables = (
        (*paths.PERSON_PATHS, *paths.RESHAPED_PERSON_PATHS)
        if person
        else (*paths.ACCOUNT_PATHS, *paths.RESHAPED_PATHS)
    )
    best = max(
        (entry for entry in tables if f"{dotted}.".startswith(f"{entry[1]}.")),
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
    if source == "individual" and rest:
        inner = v1_param(rest, person=True) or rest
        head, _, tail = inner.partition("[")
        return f"individual[{head}]" + (f"[{tail}" if tail else "")
    head, *steps = f"{source}.{rest}".strip(".").split(".")
    return head + "".join(f"[{step}]" for step in steps)


def in_v1_words(failure: Failure, *, person: bool = False) -> Failure:
    """The same refusal with the words of v1 and the parameter that its caller gave."""
    param = v1_param(failure.param, person=person)
    name = _V1_ROWS.get(failure.name, failure.name)
    return Failure(name, param=param, hint=failure.hint, **failure.words)


# Small steps.


def take(tree: Tree, dotted: str) -> tuple[bool, Any]:
    """Whether a path was given, and its value."""
    node: Any = tree
    for step in dotted.split("."):
        if not isinstance(node, dict) or step not in node:
            return False, None
        node = node[step]
    return True, node


def put(tree: Tree, dotted: str, value: Any) -> None:
    """Set a path, making the hashes on the way."""
    *branches, leaf = dotted.split(".")
    for step in branches:
        tree = tree.setdefault(step, {})
    tree[leaf] = value


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
    return {"amount": amount, "fiscal_year_end": revenue["fiscal_year_end"]}


def _numbers(kept: list[PersonIdNumber] | list[BusinessIdNumber], given: Tree) -> list[Tree]:
    """The whole list of numbers: those on record by kind alone, then the given ones."""
    others: list[Tree] = [{"type": number.type} for number in kept if number.type not in given]
    return others + [{"type": kind, "value": value} for kind, value in given.items()]


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
        kept = before.v1 if before is not None else {}
        tree["v1"] = {**kept, "service_agreement": acceptance["service_agreement"]}


def _request(
    tree: Tree, name: str, country: str | None, state: AccountState | None, *, requested: bool
) -> None:
    """Ask for what the name stands for, unless something of that name is asked for already; take
    back whatever of it was asked for."""
    held = state.capabilities if state is not None else {}
    named = tuple(path for path in held if name in paths.v1_names(path))
    wanted = (() if named else requested_paths(name, country)) if requested else named
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
