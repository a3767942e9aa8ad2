"""What the operations of treasury (v1) have in common."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from cardwright.currencies import refusals as currencies_refusals
from cardwright.financial_accounts import treasury
from cardwright.financial_accounts.record.model import FinancialAccount
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.wire import instants, pages, rows
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Parameters, Resource

PATH = "/v1/treasury"
# How v1 calls statuses of the record.
STATUSES = {"open": "pending", "completed": "succeeded"}
ResourceT = TypeVar("ResourceT", bound=Resource)


def check_dollars(currency: str, param: str = "currency") -> None:
    """Refuse what treasury accounts do not hold."""
    if currency != "usd":
        reason = "Treasury accounts hold usd."
        fail(currencies_refusals.CURRENCY_UNSUPPORTED, param=param, value=currency, reason=reason)


async def listed(
    tx: Tx,
    call: Call[Any],
    shape: type[ResourceT],
    show: Callable[[ResourceT], Any],
    **fixed: Any,
) -> pages.Page[Any]:
    """A page of what moved in a treasury account."""
    given = call.given.tree
    account = await treasury.get(tx, given["financial_account"], "financial_account")
    status = given.get("status")
    wanted = {
        "financial_account": account.id,
        "status": STATUSES.get(status or "", status),
        **fixed,
    }
    page = await pages.list_page(
        tx.connection,
        shape,
        tx.account_id,
        None,
        call.page,
        fixed={name: value for name, value in wanted.items() if value},
    )
    return pages.Page([show(one) for one in page.data], page.has_more, page.request)


async def of_treasury(tx: Tx, call: Call[Any], shape: type[ResourceT]) -> ResourceT:
    """A record that v1 knows: one of a treasury account."""
    record = await rows.get(tx, shape, call.path["id"])
    account = await rows.get(tx, FinancialAccount, getattr(record, "financial_account"))  # noqa: B009
    return record if account.is_treasury else rows.missing(shape, call.path["id"])


def kind(
    name: str,
    shape: type[Resource],
    shown: type[Resource],
    show: Callable[[Any], Any],
    filters: type[Parameters],
    columns: tuple[str, ...] = (),
) -> tuple[Operation, Operation]:
    """List and retrieve a kind of movement."""

    async def list_all(tx: Tx, call: Call[Any]) -> pages.Page[Any]:
        fixed = {column: call.given.get(column) for column in columns}
        if "created" in call.given:
            fixed["created"] = instants.as_texts(instants.of_seconds(call.given.get("created")))
        return await listed(tx, call, shape, show, **fixed)

    async def retrieve(tx: Tx, call: Call[Any]) -> Any:
        return show(await of_treasury(tx, call, shape))

    path = f"{PATH}/{name}"
    return (
        Operation(
            method="GET",
            path=path,
            handler=list_all,
            takes=filters,
            letter="l",
            returns=shown,
            is_list=True,
        ),
        Operation(method="GET", path=f"{path}/{{id}}", handler=retrieve, returns=shown),
    )


def write(
    path: str,
    handler: Callable[[Tx, Call[Any]], Awaitable[Any]],
    returns: type[Resource] | None,
    takes: type[Parameters] | None = None,
    **more: Any,
) -> Operation:
    return Operation(
        method="POST", path=path, handler=handler, takes=takes, returns=returns, **more
    )
