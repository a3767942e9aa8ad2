"""``/v1/account_links`` and ``/v2/core/account_links``: how a platform makes links."""

from typing import get_args

import msgspec

from cardwright.hosted import flows, refusals
from cardwright.hosted.model import (
    PATH,
    AccountLink,
    AccountLinkParameters,
    AccountLinkParametersV2,
    AccountLinkV2,
    CollectionOptions,
    NewLink,
    UseCaseType,
)
from cardwright.kernel.clock import rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Moment, Timestamp

USE_CASES: tuple[str, ...] = get_args(UseCaseType)


async def create(tx: Tx, call: Call[AccountLinkParameters]) -> AccountLink:
    """Make a link (v1)."""
    asked = call.given.value()
    options = asked.collection_options
    if options is not None and asked.collect is not None:
        fail(
            wire_refusals.PARAMETER_EXCLUSIVE, param="collect", params="collect, collection_options"
        )
    new = NewLink(
        account=asked.account,
        api="v1",
        use_case=asked.type,
        fields=options.fields if options is not None else asked.collect or "currently_due",
        future_requirements=options.future_requirements if options is not None else "omit",
        configurations=None,
        refresh_url=asked.refresh_url,
        return_url=asked.return_url,
        body={},
    )
    params = {name: name for name in ("type", "refresh_url", "return_url")}
    made = await flows.create_link(tx, new, params)
    return AccountLink(
        created=Timestamp(made.created_ms // 1000),
        expires_at=Timestamp(made.expires_ms // 1000),
        url=call.base_url + made.path,
    )


async def create_v2(tx: Tx, call: Call[AccountLinkParametersV2]) -> AccountLinkV2:
    """Make a link (v2)."""
    asked = call.given.value()
    use_case = asked.use_case
    path = f"use_case.{use_case.type}"
    for name in USE_CASES:
        given = getattr(use_case, name) is not None
        if given and name != use_case.type:
            fail(refusals.LINK_USE_CASE_OF_OTHER_TYPE, param=f"use_case.{name}", type=use_case.type)
    options = getattr(use_case, use_case.type)
    if options is None:
        fail(wire_refusals.FIELD_MISSING, param=path)
    collected = options.collection_options or CollectionOptions()
    new = NewLink(
        account=asked.account,
        api="v2",
        use_case=use_case.type,
        fields=collected.fields,
        future_requirements=collected.future_requirements,
        configurations=options.configurations,
        refresh_url=options.refresh_url,
        return_url=options.return_url,
        body=call.given.get("use_case"),
    )
    params = {"type": "use_case.type", "configurations": f"{path}.configurations"}
    params |= {name: f"{path}.{name}" for name in ("refresh_url", "return_url")}
    made = await flows.create_link(tx, new, params)
    return AccountLinkV2(
        account=new.account,
        created=Moment(rfc3339(made.created_ms)),
        expires_at=Moment(rfc3339(made.expires_ms)),
        livemode=tx.livemode,
        url=call.base_url + made.path,
        use_case=new.body,
    )


async def repeat_v2(tx: Tx, call: Call[AccountLinkParametersV2], made: str) -> AccountLinkV2:
    """The link that an earlier call with the same key made."""
    account_id, _, token = made.partition("/")
    link = await flows.find_link(tx, account_id, token)
    return AccountLinkV2(
        account=account_id,
        created=Moment(rfc3339(link.created_ms)),
        expires_at=Moment(rfc3339(link.expires_ms)),
        livemode=tx.livemode,
        url=f"{call.base_url}{PATH}{made}",
        use_case=msgspec.json.decode(link.body),
    )


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/account_links",
        handler=create,
        takes=AccountLinkParameters,
        returns=AccountLink,
        platform_only=True,
    ),
    Operation(
        method="POST",
        path="/v2/core/account_links",
        handler=create_v2,
        takes=AccountLinkParametersV2,
        platform_only=True,
        current=repeat_v2,
    ),
)
