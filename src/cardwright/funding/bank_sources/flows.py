"""What happens to bank accounts that top-ups are pulled from."""

import msgspec

from cardwright.accounts import external_accounts
from cardwright.currencies import refusals as currencies_refusals
from cardwright.funding import refusals
from cardwright.funding.bank_sources.model import (
    AchDebit,
    BankSource,
    CodeVerification,
    NewSource,
    Verification,
)
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import secrets
from cardwright.wire import rows
from cardwright.wire.given import Given, build, merge
from cardwright.wire.resource import Sealed

CURRENCY = "usd"
# Bank accounts of these tokens are verified from the start.
VERIFIED = "btok_us_verified"
# The amounts that the test environment has sent to every bank account.
TEST_VALUES = ["32", "45"]


async def create_source(tx: Tx, given: Given[NewSource]) -> BankSource:
    """Keep a bank account that a token stands for; it must be verified before it is debited."""
    currency = given.get("currency") or CURRENCY
    if currency != CURRENCY:
        reason = "Bank accounts are debited in usd."
        fail(
            currencies_refusals.CURRENCY_UNSUPPORTED,
            param="currency",
            value=currency,
            reason=reason,
        )
    return await _keep(tx, given.get("token"), "token", given)


async def update_source(tx: Tx, source_id: str, given: Given[BankSource]) -> BankSource:
    """The source with its owner or metadata changed."""
    before = await rows.lock(tx, BankSource, source_id)
    after = merge(before, given)
    if after != before:
        await rows.save(tx, after)
    return after


async def verify(tx: Tx, source_id: str, given: Given[Verification]) -> BankSource:
    """Prove, by the amounts that were sent to it, that the bank account is the account's own."""
    before = await rows.lock(tx, BankSource, source_id)
    if before.status != "pending":
        fail(refusals.SOURCE_NOT_PENDING, source=before.id, status=before.status)
    if tx.livemode:
        fail(refusals.BANK_VERIFICATION_BY_OPERATOR)
    if [value.lstrip("0") for value in given.get("values")] != TEST_VALUES:
        fail(refusals.BANK_VERIFICATION_FAILED, param="values")
    return await confirm(tx, before)


async def confirm_pending(tx: Tx, source_id: str) -> BankSource:
    """The source may be debited from now on; refuses one that is decided on already."""
    source = await rows.lock(tx, BankSource, source_id)
    if source.status != "pending":
        fail(refusals.SOURCE_CONFIRMED_ALREADY, source=source.id, status=source.status)
    return await confirm(tx, source)


async def confirm(tx: Tx, before: BankSource) -> BankSource:
    """The source may be debited from now on."""
    verified = CodeVerification(attempts_remaining=0, status="succeeded")
    after = msgspec.structs.replace(before, status="chargeable", code_verification=verified)
    await rows.save(tx, after)
    return after


async def usable(tx: Tx, named: str, currency: str) -> BankSource:
    """The source that a top-up names, by its id or by a token; refuses one that cannot pay it."""
    if currency != CURRENCY:
        reason = "Top-ups are pulled from bank accounts in usd."
        fail(
            currencies_refusals.CURRENCY_UNSUPPORTED,
            param="currency",
            value=currency,
            reason=reason,
        )
    if named.startswith(BankSource.prefix):
        source = await rows.get(tx, BankSource, named, param="source")
    else:
        source = await _keep(tx, named, "source", Given(NewSource, {}))
    if source.status != "chargeable":
        fail(refusals.SOURCE_UNUSABLE, param="source", source=source.id, status=source.status)
    return source


async def _keep(tx: Tx, token: str, param: str, given: Given[NewSource]) -> BankSource:
    """A new source of the bank account that a token stands for."""
    details = await external_accounts.opened(tx, {"token": token}, param=param)
    bank = external_accounts.described(tx, details, param=param)
    if (bank.country, bank.currency) != ("US", CURRENCY):
        fail(refusals.SOURCE_BANK_UNSUPPORTED, param=param)
    verified = token.startswith(VERIFIED)
    source = build(
        BankSource,
        Given(BankSource, {name: given.get(name) for name in ("metadata", "owner")}),
        id=ids.new_id(BankSource.prefix),
        ach_debit=AchDebit(
            bank_name=bank.bank_name,
            country=bank.country,
            fingerprint=bank.fingerprint,
            last4=bank.last4,
            routing_number=bank.routing_number or "",
            type=bank.account_holder_type,
        ),
        client_secret=ids.secret_token("src_client_secret_"),
        created=tx.now,
        currency=bank.currency,
        debit_failure_code=bank.payout_failure_code,
        livemode=tx.livemode,
        code_verification=CodeVerification(
            attempts_remaining=0 if verified else 10,
            status="succeeded" if verified else "pending",
        ),
        status="chargeable" if verified else "pending",
    )
    number: Sealed = details["account_number"]
    await secrets.put(tx, source.id, external_accounts.NUMBER, number.reveal())
    await rows.insert(tx, source)
    return source
