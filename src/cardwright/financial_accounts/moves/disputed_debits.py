"""Card payments of a financial account that are disputed: their money comes back as a debit
reversal, for good or until the dispute is lost."""

import msgspec

from cardwright.financial_accounts.flows import now
from cardwright.financial_accounts.record import money, rules
from cardwright.financial_accounts.record.model import FinancialAccount, ReceivedDebit
from cardwright.financial_accounts.record.movements import DebitReversal
from cardwright.financial_accounts.views import announce
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.ledger.chart import Book
from cardwright.tenancy import gates
from cardwright.wire import rows

NETWORK: Book = "network_settlement"
REASON = "debit_reversal"


async def give_back(
    tx: Tx, debit_id: str, amount_minor: int, dispute: str, *, decided: bool
) -> DebitReversal:
    """Put disputed money back into the financial account. Until the dispute is ``decided`` it is
    an initial credit, which ``take_back`` may undo."""
    assert gates.held(tx, tx.account_id), "money moves under the account's gate"
    debit = await rows.lock(tx, ReceivedDebit, debit_id)
    account = await rows.get(tx, FinancialAccount, debit.financial_account)
    made = DebitReversal(
        id=ids.new_id(DebitReversal.prefix),
        amount=rules.money(amount_minor, debit.amount.currency),
        created=now(tx),
        dispute=dispute,
        financial_account=account.id,
        livemode=tx.livemode,
        network="card",
        received_debit=debit.id,
        status="processing",
    )
    await money.put(
        tx,
        account.id,
        debit.amount.currency,
        amount_minor,
        reason=REASON,
        source_id=made.id,
        against=NETWORK,
    )
    await rows.insert(tx, made)
    await rows.save(tx, msgspec.structs.replace(debit, reversal=made.id))
    announce.debit_reversal(tx, made, "created")
    if decided:
        return await keep(tx, made.id)
    announce.debit_reversal(tx, made, "granted")
    return made


async def keep(tx: Tx, reversal_id: str) -> DebitReversal:
    """The dispute is won: what was given back stays."""
    before = await rows.lock(tx, DebitReversal, reversal_id)
    after: DebitReversal = msgspec.structs.replace(
        before,
        status="succeeded",
        status_transitions=msgspec.structs.replace(before.status_transitions, succeeded_at=now(tx)),
    )
    await rows.save(tx, after)
    announce.debit_reversal(tx, after, "completed")
    return after


async def take_back(tx: Tx, reversal_id: str) -> DebitReversal:
    """The dispute is lost: the initial credit leaves again, even below zero."""
    assert gates.held(tx, tx.account_id), "money moves under the account's gate"
    before = await rows.lock(tx, DebitReversal, reversal_id)
    await money.put(
        tx,
        before.financial_account,
        before.amount.currency,
        -before.amount.value,
        reason=REASON,
        source_id=before.id,
        against=NETWORK,
        forced=True,
    )
    after: DebitReversal = msgspec.structs.replace(before, status="failed")
    await rows.save(tx, after)
    announce.debit_reversal(tx, after, "completed")
    debit = await rows.lock(tx, ReceivedDebit, before.received_debit)
    await rows.save(tx, msgspec.structs.replace(debit, reversal=None))
    return after
