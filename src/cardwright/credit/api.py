"""``/v1/issuing/credit_policies`` and ``/v1/issuing/funding_obligations``, behind their flag."""

from typing import Any

from cardwright.credit import flows, obligations
from cardwright.credit.model import CreditPolicy, FundingObligation, Payment
from cardwright.kernel.database import Tx
from cardwright.wire import expand, pages, rows, standard
from cardwright.wire.operation import Call, Operation

POLICIES = "/v1/issuing/credit_policies"
OBLIGATIONS = "/v1/issuing/funding_obligations"
FLAG = "issuing_credit_beta"
COMMON: dict[str, Any] = {"preview": True, "flag": FLAG}


async def create(tx: Tx, call: Call[CreditPolicy]) -> CreditPolicy:
    """Give an account credit."""
    return await flows.create_policy(tx, call.given)


async def update(tx: Tx, call: Call[CreditPolicy]) -> CreditPolicy:
    """Change an account's credit."""
    return await flows.update_policy(tx, call.path["id"], call.given)


async def retrieve(tx: Tx, call: Call[Any]) -> CreditPolicy:
    """Retrieve a credit policy."""
    found = await rows.get(tx, CreditPolicy, call.path["id"])
    [shown] = await flows.with_balances(tx, [found])
    return shown


async def list_all(tx: Tx, call: Call[CreditPolicy]) -> pages.Page[CreditPolicy]:
    """List credit policies, newest first."""
    page = await pages.list_page(tx.connection, CreditPolicy, tx.account_id, call.given, call.page)
    return pages.Page(await flows.with_balances(tx, page.data), page.has_more, page.request)


async def pay(tx: Tx, call: Call[Payment]) -> FundingObligation:
    """Pay back what is owed, or a part of it."""
    return await obligations.pay(tx, call.path["id"], call.given.value())


OPERATIONS = (
    Operation(
        method="GET",
        path=POLICIES,
        handler=list_all,
        takes=CreditPolicy,
        letter="l",
        returns=CreditPolicy,
        is_list=True,
        **COMMON,
    ),
    Operation(
        method="GET", path=f"{POLICIES}/{{id}}", handler=retrieve, returns=CreditPolicy, **COMMON
    ),
    Operation(
        method="POST",
        path=POLICIES,
        handler=create,
        takes=CreditPolicy,
        returns=CreditPolicy,
        **COMMON,
    ),
    Operation(
        method="POST",
        path=f"{POLICIES}/{{id}}",
        handler=update,
        takes=CreditPolicy,
        letter="u",
        returns=CreditPolicy,
        **COMMON,
    ),
    *standard.operations(FundingObligation, OBLIGATIONS, **COMMON),
    Operation(
        method="POST",
        path=f"{OBLIGATIONS}/{{id}}/pay",
        handler=pay,
        takes=Payment,
        returns=FundingObligation,
        **COMMON,
    ),
)

LOADERS = {
    "issuing.credit_policy": expand.loader(CreditPolicy),
    "issuing.funding_obligation": expand.loader(FundingObligation),
}
