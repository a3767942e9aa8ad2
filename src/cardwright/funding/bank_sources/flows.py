"""What happens to bank accounts that top-ups are pulled from."""

import msgspec

from cardwright.accounts import bank_details
from cardwright.funding.bank_sources.model import (
    AchDebit,
    BankSource,
    CodeVerification,
    NewSource,
    Verification,
)
from cardwright.kernel import ids, secrets
from cardwright.kernel.database import Tx
from cardwright.kernel.errors import fail
from cardwright.wire import rows
from cardwright.wire.given import Given, build, merge
from cardwright.wire.resource import Country, Currency

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
        fail("currency_unsupported", param="currency", value=currency, reason=reason)
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
        reason = f"The source {before.id} is {before.status}; only a pending one is verified."
        fail("state_invalid", reason=reason)
    if tx.livemode:
        fail("bank_verification_by_operator")
    if [value.lstrip("0") for value in given.get("values")] != TEST_VALUES:
        fail("bank_verification_failed", param="values")
    return await confirm(tx, before)


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
        fail("currency_unsupported", param="currency", value=currency, reason=reason)
    if named.startswith(BankSource.prefix):
        source = await rows.get(tx, BankSource, named, param="source")
    else:
        source = await _keep(tx, named, "source", Given(NewSource, {}))
    if source.status != "chargeable":
        fail("source_unusable", param="source", source=source.id, status=source.status)
    return source


async def _keep(tx: Tx, token: str, param: str, given: Given[NewSource]) -> BankSource:
    number = None if tx.livemode else bank_details.TEST_TOKENS.get(token)
    if number is None:
        fail("resource_missing", param=param, object="token", id=token[:200])
    routing_number = bank_details.TEST_ROUTING_NUMBER
    digest = tx.vault.blind_index(f"US/{routing_number}/{number}", "bank_account")
    verified = token.startswith(VERIFIED)
    source = build(
        BankSource,
        Given(BankSource, {name: given.get(name) for name in ("metadata", "owner")}),
        id=ids.new_id(BankSource.prefix),
        ach_debit=AchDebit(
            bank_name=bank_details.TEST_BANK,
            country=Country("US"),
            fingerprint=digest[:16],
            last4=number[-4:],
            routing_number=routing_number,
        ),
        client_secret=ids.secret_token("src_client_secret_"),
        created=tx.now,
        currency=Currency(CURRENCY),
        debit_failure_code=bank_details.PAYOUT_FAILURES.get(number),
        livemode=tx.livemode,
        code_verification=CodeVerification(
            attempts_remaining=0 if verified else 10,
            status="succeeded" if verified else "pending",
        ),
        status="chargeable" if verified else "pending",
    )
    await secrets.put(tx, source.id, "account_number", number)
    await rows.insert(tx, source)
    return source
