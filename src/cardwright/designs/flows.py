"""What happens to designs: make, change, review, choose."""

from typing import Any

import msgspec

from cardwright.accounts.record.acting import acting
from cardwright.designs import refusals, rules
from cardwright.designs.bundles import find_bundle
from cardwright.designs.model import (
    Design,
    DesignMembers,
    DesignRejected,
    DesignStatus,
    PersonalizationDesign,
    PhysicalBundle,
    Preferences,
    RejectionReasons,
)
from cardwright.features.happenings import dispatch
from cardwright.files.documents import Document, check_documents
from cardwright.kernel import ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import gates, registry
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge
from cardwright.wire.resource import Timestamp, members

QUERIES = load(__file__)
EVENTS: dict[DesignStatus, str] = {
    "active": "issuing_personalization_design.activated",
    "inactive": "issuing_personalization_design.deactivated",
    "rejected": "issuing_personalization_design.rejected",
}

_DEFAULT = QUERIES.value("default_design", str)
_HOLD = QUERIES.value("hold_design", str)
_HOLDER_OF_KEY = QUERIES.value("holder_of_key", str)
_ACCOUNT = QUERIES.value("account_of_design", str)


async def create_design(tx: Tx, given: Given[PersonalizationDesign]) -> PersonalizationDesign:
    """A new design of the acting account, in review."""
    await gates.lock(tx, tx.account_id)
    bundle = await _bundle(tx, str(given.get("physical_bundle")))
    rules.check_bundle(bundle)
    design = build(
        Design,
        _stored(given),
        id=ids.new_id(Design.prefix),
        account=tx.account_id,
        created=Timestamp(tx.now),
        is_default=_default_given(given, otherwise=False),
        livemode=tx.livemode,
        platform_id=tx.platform_id,
    )
    rules.check(design, bundle)
    await _check_logo(tx, None, design)
    await _make_room(tx, None, design, transfer=bool(given.get("transfer_lookup_key")))
    await rows.insert(tx, design)
    return shown(design, tx.account_id)


async def update_design(
    tx: Tx, design_id: str, given: Given[PersonalizationDesign]
) -> PersonalizationDesign:
    """The design with the given members changed; a change of what is printed is reviewed anew."""
    await gates.lock(tx, tx.account_id)
    before = await rows.lock(tx, Design, design_id)
    merged = merge(before, _stored(given))
    after = msgspec.structs.replace(
        merged, is_default=_default_given(given, otherwise=before.is_default)
    )
    if after.physical_bundle is None:
        fail(wire_refusals.PARAMETER_EMPTY, param="physical_bundle")
    bundle = await _bundle(tx, after.physical_bundle)
    if after.physical_bundle != before.physical_bundle:
        rules.check_bundle(bundle)
    after = rules.reviewed_anew(before, after)
    if after == before:
        return shown(after, tx.account_id)
    rules.check(after, bundle)
    await _check_logo(tx, before, after)
    await _make_room(tx, before, after, transfer=bool(given.get("transfer_lookup_key")))
    return await _save(tx, before, after, "issuing_personalization_design.updated")


async def review(
    tx: Tx, design_id: str, status: DesignStatus, reasons: RejectionReasons | None = None
) -> PersonalizationDesign:
    """Take a reviewer's decision about a design of the acting account.

    Cards that wait to be made with a rejected design are canceled.
    """
    before = await rows.lock(tx, Design, design_id)
    rules.check_step(before, status)
    if reasons is not None:
        rules.check_reasons(reasons)
    after = msgspec.structs.replace(
        before, status=status, rejection_reasons=reasons or RejectionReasons()
    )
    made = await _save(tx, before, after, EVENTS[status])
    if status == "rejected":
        await dispatch(tx, DesignRejected(design_id))
    return made


async def find_owner(tx: Tx, design_id: str) -> Tx:
    """The transaction of a platform acting as the one of its accounts that has the design."""
    account_id = await _ACCOUNT(tx.connection, platform_id=tx.account_id, id=design_id)
    owner = await acting(tx, account_id) if account_id is not None else None
    if owner is None:
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="id",
            object="personalization design",
            id=design_id[:200],
        )
    return owner


async def choose(tx: Tx, design_id: str | None, second_line: str | None) -> Design | None:
    """The design that a new card is made with: the one named, or the account's default, or the
    platform's; None when there is none. Refuses a second line that its bundle does not print."""
    if design_id is not None:
        design = await hold(tx, design_id, "personalization_design")
        rules.check_usable(design, "personalization_design")
    else:
        default = await _default_of(tx, tx.account_id)
        if default is None and tx.platform_id != tx.account_id:
            default = await _default_of(tx, tx.platform_id)
        if default is None:
            return None
        design = default
    rules.check_second_line(await _bundle(tx, design.physical_bundle), second_line)
    return design


async def check_fulfillable(tx: Tx, design_id: str) -> None:
    """Refuse to make a card of the acting account while its design is not approved."""
    rules.check_fulfillable(await hold(tx, design_id))


async def hold(tx: Tx, design_id: str, param: str = "id") -> Design:
    """The design as it stays until the transaction ends: no card is ordered or made with one that
    is rejected meanwhile."""
    design = await find_design(tx, design_id, param)
    await _HOLD(tx.connection, account_id=design.account, id=design.id)
    return await find_design(tx, design_id, param)


async def find_design(tx: Tx, design_id: str, param: str = "id") -> Design:
    """A design of the acting account or of its platform; refuses with ``resource_missing``."""
    for account_id in dict.fromkeys((tx.account_id, tx.platform_id)):
        found = await rows.find(tx.connection, Design, account_id, design_id)
        if found is not None:
            return found
    return rows.missing(Design, design_id, param)


async def load_shown(
    connection: Connection, account_id: str, design_ids: list[str]
) -> dict[str, Any]:
    """The loader of expanded designs, those of the platform too."""
    tenant = await registry.find_tenant(connection, account_id)
    assert tenant is not None, f"account {account_id} is not registered"
    found: dict[str, Design] = {}
    for owner in dict.fromkeys((tenant.platform_id, account_id)):
        found |= await rows.batch(connection, Design, owner, design_ids)
    return {design.id: shown(design, account_id) for design in found.values()}


def shown(design: Design, viewer: str) -> PersonalizationDesign:
    """The design as the account ``viewer`` sees it: a platform's default is not its own."""
    common = {name: getattr(design, name) for name in members(DesignMembers)}
    return PersonalizationDesign(
        **common,
        preferences=Preferences(
            is_default=design.is_default and viewer == design.account,
            is_platform_default=design.is_default and design.account == design.platform_id,
        ),
    )


async def _default_of(tx: Tx, account_id: str) -> Design | None:
    design_id = await _DEFAULT(tx.connection, account_id=account_id)
    if design_id is None:
        return None
    design = await rows.find(tx.connection, Design, account_id, design_id)
    if design is None:
        return None
    held = await hold(tx, design.id)
    return held if held.is_default and held.status in rules.USABLE else None


async def _bundle(tx: Tx, bundle_id: str) -> PhysicalBundle:
    return await find_bundle(tx, bundle_id, "physical_bundle")


async def _check_logo(tx: Tx, before: Design | None, design: Design) -> None:
    if design.card_logo is None or (before is not None and before.card_logo == design.card_logo):
        return
    logo = Document("card_logo", design.card_logo, ("issuing_logo",))
    await check_documents(tx, [logo], api="v1")


async def _make_room(tx: Tx, before: Design | None, after: Design, *, transfer: bool) -> None:
    """Take the lookup key and the mark of the default from the designs that have them."""
    key = after.lookup_key
    if key is not None and (before is None or before.lookup_key != key):
        holder = await _HOLDER_OF_KEY(tx.connection, account_id=tx.account_id, lookup_key=key)
        if holder is not None and not transfer:
            fail(refusals.LOOKUP_KEY_TAKEN, param="lookup_key", key=key, id=holder)
        if holder is not None:
            await _change(tx, holder, lookup_key=None)
    if after.is_default and not (before is not None and before.is_default):
        other = await _DEFAULT(tx.connection, account_id=tx.account_id)
        if other is not None:
            await _change(tx, other, is_default=False)


async def _change(tx: Tx, design_id: str, **changes: Any) -> None:
    before = await rows.lock(tx, Design, design_id)
    after = msgspec.structs.replace(before, **changes)
    await _save(tx, before, after, "issuing_personalization_design.updated")


async def _save(tx: Tx, before: Design, after: Design, event: str) -> PersonalizationDesign:
    await rows.save(tx, after)
    made, was = shown(after, tx.account_id), shown(before, tx.account_id)
    tx.emit(event, made, previous=changed(was, made))
    return made


def _stored(given: Given[PersonalizationDesign]) -> Given[Design]:
    """What was given of the members that are stored as they are given."""
    own = {name: value for name, value in given.tree.items() if name in members(DesignMembers)}
    return Given(Design, own, given.style)


def _default_given(given: Given[PersonalizationDesign], *, otherwise: bool) -> bool:
    preferences = given.get("preferences") or {}
    return bool(preferences.get("is_default", otherwise))
