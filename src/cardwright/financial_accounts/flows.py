"""What happens to financial accounts and their addresses: open, change, close, activate.

An account is pending until the capabilities for its currencies are active; whoever changes
capabilities calls ``open_pending``. Everything runs under the account's gate.
"""

from typing import Any

import msgspec

from cardwright.accounts.record.model import Account, CapabilitiesChanged
from cardwright.accounts.record.store import statuses_of
from cardwright.financial_accounts import refusals
from cardwright.financial_accounts.record import money, rules
from cardwright.financial_accounts.record.model import (
    AccountStatus,
    AccountStatusDetails,
    AddressBankAccount,
    Balance,
    Closed,
    FinancialAccount,
    FinancialAddress,
    ForwardingSettings,
    TreasuryFace,
)
from cardwright.funding.statements import routes
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import deadlines, registry
from cardwright.wire import rows
from cardwright.wire.given import Given, build, changed, merge
from cardwright.wire.resource import Country, Currency, Moment

QUERIES = load(__file__)
# What the test environment does by itself: the kind of its deadlines, and after how long.
STEP = "financial_account_step"
ADDRESS_MS = clock.SECOND_MS // 4
DIGITS, ATTEMPTS = 10, 20
ABA = "financial_addresses.aba"
# What of a financial account v2 does not show.
HIDDEN = frozenset({"is_treasury", "spendable", "treasury"})


class Id(msgspec.Struct, frozen=True):
    """An id alone."""

    id: str


_PENDING = QUERIES.many("pending_financial_accounts", Id)
_ADDRESSES = QUERIES.many("addresses_of_financial_account", Id)


def now(tx: Tx) -> Moment:
    """The instant of the transaction, as v2 prints it."""
    return Moment(clock.rfc3339(tx.now_ms))


async def schedule_step(tx: Tx, subject: str, after_ms: int) -> None:
    """In the test environment an object moves on by itself; in live mode only when somebody says
    that it did."""
    if not tx.livemode:
        await deadlines.schedule(tx, kind=STEP, subject=subject, due_ms=tx.now_ms + after_ms)


# Capabilities.


async def status_of(tx: Tx, *paths: str) -> str:
    """How the acting account stands with capabilities of which any one is enough. A platform needs
    none for itself."""
    if tx.account_id == tx.platform_id:
        return "active"
    statuses = set((await statuses_of(tx.connection, tx.account_id, paths)).values())
    return "active" if "active" in statuses else next(iter(sorted(statuses)), "not requested")


async def check_capability(tx: Tx, *paths: str) -> None:
    """Refuse unless one of the capabilities is active."""
    status = await status_of(tx, *paths)
    if status != "active":
        fail(refusals.FEATURE_NOT_ENABLED, capability=paths[0], status=status)


async def _storage_status(tx: Tx, currencies: list[Currency]) -> dict[Currency, str]:
    """How the acting account stands with keeping the currencies."""
    return {
        currency: await status_of(tx, *rules.storage_capabilities(currency))
        for currency in currencies
    }


# Accounts.


async def create_financial_account(
    tx: Tx, given: Given[Any], *, treasury: TreasuryFace | None = None
) -> FinancialAccount:
    """A new financial account of the acting account."""
    await registry.lock_open(tx)
    currencies: list[Currency] = given.tree["storage"]["holds_currencies"]
    rules.check_currencies(currencies, "storage.holds_currencies")
    statuses = await _storage_status(tx, currencies)
    for currency, found in statuses.items():
        if found == "not requested":
            [capability, _] = rules.storage_capabilities(currency)
            fail(refusals.FEATURE_NOT_ENABLED, capability=capability, status=found)
    status: AccountStatus = "open" if set(statuses.values()) == {"active"} else "pending"
    owner = await rows.find(tx.connection, Account, tx.account_id, tx.account_id)
    country = owner.identity.country if owner is not None else None
    account: FinancialAccount = build(
        FinancialAccount,
        given,
        id=ids.new_id(FinancialAccount.prefix),
        country=Country(country or "US"),
        created=now(tx),
        livemode=tx.livemode,
        status=status,
        is_treasury=treasury is not None,
        spendable=status == "open",
        treasury=treasury,
    )
    await rows.insert(tx, account)
    tx.emit("v2.money_management.financial_account.created", account)
    return account


async def save_account(tx: Tx, before: FinancialAccount, after: FinancialAccount) -> None:
    """Write a changed account and say so."""
    before, after = (msgspec.structs.replace(one, balance=Balance()) for one in (before, after))
    if after == before:
        return
    await rows.save(tx, after)
    previous = {name: old for name, old in changed(before, after).items() if name not in HIDDEN}
    if previous:
        tx.emit("v2.money_management.financial_account.updated", after, previous=previous)


async def open_pending(tx: Tx, _changed: CapabilitiesChanged) -> None:
    """Open the acting account's pending financial accounts whose capabilities are active now; the
    transaction holds the gate."""
    for row in await _PENDING(tx.connection, account_id=tx.account_id):
        before = await rows.lock(tx, FinancialAccount, row.id)
        statuses = await _storage_status(tx, before.storage.holds_currencies)
        if set(statuses.values()) != {"active"}:
            continue
        spendable = before.treasury is None or cards_may_spend(before.treasury)
        after = msgspec.structs.replace(before, status="open", spendable=spendable)
        await save_account(tx, before, after)
        await give_address(tx, after)


async def update_financial_account(
    tx: Tx,
    account_id: str,
    given: Given[Any],
    *,
    currencies: list[Currency] | None = None,
    forwarding: ForwardingSettings | None = None,
) -> FinancialAccount:
    """The account with its name or metadata changed, or with more currencies."""
    await registry.lock_open(tx)
    before = await rows.lock(tx, FinancialAccount, account_id)
    after = merge(before, given)
    if currencies is not None:
        after = await _with_currencies(tx, after, currencies)
    if forwarding is not None:
        if after.status_details is None or after.status_details.closed is None:
            fail(refusals.FIELD_FORWARDING_WHILE_OPEN, param="forwarding_settings")
        closed = msgspec.structs.replace(
            after.status_details.closed, forwarding_settings=forwarding
        )
        after = msgspec.structs.replace(after, status_details=AccountStatusDetails(closed=closed))
    await save_account(tx, before, after)
    return after


async def _with_currencies(
    tx: Tx, account: FinancialAccount, currencies: list[Currency]
) -> FinancialAccount:
    """The account with other currencies: new ones need their capability, and one that is given up
    must be empty."""
    param = "storage.holds_currencies"
    rules.check_open(account)
    rules.check_currencies(currencies, param)
    given_up = set(account.storage.holds_currencies) - set(currencies)
    kept = await money.balances_of(tx.connection, tx.account_id, [account.id])
    rules.check_empty(account, [each for each in kept if each.currency in given_up])
    for currency in set(currencies) - set(account.storage.holds_currencies):
        await check_capability(tx, *rules.storage_capabilities(currency))
    storage = msgspec.structs.replace(account.storage, holds_currencies=currencies)
    return msgspec.structs.replace(account, storage=storage)


def cards_may_spend(face: TreasuryFace) -> bool:
    """Whether cards may spend an open treasury account."""
    unrestricted = face.restrictions.outbound_flows == "unrestricted"
    return unrestricted and "card_issuing" in face.features


async def close_financial_account(
    tx: Tx, account_id: str, forwarding: ForwardingSettings | None
) -> FinancialAccount:
    """Close an account that has nothing and expects nothing; its addresses are archived."""
    await registry.lock_open(tx)
    before = await rows.lock(tx, FinancialAccount, account_id)
    if before.status == "closed":
        fail(refusals.FINANCIAL_ACCOUNT_NOT_OPEN, account=before.id, status=before.status)
    rules.check_empty(before, await money.balances_of(tx.connection, tx.account_id, [before.id]))
    closed = Closed(reason="closed_by_platform", forwarding_settings=forwarding)
    after = msgspec.structs.replace(
        before,
        status="closed",
        spendable=False,
        status_details=AccountStatusDetails(closed=closed),
    )
    await save_account(tx, before, after)
    for row in await _ADDRESSES(
        tx.connection, account_id=tx.account_id, financial_account=account_id
    ):
        address = await rows.lock(tx, FinancialAddress, row.id)
        await deadlines.cancel(tx, kind=STEP, subject=row.id)
        await rows.save(tx, msgspec.structs.replace(address, status="archived"))
    return after


# Addresses.


async def create_address(
    tx: Tx, account_id: str, currency: Currency, country: str | None
) -> FinancialAddress:
    """A new address of an open account; its numbers come when it is activated."""
    await registry.lock_open(tx)
    account = await rows.lock(tx, FinancialAccount, account_id, param="financial_account")
    rules.check_open(account)
    rules.check_holds(account, currency, "bank_account.currency")
    if account.treasury is None:
        await check_capability(tx, *rules.ADDRESSES)
    address = FinancialAddress(
        id=ids.new_id(FinancialAddress.prefix),
        country=rules.address_country(currency, country, "bank_account"),
        created=now(tx),
        financial_account=account.id,
        livemode=tx.livemode,
        settlement_currency=currency,
    )
    await rows.insert(tx, address)
    await schedule_step(tx, address.id, ADDRESS_MS)
    return address


async def give_address(tx: Tx, account: FinancialAccount) -> None:
    """The address that a feature of a treasury account asks for, if it has none yet."""
    face = account.treasury
    if face is None or account.status != "open" or ABA not in face.features:
        return
    if await _ADDRESSES(tx.connection, account_id=tx.account_id, financial_account=account.id):
        return
    address = await create_address(tx, account.id, Currency("usd"), "US")
    if not tx.livemode:
        await deadlines.cancel(tx, kind=STEP, subject=address.id)
        await activate_address(tx, address.id)


async def activate_address(
    tx: Tx,
    address_id: str,
    *,
    number: str | None = None,
    routing_number: str | None = None,
    bank_name: str = "",
    bic: str | None = None,
) -> FinancialAddress:
    """The address with its bank account: the operator's in live mode, else one of the test bank."""
    await registry.lock_open(tx)
    before = await rows.lock(tx, FinancialAddress, address_id)
    if before.status != "pending":
        fail(
            refusals.MONEY_STEP,
            object="financial address",
            id=before.id,
            status=before.status,
            verb="activated",
        )
    if number is None:
        bank_account = await _test_numbers(tx, before)
    else:
        bank_account = await _given_numbers(tx, before, number, routing_number, bank_name, bic)
    after = msgspec.structs.replace(before, status="active", bank_account=bank_account)
    await rows.save(tx, after)
    tx.emit("v2.money_management.financial_address.activated", after)
    return after


async def fail_address(tx: Tx, address_id: str) -> FinancialAddress:
    """The bank will not give the address an account."""
    before = await rows.lock(tx, FinancialAddress, address_id)
    if before.status != "pending":
        fail(
            refusals.MONEY_STEP,
            object="financial address",
            id=before.id,
            status=before.status,
            verb="failed",
        )
    after = msgspec.structs.replace(before, status="failed")
    await rows.save(tx, after)
    tx.emit("v2.money_management.financial_address.failed", after)
    return after


async def _holder(tx: Tx) -> str:
    return rules.holder_of(await rows.get(tx, Account, tx.account_id, param="account"))


async def _test_numbers(tx: Tx, address: FinancialAddress) -> AddressBankAccount:
    """Numbers of the test bank that nobody else has."""
    assert not tx.livemode, "in live mode the operator gives the numbers"
    holder = await _holder(tx)
    for attempt in range(ATTEMPTS):
        digest = tx.vault.blind_index(f"{address.id}/{attempt}", "financial_address")
        digits = str(int(digest, 16) % 10**DIGITS).zfill(DIGITS)
        made = rules.test_bank_account(address, holder, digits)
        if await _enter(tx, address, made):
            return made
    raise AssertionError("the test bank has no free numbers")


async def _given_numbers(
    tx: Tx,
    address: FinancialAddress,
    number: str,
    routing_number: str | None,
    bank_name: str,
    bic: str | None,
) -> AddressBankAccount:
    numbers = rules.bank_numbers(
        country=address.country,
        currency=address.settlement_currency,
        number=number,
        routing_number=routing_number,
    )
    made = rules.bank_account(
        address,
        await _holder(tx),
        numbers.number,
        numbers.routing_number,
        bank_name or numbers.bank_name or "",
        bic,
    )
    if not await _enter(tx, address, made):
        fail(
            refusals.BANK_NUMBER_INVALID,
            param="account_number",
            reason="somebody else has the number",
        )
    return made


async def _enter(tx: Tx, address: FinancialAddress, made: AddressBankAccount) -> bool:
    """Let bank statements find the address by its number."""
    number = number_of(made)
    return await routes.enter_number(
        tx, number, address.settlement_currency, address.financial_account
    )


def number_of(made: AddressBankAccount) -> str:
    """The number that money is sent to."""
    if isinstance(made.iban, msgspec.UnsetType):
        place = made.aba if isinstance(made.sort_code, msgspec.UnsetType) else made.sort_code
        assert not isinstance(place, msgspec.UnsetType), "an address has one kind of number"
        return place.account_number
    return made.iban.iban
