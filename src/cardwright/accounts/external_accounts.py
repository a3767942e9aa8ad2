"""What happens to the bank accounts of an account. The transaction acts as the account.

The first one of a currency becomes the default for it; afterwards one stops being the default
only when another becomes it.
"""

from typing import Any

import msgspec

from cardwright.accounts import refusals
from cardwright.accounts.announce import announce_bank_account
from cardwright.accounts.flows import external_accounts_changed
from cardwright.accounts.record import bank_details, tokens
from cardwright.accounts.record.bank_account import (
    OWNERSHIP_DOCUMENT,
    BankAccount,
    BankAccountDocuments,
    BankAccountGiven,
    BankRequirementError,
    BankRequirements,
    ExternalAccountUpdate,
)
from cardwright.accounts.record.model import AccountState
from cardwright.accounts.record.store import lock_state
from cardwright.files.documents import UNVERIFIED_DOCUMENT, Document, check_documents
from cardwright.kernel import ids
from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy import secrets
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.given import Given, merge
from cardwright.wire.resource import Country, Currency, Sealed, Timestamp

QUERIES = load(__file__)


class InstantAccount(msgspec.Struct, frozen=True):
    """The default bank account of a currency, which takes instant payouts."""

    currency: str
    id: str


_INSTANT = QUERIES.many("instant_accounts", InstantAccount)
_DEFAULT_ID = QUERIES.value("default_external_account", str)
NUMBER = "account_number"
PARAM = "external_account"
# Bytes of the digest that is shown; enough to tell bank accounts apart.
_FINGERPRINT_LENGTH = 16

Tree = dict[str, Any]


async def add(
    tx: Tx,
    given: Tree,
    *,
    default: bool | None = None,
    metadata: dict[str, str | None] | None = None,
    replacing: bool = False,
) -> BankAccount:
    """Add a bank account, given by its details, to the acting account.

    ``default`` makes it the default for its currency; with ``replacing`` it takes the place of
    the one that was the default, which is deleted.
    """
    before = await lock_state(tx)
    given = await opened(tx, given)
    made = described(tx, given, metadata=metadata or given.get("metadata") or {})
    held = _default_among(before.external_accounts, made.currency)
    if replacing and held is not None:
        await rows.delete(tx, held)
        await secrets.forget(tx, held.id)
        others = [one for one in before.external_accounts if one.id != held.id]
    else:
        others = list(before.external_accounts)
    first = held is None
    made = msgspec.structs.replace(made, default_for_currency=first or bool(default) or replacing)
    if made.default_for_currency:
        others = await _none_default(tx, others, made.currency)
    number: Sealed = given["account_number"]
    await secrets.put(tx, made.id, NUMBER, bank_details.compact(number.reveal()))
    await rows.insert(tx, made)
    await external_accounts_changed(tx, before, [*others, made])
    if replacing and held is not None:
        tx.emit("account.external_account.deleted", held)
    _announce_others(tx, before, others)
    tx.emit("account.external_account.created", made)
    return made


async def update(tx: Tx, one_id: str, given: Given[ExternalAccountUpdate]) -> BankAccount:
    """A bank account of the acting account with the given members changed."""
    before = await lock_state(tx)
    old = find(before, one_id)
    wanted = given.get("default_for_currency")
    if wanted is False and old.default_for_currency:
        fail(refusals.EXTERNAL_ACCOUNT_DEFAULT_KEPT, param="default_for_currency")
    tree = {name: value for name, value in given.tree.items() if name != "default_for_currency"}
    after = merge(old, Given(BankAccount, tree))
    after = await _documented(tx, old, after)
    others = [one for one in before.external_accounts if one.id != one_id]
    if wanted and not old.default_for_currency:
        others = await _none_default(tx, others, old.currency)
        after = msgspec.structs.replace(after, default_for_currency=True)
    if after == old:
        return old
    await rows.save(tx, after)
    position = before.external_accounts.index(old)
    await external_accounts_changed(tx, before, [*others[:position], after, *others[position:]])
    _announce_others(tx, before, others)
    announce_bank_account(tx, old, after)
    return after


async def delete(tx: Tx, one_id: str) -> BankAccount:
    """Remove a bank account of the acting account.

    The default for a currency stays while the account keeps that currency or has another bank
    account of it (source: Connect documentation).
    """
    before = await lock_state(tx)
    gone = find(before, one_id)
    others = [one for one in before.external_accounts if one.id != one_id]
    needed = gone.currency == default_currency(before) or any(
        one.currency == gone.currency for one in others
    )
    if gone.default_for_currency and needed:
        fail(refusals.EXTERNAL_ACCOUNT_DEFAULT, currency=gone.currency)
    await rows.delete(tx, gone)
    await secrets.forget(tx, gone.id)
    await external_accounts_changed(tx, before, others)
    tx.emit("account.external_account.deleted", gone)
    return gone


async def mark_errored(tx: Tx, one_id: str) -> BankAccount | None:
    """A payout to the bank account has failed; None when it is gone meanwhile."""
    before = await lock_state(tx, closed=True)
    old = next((one for one in before.external_accounts if one.id == one_id), None)
    if old is None or old.status == "errored":
        return old
    after = msgspec.structs.replace(old, status="errored")
    await rows.save(tx, after)
    accounts = [after if one.id == one_id else one for one in before.external_accounts]
    await external_accounts_changed(tx, before, accounts)
    announce_bank_account(tx, old, after)
    return after


def find(state: AccountState, one_id: str) -> BankAccount:
    """A bank account of the account; refuses with ``resource_missing``."""
    for one in state.external_accounts:
        if one.id == one_id:
            return one
    fail(tenancy_refusals.RESOURCE_MISSING, param="id", object="external account", id=one_id[:200])


async def default_for(connection: Connection, account_id: str, currency: str) -> BankAccount | None:
    """Where money of the currency is paid out to, unless another bank account is named."""
    one_id = await _DEFAULT_ID(connection, account_id=account_id, currency=currency)
    return None if one_id is None else await rows.find(connection, BankAccount, account_id, one_id)


def default_currency(state: AccountState) -> str | None:
    """The currency that the account keeps: what it said, or its country's."""
    account = state.account
    return account.defaults.currency or bank_details.currency_of(account.identity.country)


# Small steps.


async def opened(tx: Tx, given: Tree, *, param: str = PARAM) -> Tree:
    """The details of a bank account, for which a token may stand; it is used by that."""
    token_id = given.get("token")
    if token_id is None:
        return given
    number = None if tx.livemode else bank_details.TEST_TOKENS.get(token_id)
    if number is None:
        used = await tokens.use(tx, token_id, "bank_account", BankAccountGiven, param=param)
        return used.content
    return {
        "account_number": Sealed(number),
        "country": "US",
        "currency": "usd",
        "routing_number": bank_details.TEST_ROUTING_NUMBER,
    }


def described(
    tx: Tx, given: Tree, *, metadata: dict[str, str | None] | None = None, param: str = PARAM
) -> BankAccount:
    """The bank account of given details, checked; it is not kept yet and is no default."""
    number: Sealed | None = given.get("account_number")
    if given.get("object") == "card":
        fail(refusals.EXTERNAL_ACCOUNT_CARD, param=f"{param}[object]")
    if not given.get("country"):
        fail(wire_refusals.PARAMETER_MISSING, param=f"{param}[country]")
    if number is None:
        fail(wire_refusals.PARAMETER_MISSING, param=f"{param}[account_number]")
    numbers = bank_details.checked(
        country=given["country"],
        currency=given.get("currency"),
        number=number.reveal(),
        routing_number=given.get("routing_number"),
        param=param,
    )
    digest = tx.vault.blind_index(
        f"{numbers.country}/{numbers.routing_number}/{numbers.number}", "bank_account"
    )
    testing = not tx.livemode
    unknown = testing and numbers.number == bank_details.OWNER_UNKNOWN
    failure = bank_details.PAYOUT_FAILURES.get(numbers.number) if testing else None
    return BankAccount(
        id=given.get("id") or ids.new_id(BankAccount.prefix),
        account=tx.account_id,
        account_holder_name=given.get("account_holder_name"),
        account_holder_type=given.get("account_holder_type"),
        account_type=given.get("account_type"),
        # A payment file reaches a bank when the operator hands it in, never at once.
        available_payout_methods=["standard", "instant"] if testing else ["standard"],
        bank_name=bank_details.TEST_BANK if testing else numbers.bank_name,
        country=Country(numbers.country),
        created=Timestamp(tx.now),
        currency=Currency(numbers.currency),
        default_for_currency=False,
        fingerprint=digest[:_FINGERPRINT_LENGTH],
        last4=numbers.number[-4:],
        metadata={name: text for name, text in (metadata or {}).items() if text},
        payout_failure_code=failure,
        requirements=_owner_wanted() if unknown else BankRequirements(),
        routing_number=numbers.routing_number,
        status="verification_failed" if unknown else "new",
    )


def _owner_wanted() -> BankRequirements:
    error = BankRequirementError(
        code="verification_failed_name_match",
        reason="The owner of the bank account could not be verified. Provide a document that "
        "shows the owner and the last digits of the number.",
        requirement=OWNERSHIP_DOCUMENT,
    )
    return BankRequirements(currently_due=[OWNERSHIP_DOCUMENT], errors=[error])


async def _documented(tx: Tx, old: BankAccount, after: BankAccount) -> BankAccount:
    """The bank account with its documents looked at: one that shows the owner is what was due."""
    if after.documents == old.documents:
        return after
    files = _ownership_files(after.documents)
    places = [
        Document(
            f"documents[bank_account_ownership_verification][files][{index}]",
            file_id,
            ("account_requirement",),
        )
        for index, file_id in enumerate(files)
    ]
    await check_documents(tx, places, api="v1")
    if set(files) - {UNVERIFIED_DOCUMENT} and after.requirements.currently_due:
        return msgspec.structs.replace(after, requirements=BankRequirements(), status="new")
    return after


def _ownership_files(documents: BankAccountDocuments | None) -> list[str]:
    given = documents.bank_account_ownership_verification if documents is not None else None
    return given.files if given is not None else []


def _default_among(accounts: list[BankAccount], currency: str) -> BankAccount | None:
    return next(
        (one for one in accounts if one.currency == currency and one.default_for_currency), None
    )


async def _none_default(tx: Tx, accounts: list[BankAccount], currency: str) -> list[BankAccount]:
    """The accounts, none of them the default for the currency any more."""
    kept = []
    for one in accounts:
        if one.currency == currency and one.default_for_currency:
            one = msgspec.structs.replace(one, default_for_currency=False)  # noqa: PLW2901
            await rows.save(tx, one)
        kept.append(one)
    return kept


def _announce_others(tx: Tx, before: AccountState, others: list[BankAccount]) -> None:
    """Emit what changed of the accounts beside the one that the call was about."""
    earlier = {one.id: one for one in before.external_accounts}
    for one in others:
        if one != earlier[one.id]:
            announce_bank_account(tx, earlier[one.id], one)


async def instant_of(connection: Connection, account_id: str) -> dict[str, str]:
    """The default bank accounts of an account that take instant payouts, by currency."""
    found = await _INSTANT(connection, account_id=account_id)
    return {one.currency: one.id for one in found}
