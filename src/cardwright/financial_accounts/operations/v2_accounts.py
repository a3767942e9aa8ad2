"""``/v2/money_management``: financial accounts, their addresses, and what happened to them."""

from typing import Any

import msgspec

from cardwright.financial_accounts import flows, refusals
from cardwright.financial_accounts.moves import receiving
from cardwright.financial_accounts.operations.v2_common import (
    PATH,
    listed,
    lists,
    plain,
    reads,
    writes,
)
from cardwright.financial_accounts.operations.v2_shapes import (
    ChangedFinancialAccount,
    ChangedTransaction,
    ClosedFinancialAccount,
    CreatedList,
    EntryList,
    FinancialAccountList,
    FinancialAddressList,
    FlowList,
    NewFinancialAccount,
    NewFinancialAddress,
    ReceivedDebitList,
    SimulatedCredit,
    SimulatedDebit,
    TransactionList,
)
from cardwright.financial_accounts.record import money, transactions
from cardwright.financial_accounts.record.model import (
    FinancialAccount,
    FinancialAddress,
    ForwardingSettings,
    ReceivedCredit,
    ReceivedDebit,
)
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.wire import instants, pages, rows
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.given import Given
from cardwright.wire.operation import Call, Operation
from cardwright.wire.render import render
from cardwright.wire.versions import Body

ACCOUNTS, ADDRESSES = f"{PATH}/financial_accounts", f"{PATH}/financial_addresses"
HELPERS = f"{PATH}/test_helpers/financial_addresses/{{id}}"
# What v2 calls a wire of dollars.
WIRE = "us_domestic_wire"
# What the two small credits of a test are, in minor units.
MICRODEPOSITS = (32, 45)


# Accounts.


# What can be included; accounts of type storage have none of it.
INCLUDABLE = frozenset(
    {
        "payments.balance_by_funds_type",
        "storage.crypto",
        "storage.deposit_insurance_eligibility",
    }
)


def _check_included(call: Call[Any]) -> None:
    for name in call.include:
        if name not in INCLUDABLE:
            fail(wire_refusals.INCLUDE_INVALID, param="include", value=name[:100])


async def show_account(tx: Tx, call: Call[Any], account: FinancialAccount) -> Body:
    """An account with its balance."""
    _check_included(call)
    return render(await money.shown(tx, account), call.version)


async def create_account(tx: Tx, call: Call[NewFinancialAccount]) -> Body:
    """Create a financial account."""
    given = call.given
    if given.get("type") != "storage":
        fail(refusals.FINANCIAL_ACCOUNT_TYPE_UNSUPPORTED, param="type", type=given.get("type"))
    if given.get("savings") is not None:
        fail(refusals.STORAGE_WITHOUT_SAVINGS, param="savings")
    if given.get("storage") is None:
        fail(wire_refusals.FIELD_MISSING, param="storage")
    return await show_account(tx, call, await flows.create_financial_account(tx, given))


async def update_account(tx: Tx, call: Call[ChangedFinancialAccount]) -> Body:
    """Update a financial account."""
    given: dict[str, Any] = dict(call.given.tree)
    forwarding = given.pop("forwarding_settings", None)
    storage = given.pop("storage", None) or {}
    changed = await flows.update_financial_account(
        tx,
        call.path["id"],
        Given(ChangedFinancialAccount, given, "v2"),
        currencies=storage.get("holds_currencies"),
        forwarding=_forwarding(forwarding),
    )
    return await show_account(tx, call, changed)


def _forwarding(given: dict[str, Any] | None) -> ForwardingSettings | None:
    return msgspec.convert(given, ForwardingSettings) if given else None


async def close_account(tx: Tx, call: Call[ClosedFinancialAccount]) -> Body:
    """Close a financial account."""
    forwarding = call.given.value().forwarding_settings
    closed = await flows.close_financial_account(tx, call.path["id"], forwarding)
    return await show_account(tx, call, closed)


async def list_accounts(tx: Tx, call: Call[FinancialAccountList]) -> pages.Page[Body]:
    """List financial accounts, newest first."""
    _check_included(call)
    wanted = call.given.value()
    page = await pages.list_page(
        tx.connection,
        FinancialAccount,
        tx.account_id,
        None,
        call.page,
        fixed={
            "status": frozenset(wanted.statuses) or None,
            "type": frozenset(wanted.types) or None,
        },
        cursor_param=False,
    )
    shown = await money.all_shown(tx, page.data)
    return pages.Page([render(one, call.version) for one in shown], page.has_more, page.request)


# Addresses.


async def create_address(tx: Tx, call: Call[NewFinancialAddress]) -> Body:
    """Create a financial address; its numbers follow when it is active."""
    wanted = call.given.value()
    assert wanted.bank_account is not None, "the parser has seen it"
    currency = wanted.bank_account.currency
    if wanted.settlement_currency not in (None, currency):
        fail(refusals.ADDRESS_NOT_CONVERTED, param="settlement_currency", currency=currency)
    made = await flows.create_address(
        tx, wanted.financial_account, currency, wanted.bank_account.country
    )
    return await plain(tx, call, made)


async def list_addresses(tx: Tx, call: Call[FinancialAddressList]) -> pages.Page[Body]:
    """List financial addresses, newest first."""
    return await listed(
        tx,
        call,
        FinancialAddress,
        lambda one: render(one, call.version),
        financial_account=call.given.get("financial_account"),
    )


# Test helpers.


async def _active(tx: Tx, call: Call[Any]) -> FinancialAddress:
    address = await rows.get(tx, FinancialAddress, call.path["id"])
    if address.status != "active":
        fail(refusals.FINANCIAL_ADDRESS_INACTIVE, address=address.id, status=address.status)
    return address


async def credit_address(tx: Tx, call: Call[SimulatedCredit]) -> Body:
    """Send money to an address, as another bank would."""
    wanted = call.given.value()
    currency = wanted.amount.currency
    network = WIRE if wanted.network == "wire" else wanted.network
    address = await _active(tx, call)
    _check_network(network, currency, receiving.CREDIT_NETWORKS)
    await receiving.receive_credit(
        tx,
        address.financial_account,
        wanted.amount.value,
        currency,
        network=network,
        address=address,
        statement_descriptor=wanted.statement_descriptor,
    )
    return _simulation(tx, address, "financial_address_credit_simulation")


async def debit_address(tx: Tx, call: Call[SimulatedDebit]) -> Body:
    """Take money from an address, as another bank would."""
    wanted = call.given.value()
    currency = wanted.amount.currency
    address = await _active(tx, call)
    _check_network(wanted.network, currency, receiving.DEBIT_NETWORKS)
    await receiving.receive_debit(
        tx,
        address.financial_account,
        wanted.amount.value,
        currency,
        network=wanted.network,
        address=address,
        statement_descriptor=wanted.statement_descriptor,
    )
    return _simulation(tx, address, "financial_address_debit_simulation")


async def generate_microdeposits(tx: Tx, call: Call[Any]) -> Body:
    """Send an address the two small amounts that prove whose it is."""
    address = await _active(tx, call)
    currency = address.settlement_currency
    [network] = sorted(receiving.CREDIT_NETWORKS[currency] - {"chaps", "rtp", "swift", WIRE})
    for amount in MICRODEPOSITS:
        await receiving.receive_credit(
            tx, address.financial_account, amount, currency, network=network, address=address
        )
    shown = _simulation(tx, address, "financial_address_generated_microdeposits")
    amounts = [{"currency": currency, "value": amount} for amount in MICRODEPOSITS]
    return {**shown, "amounts": amounts, "status": "accepted"}


def _check_network(network: str, currency: str, networks: dict[str, set[str]]) -> None:
    known = networks.get(currency, set())
    if network not in known:
        fail(
            refusals.NETWORK_NOT_OF_CURRENCY,
            param="network",
            currency=currency,
            networks=", ".join(sorted(known)) or "no network",
        )


def _simulation(tx: Tx, address: FinancialAddress, name: str) -> Body:
    # The id lets a repeated key be answered; the object has none in the public API.
    return {
        "id": address.id,
        "object": f"v2.money_management.{name}",
        "livemode": tx.livemode,
        "status": "accepted",
    }


# What came in, what was taken, what the ledger tells.


async def list_credits(tx: Tx, call: Call[CreatedList]) -> pages.Page[Body]:
    """List received credits, newest first."""
    created = instants.as_texts(instants.of_texts(call.given.get("created")))
    return await listed(
        tx, call, ReceivedCredit, lambda one: render(one, call.version), created=created
    )


async def list_debits(tx: Tx, call: Call[ReceivedDebitList]) -> pages.Page[Body]:
    """List received debits, newest first; none of them has a mandate."""
    if call.given.get("received_debit_mandate"):
        return pages.Page([], has_more=False, request=call.page)
    return await listed(tx, call, ReceivedDebit, lambda one: render(one, call.version))


async def show_transaction(tx: Tx, _call: Call[Any], one: transactions.Transaction) -> Body:
    """A transaction with what was noted on it."""
    notes = await transactions.notes_of(tx.connection, tx.account_id, [one.id])
    return transactions.transaction_body(one, notes.get(one.id), livemode=tx.livemode)


async def list_transactions(tx: Tx, call: Call[TransactionList]) -> pages.Page[Body]:
    """List transactions, newest first."""
    given = call.given
    fixed = {
        "created": instants.of_texts(given.get("created")),
        "financial_account": given.get("financial_account"),
        "source": given.get("flow"),
    }
    page = await pages.list_page(
        tx.connection,
        transactions.Transaction,
        tx.account_id,
        None,
        call.page,
        fixed={name: value for name, value in fixed.items() if value},
        cursor_param=False,
    )
    ids = [one.id for one in page.data]
    notes = await transactions.notes_of(tx.connection, tx.account_id, ids)
    bodies = [
        transactions.transaction_body(one, notes.get(one.id), livemode=tx.livemode)
        for one in page.data
    ]
    return pages.Page(bodies, page.has_more, page.request)


async def update_transaction(tx: Tx, call: Call[ChangedTransaction]) -> Body:
    """Note something on a transaction."""
    one, note = await transactions.write_note(tx, call.path["id"], call.given)
    return transactions.transaction_body(one, note, livemode=tx.livemode)


async def show_entry(tx: Tx, _call: Call[Any], one: transactions.Entry) -> Body:
    """An entry of a transaction."""
    return transactions.entry_body(one, livemode=tx.livemode)


async def list_entries(tx: Tx, call: Call[EntryList]) -> pages.Page[Body]:
    """List transaction entries, newest first."""
    return await listed(
        tx,
        call,
        transactions.Entry,
        lambda one: transactions.entry_body(one, livemode=tx.livemode),
        created=instants.of_texts(call.given.get("created")),
        transaction=call.given.get("transaction"),
    )


async def show_adjustment(tx: Tx, _call: Call[Any], one: transactions.Adjustment) -> Body:
    """A correction by the operator."""
    return transactions.adjustment_body(one, livemode=tx.livemode)


async def list_adjustments(tx: Tx, call: Call[FlowList]) -> pages.Page[Body]:
    """List adjustments, newest first; none of them names another flow."""
    if call.given.get("adjusted_flow"):
        return pages.Page([], has_more=False, request=call.page)
    return await listed(
        tx,
        call,
        transactions.Adjustment,
        lambda one: transactions.adjustment_body(one, livemode=tx.livemode),
        created=instants.of_texts(call.given.get("created")),
    )


async def _simulated(tx: Tx, call: Call[Any], address_id: str) -> Body:
    address = await rows.get(tx, FinancialAddress, address_id)
    name = call.operation.path.rpartition("/")[2]
    if name == "generate_microdeposits":
        shown = _simulation(tx, address, "financial_address_generated_microdeposits")
        currency = address.settlement_currency
        return {**shown, "amounts": [{"currency": currency, "value": one} for one in MICRODEPOSITS]}
    return _simulation(tx, address, f"financial_address_{name}_simulation")


def _helper(name: str, handler: Any, takes: Any = None) -> Operation:
    return Operation(
        method="POST",
        path=f"{HELPERS}/{name}",
        handler=handler,
        takes=takes,
        current=_simulated,
        test_only=True,
    )


OPERATIONS = (
    writes(ACCOUNTS, create_account, FinancialAccount, NewFinancialAccount, show_account),
    lists("financial_accounts", list_accounts, FinancialAccountList, includes=True),
    reads("financial_accounts", FinancialAccount, show_account, includes=True),
    writes(
        f"{ACCOUNTS}/{{id}}",
        update_account,
        FinancialAccount,
        ChangedFinancialAccount,
        show_account,
        "u",
    ),
    writes(
        f"{ACCOUNTS}/{{id}}/close",
        close_account,
        FinancialAccount,
        ClosedFinancialAccount,
        show_account,
    ),
    writes(ADDRESSES, create_address, FinancialAddress, NewFinancialAddress),
    lists("financial_addresses", list_addresses, FinancialAddressList),
    reads("financial_addresses", FinancialAddress),
    _helper("credit", credit_address, SimulatedCredit),
    _helper("debit", debit_address, SimulatedDebit),
    _helper("generate_microdeposits", generate_microdeposits),
    lists("received_credits", list_credits, CreatedList),
    reads("received_credits", ReceivedCredit),
    lists("received_debits", list_debits, ReceivedDebitList),
    reads("received_debits", ReceivedDebit),
    lists("transactions", list_transactions, TransactionList),
    reads("transactions", transactions.Transaction, show_transaction),
    writes(
        f"{PATH}/transactions/{{id}}",
        update_transaction,
        transactions.Transaction,
        ChangedTransaction,
        show_transaction,
        "u",
    ),
    lists("transaction_entries", list_entries, EntryList),
    reads("transaction_entries", transactions.Entry, show_entry),
    lists("adjustments", list_adjustments, FlowList),
    reads("adjustments", transactions.Adjustment, show_adjustment),
)
