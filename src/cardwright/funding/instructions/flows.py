"""Where accounts send money for their cards, and what happens when some arrives in test mode."""

import msgspec

from cardwright.funding import refusals
from cardwright.funding import rules as funding
from cardwright.funding.flows import read_balance
from cardwright.funding.instructions import rules
from cardwright.funding.instructions.model import (
    FundBalance,
    FundingInstructions,
    NewInstructions,
    OperatorBank,
)
from cardwright.funding.statements import routes
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.tenancy import registry
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire.given import Given

QUERIES = load(__file__)
# How many numbers are tried when another account has the first one.
ATTEMPTS = 100
DIGITS = 20


class StoredInstructions(msgspec.Struct, frozen=True):
    """A row of funding_instructions."""

    currency: str
    created: int
    body: str


class StoredBank(msgspec.Struct, frozen=True):
    """A row of operator_bank_accounts."""

    currency: str
    body: str


_GET = QUERIES.one("get_instructions", StoredInstructions)
_LIST = QUERIES.many("list_instructions", StoredInstructions)
_PUT = QUERIES.run("put_instructions")
_BANK = QUERIES.one("get_bank", StoredBank)
_BANKS = QUERIES.many("list_banks", StoredBank)
_PUT_BANK = QUERIES.run("put_bank")


async def create_instructions(tx: Tx, given: Given[NewInstructions]) -> FundingInstructions:
    """Where the acting account sends money in the currency; asked again, the same."""
    wanted = given.value()
    funding.check_currency(wanted.currency)
    rules.check(wanted)
    await registry.lock_open(tx)
    return await instructions_of(tx, wanted.currency)


async def list_instructions(tx: Tx) -> list[FundingInstructions]:
    """The funding instructions that the acting account has asked for."""
    found = await _LIST(tx.connection, account_id=tx.account_id)
    return [msgspec.json.decode(row.body, type=FundingInstructions) for row in found]


async def fund_balance(tx: Tx, given: Given[FundBalance]) -> FundingInstructions:
    """Put money into the Issuing balance of the acting account, as if a transfer had arrived.

    It works in the currencies of cards, the US dollar included.
    """
    wanted = given.value()
    funding.check_currency(wanted.currency)
    await registry.lock_open(tx)
    await ledger.post(
        tx, transfers.incoming(tx.account_id, "issuing", wanted.currency, wanted.amount)
    )
    tx.emit("balance.available", await read_balance(tx))
    return await instructions_of(tx, wanted.currency)


async def instructions_of(tx: Tx, currency: str) -> FundingInstructions:
    """The funding instructions of the acting account, whose gate is held; made when first asked
    for. The number is entered, so that a bank statement that names it finds the account."""
    stored = await _GET(tx.connection, account_id=tx.account_id, currency=currency)
    if stored is not None:
        return msgspec.json.decode(stored.body, type=FundingInstructions)
    bank = await bank_of(tx, currency) if tx.livemode else rules.TEST_BANKS[currency]
    if bank is None or (tx.livemode and bank.number_prefix is None):
        fail(refusals.FUNDING_NOT_SET_UP, param="currency", currency=currency)
    made = rules.instructions(bank, await _number(tx, bank), livemode=tx.livemode)
    body = msgspec.json.encode(made).decode()
    await _PUT(
        tx.connection, account_id=tx.account_id, currency=currency, created=tx.now, body=body
    )
    return made


async def _number(tx: Tx, bank: OperatorBank) -> str:
    """A number of the bank that no other account has."""
    for attempt in range(ATTEMPTS):
        subject = f"{tx.account_id}/{bank.currency}/{attempt}"
        digest = tx.vault.blind_index(subject, "funding_instructions")
        number = rules.number_of(bank, str(int(digest, 16) % 10**DIGITS).zfill(DIGITS))
        if await routes.enter_number(tx, number, bank.currency):
            return number
    fail(refusals.FUNDING_NUMBERS_USED_UP, param="currency", currency=bank.currency)


# The operator's bank accounts.


@operator_verb(kind="widens_risk")
async def set_bank(tx: Tx, given: Given[OperatorBank]) -> OperatorBank:
    """Set the platform's own bank account for a currency."""
    bank = given.value()
    funding.check_currency(bank.currency)
    rules.check_bank(bank)
    await registry.lock_open(tx)
    body = msgspec.json.encode(bank).decode()
    await _PUT_BANK(tx.connection, account_id=tx.account_id, currency=bank.currency, body=body)
    return bank


async def bank_of(tx: Tx, currency: str) -> OperatorBank | None:
    """The bank account of the acting account's platform for a currency."""
    found = await _BANK(tx.connection, account_id=tx.platform_id, currency=currency)
    return None if found is None else msgspec.json.decode(found.body, type=OperatorBank)


async def banks_of(connection: Connection, platform_id: str) -> list[OperatorBank]:
    """All bank accounts of a platform."""
    found = await _BANKS(connection, account_id=platform_id)
    return [msgspec.json.decode(row.body, type=OperatorBank) for row in found]
