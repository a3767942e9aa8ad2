"""What happens when money comes in: read balances, top up, fund a test account."""

import msgspec

from cardwright.accounts.model import Account
from cardwright.funding import rules
from cardwright.funding.model import Balance, FundBalance, FundingInstructions, Topup
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.tenancy import registry
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge

DIGITS = 10


async def read_balance(tx: Tx) -> Balance:
    """What the acting account has."""
    account = await rows.find(tx.connection, Account, tx.account_id, tx.account_id)
    default = account.defaults.currency if account is not None else None
    country = account.identity.country if account is not None else None
    return rules.balance(
        await ledger.balances_of(tx.connection, tx.account_id),
        default or rules.national_currency(country),
        is_platform=tx.account_id == tx.platform_id,
        livemode=tx.livemode,
    )


async def fund_balance(tx: Tx, given: Given[FundBalance]) -> FundingInstructions:
    """Put money into the Issuing balance of the acting account, as if a transfer had arrived.

    It works in the currencies of cards, the US dollar included.
    """
    wanted = given.value()
    rules.check_currency(wanted.currency)
    await registry.lock_open(tx)
    await ledger.post(
        tx, transfers.incoming(tx.account_id, "issuing", wanted.currency, wanted.amount)
    )
    tx.emit("balance.available", await read_balance(tx))
    return instructions(tx, wanted.currency)


def instructions(tx: Tx, currency: str) -> FundingInstructions:
    """Where the acting account sends money in the currency; always the same."""
    digest = tx.vault.blind_index(f"{tx.account_id}/{currency}", "funding_instructions")
    digits = str(int(digest, 16) % 10**DIGITS).zfill(DIGITS)
    return rules.funding_instructions(currency, digits, livemode=tx.livemode)


async def create_topup(tx: Tx, given: Given[Topup]) -> Topup:
    """A new top-up. In test mode the money is there at once; in live mode it is on its way."""
    topup = build(Topup, given, id=ids.new_id(Topup.prefix), created=tx.now, livemode=tx.livemode)
    rules.check_currency(topup.currency)
    tx.emit("topup.created", topup)
    if not tx.livemode:
        topup = await receive(tx, topup)
    await rows.insert(tx, topup)
    if topup.status == "succeeded":
        tx.emit("topup.succeeded", topup)
        tx.emit("balance.available", await read_balance(tx))
    return topup


async def receive(tx: Tx, topup: Topup) -> Topup:
    """The top-up with its money arrived in the balance that it names."""
    await registry.lock_open(tx)
    book = topup.destination_balance or "payments"
    made = await ledger.post(
        tx,
        transfers.incoming(
            tx.account_id,
            book,
            topup.currency,
            topup.amount,
            source_id=topup.id,
            description=topup.description,
        ),
    )
    return msgspec.structs.replace(
        topup, status="succeeded", balance_transaction=made, expected_availability_date=tx.now
    )


async def update_topup(tx: Tx, topup_id: str, given: Given[Topup]) -> Topup:
    """The top-up with its description or metadata changed."""
    before = await rows.lock(tx, Topup, topup_id)
    after = merge(before, given)
    if changed(before, after):
        await rows.save(tx, after)
    return after
