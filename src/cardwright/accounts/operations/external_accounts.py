"""``/v1/accounts/:id/external_accounts``: where an account is paid out to."""

from typing import Any

from cardwright.accounts import external_accounts
from cardwright.accounts.operations.v1 import ACCOUNT, account_tx, slice_of
from cardwright.accounts.record import store
from cardwright.accounts.record.bank_account import (
    BankAccount,
    ExternalAccountCreate,
    ExternalAccountList,
    ExternalAccountUpdate,
)
from cardwright.kernel.database import Tx
from cardwright.wire import pages
from cardwright.wire.operation import Call, Operation

PATH = f"{ACCOUNT}/external_accounts"
ONE = f"{PATH}/{{external_account}}"


async def create(tx: Tx, call: Call[ExternalAccountCreate]) -> BankAccount:
    """Add a bank account to an account."""
    account = await account_tx(tx, call.path["id"])
    return await external_accounts.add(
        account,
        call.given.get("external_account"),
        default=call.given.get("default_for_currency"),
        metadata=call.given.get("metadata"),
    )


async def list_all(tx: Tx, call: Call[ExternalAccountList]) -> pages.Page[BankAccount]:
    """List the bank accounts of an account, newest first; cards there are none."""
    account = await account_tx(tx, call.path["id"])
    state = await store.load_state(account)
    found = [] if call.given.get("object") == "card" else state.external_accounts
    return slice_of(BankAccount, list(reversed(found)), call.page)


async def retrieve(tx: Tx, call: Call[Any]) -> BankAccount:
    """Retrieve a bank account of an account."""
    account = await account_tx(tx, call.path["id"])
    return external_accounts.find(await store.load_state(account), call.path["external_account"])


async def update(tx: Tx, call: Call[ExternalAccountUpdate]) -> BankAccount:
    """Update a bank account of an account."""
    account = await account_tx(tx, call.path["id"])
    return await external_accounts.update(account, call.path["external_account"], call.given)


async def delete(tx: Tx, call: Call[Any]) -> dict[str, Any]:
    """Remove a bank account from an account."""
    account = await account_tx(tx, call.path["id"])
    gone = await external_accounts.delete(account, call.path["external_account"])
    return {"id": gone.id, "object": "bank_account", "currency": gone.currency, "deleted": True}


OPERATIONS = (
    Operation(
        method="POST", path=PATH, handler=create, takes=ExternalAccountCreate, returns=BankAccount
    ),
    Operation(
        method="GET",
        path=PATH,
        handler=list_all,
        takes=ExternalAccountList,
        letter="l",
        returns=BankAccount,
        is_list=True,
    ),
    Operation(method="GET", path=ONE, handler=retrieve, returns=BankAccount),
    Operation(
        method="POST",
        path=ONE,
        handler=update,
        takes=ExternalAccountUpdate,
        letter="u",
        returns=BankAccount,
    ),
    Operation(method="DELETE", path=ONE, handler=delete),
)
