"""Money that others send to financial accounts and take from them, and what cards do to them.

Every verb holds the account's gate. What a test helper or a bank statement reports comes here.
"""

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
    credit = ReceivedCredit(
        id=ids.new_id(ReceivedCredit.prefix),
        amount=rules.money(amount_minor, currency),
        amount_received=rules.money(amount_minor, currency),
        bank_transfer=transfer,
        created=now(tx),
        description=description,
        financial_account=account.id,
        livemode=tx.livemode,
        status="succeeded",
        type="bank_transfer",
    )
    return await _take_in(tx, account, credit, await _refusal(tx, account, address, currency))


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


async def _take_in(
    tx: Tx, account: FinancialAccount, credit: ReceivedCredit, refused: str | None
) -> ReceivedCredit:
    """Book the credit, or (``refused``) keep that it failed."""
    if refused is not None:
        credit = msgspec.structs.replace(
            credit,
            status="failed",
            status_details=StatusDetails(failed=Reason(reason=refused)),
            status_transitions=StatusTransitions(failed_at=now(tx)),
        )
        await rows.insert(tx, credit)
        announce.credit(tx, account, credit, "failed")
        return credit
    credit = msgspec.structs.replace(
        credit, status_transitions=StatusTransitions(succeeded_at=now(tx))
    )
    await money.put(
        tx,
        account.id,
        credit.amount.currency,
        credit.amount.value,
        reason="received_credit",
        source_id=credit.id,
        description=credit.description,
    )
    await rows.insert(tx, credit)
    announce.credit(tx, account, credit, "succeeded")
    return credit


async def receive_within(
    tx: Tx,
    account: FinancialAccount,
    amount_minor: int,
    currency: str,
    *,
    source: BalanceTransfer,
    against: str | None = None,
    description: str | None = None,
) -> ReceivedCredit:
    """Money of another financial account on the platform. ``against`` is the book it comes out of;
    without one the caller moves the money."""
    credit = ReceivedCredit(
        id=ids.new_id(ReceivedCredit.prefix),
        amount=rules.money(amount_minor, currency),
        amount_received=rules.money(amount_minor, currency),
        balance_transfer=source,
        created=now(tx),
        description=description,
        financial_account=account.id,
        livemode=tx.livemode,
        status="succeeded",
        status_transitions=StatusTransitions(succeeded_at=now(tx)),
        type="balance_transfer",
    )
    if against is not None:
        await money.put(
            tx,
            account.id,
            currency,
            amount_minor,
            reason="received_credit",
            source_id=credit.id,
            against=against,
            description=description,
        )
    await rows.insert(tx, credit)
    announce.credit(tx, account, credit, "succeeded")
    return credit


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
    debit = ReceivedDebit(
        id=ids.new_id(ReceivedDebit.prefix),
        amount=rules.money(amount_minor, currency),
        bank_transfer=transfer,
        created=now(tx),
        description=description,
        financial_account=account.id,
        livemode=tx.livemode,
        status="succeeded",
        status_transitions=StatusTransitions(succeeded_at=now(tx)),
        type="bank_transfer",
    )
    refused = await _debit_refusal(tx, account, address, debit)
    if refused is not None:
        debit.status = "failed"
        debit.status_details = StatusDetails(failed=Reason(reason=refused))
        debit.status_transitions = StatusTransitions(failed_at=now(tx))
    else:
        await money.put(
            tx,
            account.id,
            currency,
            -amount_minor,
            reason="received_debit",
            source_id=debit.id,
            description=description,
        )
    await rows.insert(tx, debit)
    announce.debit(tx, account, debit, debit.status)
    return debit


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
    done = StatusTransitions(succeeded_at=now(tx))
    if amount_minor < 0:
        credit = ReceivedCredit(
            id=ids.new_id(ReceivedCredit.prefix),
            amount=rules.money(-amount_minor, currency),
            amount_received=rules.money(-amount_minor, currency),
            authorization=authorization[0] if authorization is not None else None,
            card_spend=CreditCardSpend(
                card_v1_id=card, refund=CardRefund(issuing_transaction_v1=transaction_id)
            ),
            created=now(tx),
            financial_account=book,
            livemode=tx.livemode,
            status="succeeded",
            status_transitions=done,
            type="card_spend",
        )
        await rows.insert(tx, credit)
        announce.credit(tx, account, credit, "succeeded")
        return credit
    amount = rules.money(amount_minor, currency)
    approved = None
    if authorization is not None:
        approved = CardAuthorization(
            amount=rules.money(authorization[1], currency),
            issuing_authorization_v1=authorization[0],
        )
    debit = ReceivedDebit(
        id=ids.new_id(ReceivedDebit.prefix),
        amount=amount,
        card_spend=DebitCardSpend(
            authorization=approved,
            card_transactions=[
                CardTransaction(amount=amount, issuing_transaction_v1=transaction_id)
            ],
            card_v1_id=card,
        ),
        created=now(tx),
        financial_account=book,
        livemode=tx.livemode,
        status="succeeded",
        status_transitions=done,
        type="card_spend",
    )
    await rows.insert(tx, debit)
    announce.debit(tx, account, debit, "succeeded")
    return debit


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
