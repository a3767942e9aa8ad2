"""``/v1/treasury``: financial accounts and their transactions, as v1 shows them."""

from typing import Any

import msgspec

from cardwright.financial_accounts import refusals, treasury
from cardwright.financial_accounts.operations.v1_common import (
    PATH,
    check_dollars,
    listed,
    of_treasury,
    write,
)
from cardwright.financial_accounts.operations.v1_shapes import (
    ClosedTreasuryAccount,
    EntryListGiven,
    TransactionList,
    TreasuryAccountList,
    TreasuryAccountParameters,
    WantedFeatures,
)
from cardwright.financial_accounts.record import transactions
from cardwright.financial_accounts.record.model import FinancialAccount
from cardwright.financial_accounts.views import v1_account, v1_ledger
from cardwright.financial_accounts.views.features import features_of, requested_in
from cardwright.financial_accounts.views.v1_account import ACCOUNT, TreasuryAccount
from cardwright.financial_accounts.views.v1_ledger import TreasuryEntry, TreasuryTransaction
from cardwright.financial_accounts.views.v1_objects import Features
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.wire import instants, pages
from cardwright.wire.operation import Call, Operation

ACCOUNTS = f"{PATH}/financial_accounts"
REVEALED = frozenset({"features", "financial_addresses.aba.account_number"})


# Accounts.


async def _account(tx: Tx, call: Call[Any], one: FinancialAccount) -> TreasuryAccount:
    [shown] = await _accounts(tx, call, [one])
    return shown


async def _accounts(
    tx: Tx, call: Call[Any], found: list[FinancialAccount]
) -> list[TreasuryAccount]:
    """Features and whole account numbers are shown when they are expanded."""
    bank = call.expand.get("financial_addresses", {}).get("aba", {})
    shown = [
        v1_account.account(*facts, numbers="account_number" in bank)
        for facts in await treasury.facts_of(tx, found)
    ]
    if "features" in call.expand:
        return shown
    return [msgspec.structs.replace(one, features=msgspec.UNSET) for one in shown]


async def create_account(tx: Tx, call: Call[TreasuryAccountParameters]) -> TreasuryAccount:
    """Create a financial account."""
    given = call.given
    # One currency there is, named once.
    check_dollars(", ".join(given.get("supported_currencies")), "supported_currencies")
    made = await treasury.create(
        tx,
        ACCOUNT.translate(given.tree),
        features=requested_in(given.get("features") or {}),
        restrictions=given.get("platform_restrictions"),
    )
    return await _account(tx, call, made)


async def retrieve_account(tx: Tx, call: Call[Any]) -> TreasuryAccount:
    """Retrieve a financial account."""
    return await _account(tx, call, await treasury.get(tx, call.path["id"]))


async def update_account(tx: Tx, call: Call[TreasuryAccountParameters]) -> TreasuryAccount:
    """Update a financial account."""
    given = call.given
    before = await treasury.get(tx, call.path["id"])
    if given.get("forwarding_settings") and before.status != "closed":
        fail(refusals.FORWARDING_WHILE_OPEN, param="forwarding_settings")
    changed = await treasury.change(
        tx,
        call.path["id"],
        ACCOUNT.translate(given.tree),
        features=requested_in(given.get("features") or {}),
        restrictions=given.get("platform_restrictions"),
    )
    return await _account(tx, call, changed)


async def close_account(tx: Tx, call: Call[ClosedTreasuryAccount]) -> TreasuryAccount:
    """Close a financial account."""
    return await _account(tx, call, await treasury.close(tx, call.path["id"]))


async def list_accounts(tx: Tx, call: Call[TreasuryAccountList]) -> pages.Page[TreasuryAccount]:
    """List financial accounts, newest first."""
    status = call.given.get("status")
    statuses = {"closed": frozenset({"closed"}), "open": frozenset({"open", "pending"})}
    fixed = {
        "is_treasury": True,
        "status": statuses.get(status),
        "created": instants.as_texts(instants.of_seconds(call.given.get("created"))),
    }
    page = await pages.list_page(
        tx.connection,
        FinancialAccount,
        tx.account_id,
        None,
        call.page,
        fixed={name: value for name, value in fixed.items() if value},
    )
    return pages.Page(await _accounts(tx, call, page.data), page.has_more, page.request)


async def retrieve_features(tx: Tx, call: Call[Any]) -> dict[str, Any]:
    """Retrieve the features of a financial account."""
    account = await treasury.get(tx, call.path["id"])
    shown: Features = features_of(account, await treasury.standing_of(tx))
    body: dict[str, Any] = msgspec.to_builtins(shown)
    return body


async def update_features(tx: Tx, call: Call[WantedFeatures]) -> dict[str, Any]:
    """Request features of a financial account, or give them up."""
    wanted = requested_in(call.given.tree)
    account = await treasury.change(tx, call.path["id"], {}, features=wanted)
    body: dict[str, Any] = msgspec.to_builtins(features_of(account, await treasury.standing_of(tx)))
    return body


# What the ledger tells.


async def list_transactions(tx: Tx, call: Call[TransactionList]) -> pages.Page[TreasuryTransaction]:
    """List transactions, newest first."""
    return await listed(
        tx,
        call,
        transactions.Transaction,
        lambda one: v1_ledger.transaction(one, livemode=tx.livemode),
        created=instants.of_seconds(call.given.get("created")),
    )


async def retrieve_transaction(tx: Tx, call: Call[Any]) -> TreasuryTransaction:
    """Retrieve a transaction."""
    found = await of_treasury(tx, call, transactions.Transaction)
    return v1_ledger.transaction(found, livemode=tx.livemode)


async def list_entries(tx: Tx, call: Call[EntryListGiven]) -> pages.Page[TreasuryEntry]:
    """List transaction entries, newest first."""
    return await listed(
        tx,
        call,
        transactions.Entry,
        lambda one: v1_ledger.entry(one, livemode=tx.livemode),
        created=instants.of_seconds(call.given.get("created")),
        transaction=call.given.get("transaction"),
    )


async def retrieve_entry(tx: Tx, call: Call[Any]) -> TreasuryEntry:
    """Retrieve a transaction entry."""
    found = await of_treasury(tx, call, transactions.Entry)
    return v1_ledger.entry(found, livemode=tx.livemode)


OPERATIONS = (
    write(
        ACCOUNTS,
        create_account,
        TreasuryAccount,
        TreasuryAccountParameters,
        revealed=REVEALED,
    ),
    Operation(
        method="GET",
        path=ACCOUNTS,
        handler=list_accounts,
        takes=TreasuryAccountList,
        letter="l",
        returns=TreasuryAccount,
        revealed=REVEALED,
        is_list=True,
    ),
    Operation(
        method="GET",
        path=f"{ACCOUNTS}/{{id}}",
        handler=retrieve_account,
        returns=TreasuryAccount,
        revealed=REVEALED,
    ),
    write(
        f"{ACCOUNTS}/{{id}}",
        update_account,
        TreasuryAccount,
        TreasuryAccountParameters,
        letter="u",
        revealed=REVEALED,
    ),
    write(
        f"{ACCOUNTS}/{{id}}/close",
        close_account,
        TreasuryAccount,
        ClosedTreasuryAccount,
        revealed=REVEALED,
    ),
    Operation(method="GET", path=f"{ACCOUNTS}/{{id}}/features", handler=retrieve_features),
    write(f"{ACCOUNTS}/{{id}}/features", update_features, None, WantedFeatures, letter="u"),
    Operation(
        method="GET",
        path=f"{PATH}/transactions",
        handler=list_transactions,
        takes=TransactionList,
        letter="l",
        returns=TreasuryTransaction,
        is_list=True,
    ),
    Operation(
        method="GET",
        path=f"{PATH}/transactions/{{id}}",
        handler=retrieve_transaction,
        returns=TreasuryTransaction,
    ),
    Operation(
        method="GET",
        path=f"{PATH}/transaction_entries",
        handler=list_entries,
        takes=EntryListGiven,
        letter="l",
        returns=TreasuryEntry,
        is_list=True,
    ),
    Operation(
        method="GET",
        path=f"{PATH}/transaction_entries/{{id}}",
        handler=retrieve_entry,
        returns=TreasuryEntry,
    ),
)
