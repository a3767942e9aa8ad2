"""``/v1/issuing/personalization_designs``, and the review of designs by an operator.

In the test environment the reviewer is a test helper; ``/_cardwright/issuing/...`` is the door of
the live one. A platform reviews the designs of all of its accounts.
"""

from typing import Any

import msgspec

from cardwright.designs import flows, verbs
from cardwright.designs.model import (
    Design,
    DesignList,
    DesignStatus,
    PersonalizationDesign,
    Rejection,
    WaitingDesigns,
)
from cardwright.kernel.database import Tx
from cardwright.wire import expand, pages
from cardwright.wire.operation import Call, Operation
from cardwright.wire.render import render
from cardwright.wire.versions import Body

PATH = "/v1/issuing/personalization_designs"
HELPERS = "/v1/test_helpers/issuing/personalization_designs"
REVIEW = "/_cardwright/issuing/personalization_designs"
LOADER = expand.Loader(PersonalizationDesign, flows.load_shown)


async def create(tx: Tx, call: Call[PersonalizationDesign]) -> PersonalizationDesign:
    """Create a personalization design."""
    return await flows.create_design(tx, call.given)


async def update(tx: Tx, call: Call[PersonalizationDesign]) -> PersonalizationDesign:
    """Update a personalization design."""
    return await flows.update_design(tx, call.path["id"], call.given)


async def retrieve(tx: Tx, call: Call[Any]) -> PersonalizationDesign:
    """Retrieve a personalization design, of the account or of its platform."""
    return flows.shown(await flows.find_design(tx, call.path["id"]), tx.account_id)


async def list_all(tx: Tx, call: Call[DesignList]) -> pages.Page[PersonalizationDesign]:
    """List personalization designs, newest first."""
    given = call.given.value()
    owner, is_default = tx.account_id, set()
    if given.preferences is not None:
        own, of_platform = given.preferences.is_default, given.preferences.is_platform_default
        if of_platform and tx.account_id != tx.platform_id:
            # The platform's default is nobody else's own.
            owner, is_default = tx.platform_id, {True, not own} if own else {True}
        elif of_platform is not None and tx.account_id == tx.platform_id:
            is_default = {of_platform}
        if own is not None and owner == tx.account_id:
            is_default.add(own)
    if len(is_default) > 1:
        return pages.Page([], has_more=False, request=call.page)
    fixed: dict[str, Any] = {"status": given.status}
    if given.lookup_keys is not None:
        fixed["lookup_key"] = frozenset(given.lookup_keys)
    if is_default:
        fixed["is_default"] = is_default.pop()
    page = await pages.list_page(tx.connection, Design, owner, None, call.page, fixed=fixed)
    shown = [flows.shown(design, tx.account_id) for design in page.data]
    return pages.Page(shown, page.has_more, page.request)


async def list_waiting(tx: Tx, call: Call[WaitingDesigns]) -> pages.Page[Body]:
    """List the designs of all accounts of the platform, each with its account."""
    fixed = {"status": call.given.value().status}
    page = await pages.list_page(
        tx.connection, Design, tx.account_id, None, call.page, owner="platform_id", fixed=fixed
    )
    return pages.Page([with_account(design) for design in page.data], page.has_more, page.request)


def with_account(design: Design) -> Body:
    """A design as its reviewer sees it."""
    return {**render(flows.shown(design, design.account)), "account": design.account}


def _helper(name: str, status: DesignStatus, takes: type[msgspec.Struct] | None) -> Operation:
    async def step(tx: Tx, call: Call[Any]) -> PersonalizationDesign:
        reasons = call.given.value().rejection_reasons if takes is not None else None
        return await flows.review(tx, call.path["id"], status, reasons)

    step.__doc__ = f"{name.capitalize()} a personalization design of the test environment."
    return Operation(
        method="POST",
        path=f"{HELPERS}/{{id}}/{name}",
        handler=step,
        takes=takes,
        returns=PersonalizationDesign,
        test_only=True,
    )


async def activate(tx: Tx, call: Call[Any]) -> PersonalizationDesign:
    """Activate a personalization design, as its reviewer."""
    return await verbs.activate_design(tx, call.path["id"])


async def deactivate(tx: Tx, call: Call[Any]) -> PersonalizationDesign:
    """Deactivate a personalization design, as its reviewer."""
    return await verbs.deactivate_design(tx, call.path["id"])


async def reject(tx: Tx, call: Call[Rejection]) -> PersonalizationDesign:
    """Reject a personalization design, as its reviewer."""
    reasons = call.given.value().rejection_reasons
    return await verbs.reject_design(tx, call.path["id"], reasons)


def _review(handler: Any, takes: type[msgspec.Struct] | None = None) -> Operation:
    return Operation(
        method="POST",
        path=f"{REVIEW}/{{id}}/{handler.__name__}",
        handler=handler,
        takes=takes,
        returns=PersonalizationDesign,
        platform_only=True,
    )


OPERATIONS = (
    Operation(
        method="POST",
        path=PATH,
        handler=create,
        takes=PersonalizationDesign,
        letter="c",
        returns=PersonalizationDesign,
    ),
    Operation(
        method="GET",
        path=PATH,
        handler=list_all,
        takes=DesignList,
        letter="l",
        returns=PersonalizationDesign,
        is_list=True,
    ),
    Operation(method="GET", path=f"{PATH}/{{id}}", handler=retrieve, returns=PersonalizationDesign),
    Operation(
        method="POST",
        path=f"{PATH}/{{id}}",
        handler=update,
        takes=PersonalizationDesign,
        letter="u",
        returns=PersonalizationDesign,
    ),
    _helper("activate", "active", None),
    _helper("deactivate", "inactive", None),
    _helper("reject", "rejected", Rejection),
    Operation(
        method="GET",
        path=REVIEW,
        handler=list_waiting,
        takes=WaitingDesigns,
        letter="l",
        is_list=True,
        platform_only=True,
    ),
    _review(activate),
    _review(deactivate),
    _review(reject, Rejection),
)
