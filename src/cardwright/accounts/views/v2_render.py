"""An account and its persons as v2 shows them: members that stay null unless included, and the
words of the caller's version."""

from typing import Any

import msgspec

from cardwright.accounts.record.bank_details import currency_of
from cardwright.accounts.record.capabilities import capability_tree
from cardwright.accounts.record.configurations import MONEY_MANAGER_SINCE
from cardwright.accounts.record.identity import Identity, Person
from cardwright.accounts.record.model import (
    AccountState,
    Capability,
    FutureRequirements,
    Requirements,
)
from cardwright.accounts.rules import PAYOUT_METHODS, requirements_collector
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.render import needs_reshaping, render, reshaper
from cardwright.wire.versions import PREVIEW_HINT, Body, Version

# The last version in which capabilities show ``requested`` and requirements their collector, and
# from which on configurations show whether they are applied.
EARLY_LAST = "2025-09-30"
CONFIGURATION_KEYS = ("customer", "merchant", "recipient", "money_manager", "card_creator")
PREVIEW_KEYS = frozenset({"card_creator", "money_manager"})
PARTS = ("defaults", "future_requirements", "identity", "requirements")
# A configuration that can be named and that no account has.
NEVER_APPLIED = frozenset({"developer"})


def in_words(name: str, version: Version) -> str:
    """A configuration as the version calls it."""
    early = name == "money_manager" and version.date < MONEY_MANAGER_SINCE
    return "storer" if early else name


def from_words(name: str) -> str:
    """The configuration that a name of any version means."""
    return "money_manager" if name == "storer" else name


def included(include: list[str], version: Version) -> frozenset[str]:
    """What was asked to be included, in our own words; refuses what does not exist."""
    wanted = set()
    for value in include:
        part, _, name = value.partition(".")
        name = from_words(name)
        configuration = part == "configuration" and (
            name in CONFIGURATION_KEYS or name in NEVER_APPLIED
        )
        hidden = name in PREVIEW_KEYS | NEVER_APPLIED and not version.preview
        if not (value in PARTS or (configuration and not hidden)):
            hint = PREVIEW_HINT if configuration and hidden else None
            fail(wire_refusals.INCLUDE_INVALID, param="include", hint=hint, value=value[:80])
        wanted.add(f"{part}.{name}" if name else part)
    return frozenset(wanted)


def account_body(state: AccountState, include: frozenset[str], version: Version) -> Body:
    """The account with what is included."""
    account = state.account
    early = version.date <= EARLY_LAST
    body: Body = {
        "id": account.id,
        "object": "v2.core.account",
        "applied_configurations": [
            in_words(name, version)
            for name in account.applied_configurations
            if version.preview or name not in PREVIEW_KEYS
        ],
        "configuration": _configuration(state, include, version),
        "contact_email": account.contact_email,
        "created": account.created,
        "dashboard": account.dashboard,
        "identity": _identity(account.identity, version) if "identity" in include else None,
        "defaults": _defaults(state) if "defaults" in include else None,
        "display_name": account.display_name,
        "metadata": account.metadata,
        "requirements": _requirements(state, version) if "requirements" in include else None,
        "livemode": account.livemode,
    }
    if not early:
        body["closed"] = account.closed
        body["contact_phone"] = account.contact_phone
        body["future_requirements"] = (
            _required(account.future_requirements, version)
            if "future_requirements" in include
            else None
        )
    return body


def person_body(person: Person, version: Version) -> Body:
    """The person as v2 shows it."""
    return render(person, version)


def _configuration(state: AccountState, include: frozenset[str], version: Version) -> Body | None:
    """All configurations by name, those that were not included null."""
    if not any(name.startswith("configuration.") for name in include):
        return None
    shown: Body = {}
    for name in CONFIGURATION_KEYS:
        if name in PREVIEW_KEYS and not version.preview:
            continue
        wanted = f"configuration.{name}" in include
        shown[in_words(name, version)] = _one(state, name, version) if wanted else None
    if "configuration.developer" in include:
        shown["developer"] = None
    return shown


def _one(state: AccountState, name: str, version: Version) -> Body | None:
    configuration = getattr(state.account.configuration, name)
    if configuration is None:
        return None
    early = version.date <= EARLY_LAST
    # Facts of a merchant are kept without the configuration too, because v1 writes them.
    if early and not configuration.applied and name != "merchant":
        return None
    body: Body = msgspec.to_builtins(configuration)
    mine = {
        path: capability
        for path, capability in state.capabilities.items()
        if capability.configuration == name
    }
    body["capabilities"] = _capabilities(capability_tree(name), mine, version)
    if name == "recipient":
        body["default_outbound_destination"] = _destination(state)
    if early:
        del body["applied"]
    if body.get("default_outbound_destination", "") is None and (early or not version.preview):
        del body["default_outbound_destination"]
    return body


def _destination(state: AccountState) -> Body | None:
    """Where money goes by default: what was said, or the bank account that payouts of the
    account's currency go to."""
    recipient = state.account.configuration.recipient
    said = recipient.default_outbound_destination if recipient is not None else None
    currency = state.account.defaults.currency or currency_of(state.account.identity.country)
    for one in state.external_accounts:
        chosen = one.id == said.id if said is not None else one.currency == currency
        if chosen and (said is not None or one.default_for_currency):
            return {"id": one.id, "type": f"{one.country.lower()}_bank_account"}
    if said is None or not said.id.startswith(PAYOUT_METHODS):
        return None
    return {"id": said.id, "type": f"{said.id[:2]}_bank_account"}


def _capabilities(
    tree: dict[str, Any], mine: dict[str, Capability], version: Version
) -> Body | None:
    """Requested capabilities by name; the others are absent early on, null later."""
    early = version.date <= EARLY_LAST
    shown: Body = {}
    for name, below in tree.items():
        if isinstance(below, dict):
            inner = _capabilities(below, mine, version)
            held = inner is not None and any(value is not None for value in inner.values())
            value = inner if held else None
        else:
            value = _capability(mine[below], version) if below in mine else None
        if value is not None or not early:
            shown[name] = value
    return shown


def _capability(capability: Capability, version: Version) -> Body:
    body: Body = {}
    if version.date <= EARLY_LAST:
        body["requested"] = capability.requested
    elif version.preview:
        # Nobody asks for protections here; a 64-bit integer of v2 is text.
        requested_at = str(capability.requested_ms // 1000)
        protection = {"expires_at": None, "requested_at": requested_at, "status": "inactive"}
        body["protections"] = {"psp_migration": protection}
    body["status"] = capability.status
    body["status_details"] = msgspec.to_builtins(capability.status_details)
    return body


def _identity(identity: Identity, version: Version) -> Body:
    body: Body = msgspec.to_builtins(identity)
    if needs_reshaping(Identity, version):
        body = reshaper(Identity, version)(body)
    if body["individual"] is not None:
        # The mode is said of the account and of persons that stand alone.
        del body["individual"]["livemode"]
    return body


def _defaults(state: AccountState) -> Body:
    body: Body = msgspec.to_builtins(state.account.defaults)
    if body["responsibilities"] is None:
        body["responsibilities"] = {
            "fees_collector": None,
            "losses_collector": None,
            "requirements_collector": requirements_collector(state.account),
        }
    return body


def _requirements(state: AccountState, version: Version) -> Body:
    body = _required(state.account.requirements, version)
    if version.date > EARLY_LAST:
        return body
    responsibilities = state.account.defaults.responsibilities
    collector = responsibilities.requirements_collector if responsibilities is not None else None
    return {"collector": collector or requirements_collector(state.account), **body}


def _required(given: Requirements | FutureRequirements, version: Version) -> Body:
    """Requirements in the words of a version: previews have no alternatives."""
    body: Body = msgspec.to_builtins(given)
    if version.preview:
        del body["alternatives"]
    return body
