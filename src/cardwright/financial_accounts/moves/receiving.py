"""Money that others send to financial accounts and take from them, and what cards do to them.

Every verb holds the account's gate. What a test helper or a bank statement reports comes here.
"""

from typing import Any, TypeVar

import msgspec
from msgspec import UNSET

from cardwright.financial_accounts import refusals
from cardwright.financial_accounts.flows import now, status_of
from cardwright.financial_accounts.record import money, rules
from cardwright.financial_accounts.record.model import (
    BalanceTransfer,
    BankTransfer,
    CardAuthorization,
    CardRefund,
    CardTransaction,
    CreditCardSpend,
    DebitBankAccount,
    DebitBankTransfer,
    DebitCardSpend,
    FinancialAccount,
    FinancialAddress,
    Money,
    OriginatingBankAccount,
    Originator,
    Reason,
    ReceivedCredit,
    ReceivedDebit,
    StatusDetails,
    StatusTransitions,
)
from cardwright.financial_accounts.views import announce
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.ledger import flows as ledger
from cardwright.ledger.chart import Book
from cardwright.tenancy import registry
from cardwright.wire import rows

# The networks of a currency that bring money, and those that take it.
CREDIT_NETWORKS = {
    "eur": {"sepa_credit_transfer", "swift"},
    "gbp": {"chaps", "fps", "swift"},
    "usd": {"ach", "rtp", "swift", "us_domestic_wire"},
}
DEBIT_NETWORKS = {"gbp": {"bacs"}, "usd": {"ach"}}
KINDS = {"eur": "iban", "gbp": "sort_code", "usd": "aba"}
ReceivedT = TypeVar("ReceivedT", ReceivedCredit, ReceivedDebit)


def _succeeding(
    tx: Tx, shape: type[ReceivedT], account_id: str, amount: Money, **known: Any
) -> ReceivedT:
    """A credit or debit that has succeeded; ``known`` is its type and what that says."""
    if shape is ReceivedCredit:
        known["amount_received"] = amount
    return shape(
        id=ids.new_id(shape.prefix),
        amount=amount,
        created=now(tx),
        financial_account=account_id,
        livemode=tx.livemode,
        status="succeeded",
        status_transitions=StatusTransitions(succeeded_at=now(tx)),
        **known,
    )


def _failed(tx: Tx, record: ReceivedT, reason: str) -> ReceivedT:
    """The same, refused."""
    return msgspec.structs.replace(
        record,
        status="failed",
        status_details=StatusDetails(failed=Reason(reason=reason)),
        status_transitions=StatusTransitions(failed_at=now(tx)),
    )


async def _keep(tx: Tx, account: FinancialAccount, record: ReceivedT) -> ReceivedT:
    await rows.insert(tx, record)
    if isinstance(record, ReceivedCredit):
        announce.credit(tx, account, record, record.status)
    else:
        announce.debit(tx, account, record, record.status)
    return record


async def _book(
    tx: Tx,
    account: FinancialAccount,
    record: ReceivedT,
    refused: str | None = None,
    against: Book = money.OUTSIDE,
) -> ReceivedT:
    """Move the money and keep the record, or (``refused``) keep that it failed."""
    if refused is not None:
        return await _keep(tx, account, _failed(tx, record, refused))
    incoming = isinstance(record, ReceivedCredit)
    await money.put(
        tx,
        account.id,
        record.amount.currency,
        record.amount.value if incoming else -record.amount.value,
        reason="received_credit" if incoming else "received_debit",
        source_id=record.id,
        against=against,
        description=record.description,
    )
    return await _keep(tx, account, record)


async def receive_credit(
    tx: Tx,
    financial_account: str,
    amount_minor: int,
    currency: str,
    *,
    network: str,
    address: FinancialAddress | None = None,
    originator: Originator | None = None,
    statement_descriptor: str | None = None,
    description: str | None = None,
) -> ReceivedCredit:
    """Money that came by bank transfer for a financial account of the acting account.

    What the account cannot take becomes a failed credit, and no money moves.
    """
    await registry.lock_open(tx)
    account = await rows.lock(tx, FinancialAccount, financial_account, param="financial_account")
    origin = originator or Originator(network=network)
    kind = KINDS[currency]
    transfer = BankTransfer(
        financial_address=address.id if address is not None else None,
        originating_bank_account=OriginatingBankAccount(
            type=kind,  # type: ignore[arg-type]  # one of the three by the table
            **{kind: msgspec.structs.replace(origin, network=network)},
        ),
        statement_descriptor=statement_descriptor,
    )
    credit = _succeeding(
        tx,
        ReceivedCredit,
        account.id,
        rules.money(amount_minor, currency),
        type="bank_transfer",
        bank_transfer=transfer,
        description=description,
    )
    return await _book(tx, account, credit, await _refusal(tx, account, address, currency))


async def _refusal(
    tx: Tx, account: FinancialAccount, address: FinancialAddress | None, currency: str
) -> str | None:
    """Why the account cannot take a credit by bank transfer."""
    if account.status != "open" or (address is not None and address.status != "active"):
        return "financial_address_inactive"
    if currency not in account.storage.holds_currencies:
        return "currency_unsupported_on_financial_address"
    treasury = account.treasury
    if treasury is not None and treasury.restrictions.inbound_flows == "restricted":
        return "stripe_rejected"
    if treasury is None and await status_of(tx, *rules.ADDRESSES) != "active":
        return "capability_inactive"
    return None


async def receive_within(
    tx: Tx,
    account: FinancialAccount,
    amount_minor: int,
    currency: str,
    *,
    source: BalanceTransfer,
    against: Book | None = None,
    description: str | None = None,
) -> ReceivedCredit:
    """Money of another financial account on the platform. ``against`` is the book it comes out of;
    without one the caller moves the money."""
    credit = _succeeding(
        tx,
        ReceivedCredit,
        account.id,
        rules.money(amount_minor, currency),
        type="balance_transfer",
        balance_transfer=source,
        description=description,
    )
    if against is None:
        return await _keep(tx, account, credit)
    return await _book(tx, account, credit, against=against)


async def receive_debit(
    tx: Tx,
    financial_account: str,
    amount_minor: int,
    currency: str,
    *,
    network: str,
    address: FinancialAddress | None = None,
    bank: DebitBankAccount | None = None,
    statement_descriptor: str | None = None,
    description: str | None = None,
) -> ReceivedDebit:
    """Money that another bank takes from a financial account of the acting account; what it does
    not have, or may not give, becomes a failed debit."""
    await registry.lock_open(tx)
    account = await rows.lock(tx, FinancialAccount, financial_account, param="financial_account")
    taker = msgspec.structs.replace(bank or DebitBankAccount(network=network), network=network)
    american = currency == "usd"
    kind = "us_bank_account" if american else "gb_bank_account"
    transfer = DebitBankTransfer(
        financial_address=address.id if address is not None else None,
        gb_bank_account=UNSET if american else taker,
        origin_type=kind,  # type: ignore[arg-type]  # one of the two
        payment_method_type=kind,  # type: ignore[arg-type]
        statement_descriptor=statement_descriptor,
        us_bank_account=taker if american else UNSET,
    )
    debit = _succeeding(
        tx,
        ReceivedDebit,
        account.id,
        rules.money(amount_minor, currency),
        type="bank_transfer",
        bank_transfer=transfer,
        description=description,
    )
    return await _book(tx, account, debit, await _debit_refusal(tx, account, address, debit))


async def _debit_refusal(
    tx: Tx, account: FinancialAccount, address: FinancialAddress | None, debit: ReceivedDebit
) -> str | None:
    """Why money cannot be taken from the account."""
    if account.status != "open" or (address is not None and address.status != "active"):
        return "financial_address_inactive"
    treasury = account.treasury
    if treasury is not None and treasury.restrictions.outbound_flows == "restricted":
        return "stripe_rejected"
    if treasury is None and await status_of(tx, rules.RECEIVED_DEBITS) != "active":
        return "capability_inactive"
    currency = debit.amount.currency
    kept = await ledger.balance_of(tx.connection, tx.account_id, account.id, currency)
    if kept.available_minor < debit.amount.value:
        return "insufficient_funds"
    return None


# Cards.


async def record_card_spend(
    tx: Tx,
    book: str,
    *,
    transaction_id: str,
    card: str,
    amount_minor: int,
    currency: str,
    authorization: tuple[str, int] | None = None,
) -> ReceivedDebit | ReceivedCredit:
    """What a card transaction did to the financial account that is the ``book``: a debit, or
    (``amount_minor`` < 0) a credit. The money has moved already, under the transaction's id."""
    account = await rows.get(tx, FinancialAccount, book)
    if amount_minor < 0:
        spend = CreditCardSpend(
            card_v1_id=card, refund=CardRefund(issuing_transaction_v1=transaction_id)
        )
        credit = _succeeding(
            tx,
            ReceivedCredit,
            book,
            rules.money(-amount_minor, currency),
            type="card_spend",
            authorization=authorization[0] if authorization is not None else None,
            card_spend=spend,
        )
        return await _keep(tx, account, credit)
    approved = None
    if authorization is not None:
        approved = CardAuthorization(
            amount=rules.money(authorization[1], currency),
            issuing_authorization_v1=authorization[0],
        )
    spent = CardTransaction(
        amount=rules.money(amount_minor, currency), issuing_transaction_v1=transaction_id
    )
    debit = _succeeding(
        tx,
        ReceivedDebit,
        book,
        rules.money(amount_minor, currency),
        type="card_spend",
        card_spend=DebitCardSpend(
            authorization=approved, card_transactions=[spent], card_v1_id=card
        ),
    )
    return await _keep(tx, account, debit)


async def check_card(tx: Tx, financial_account: str, currency: str) -> FinancialAccount:
    """The financial account that a new card of the currency will spend."""
    account = await rows.get(tx, FinancialAccount, financial_account, param="financial_account")
    rules.check_open(account)
    rules.check_holds(account, currency, "financial_account")
    if account.treasury is not None and "card_issuing" not in account.treasury.features:
        fail(
            refusals.FEATURE_INACTIVE,
            param="financial_account",
            feature="card_issuing",
            account=account.id,
            status="not requested",
        )
    return account
