"""Places that money can go to: bank accounts and cards, their numbers sealed."""

import re
from typing import Literal

import msgspec

from cardwright.accounts.record import bank_details
from cardwright.accounts.record.model import Account
from cardwright.financial_accounts import refusals
from cardwright.financial_accounts.flows import now
from cardwright.financial_accounts.record import rules
from cardwright.financial_accounts.record.movements import (
    BankAccountType,
    MoveOutcome,
    OutboundSetupIntent,
    PayoutBankAccount,
    PayoutCard,
    PayoutMethod,
    Usage,
    UsageStatus,
)
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import secrets
from cardwright.wire import rows
from cardwright.wire.resource import Country, Currency

QUERIES = load(__file__)
NUMBER = "account_number"
Purpose = Literal["payments", "transfers"]
_FINGERPRINT_LENGTH = 16
# The prefix of an id and the kind that the vault of v2 shows, by country.
PREFIXES = {"GB": "gbba_", "US": "usba_"}
VAULT_TYPES = {"GB": "gb_bank_account", "US": "us_bank_account"}
SCHEMES = {"GB": ["fps", "chaps"], "US": ["ach", "fedwire"]}
_CARD = re.compile(r"[0-9]{12,19}")

_NEWEST = QUERIES.value("newest_payout_method", str)


class BankDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A bank account as a caller gives it."""

    country: str
    currency: str | None
    number: str
    routing_number: str | None = None
    type: BankAccountType = "checking"
    branch_number: str | None = None
    swift_code: str | None = None
    param: str = ""


async def add_bank_account(tx: Tx, given: BankDetails, usage: UsageStatus) -> PayoutMethod:
    """A bank account of the acting account; refuses numbers that no bank account can have."""
    numbers = rules.bank_numbers(
        country=given.country,
        currency=given.currency,
        number=given.number,
        routing_number=given.routing_number,
        param=given.param,
    )
    failure = None if tx.livemode else bank_details.PAYOUT_FAILURES.get(numbers.number)
    outcome: MoveOutcome = "posted"
    why = None
    if failure is not None:
        outcome, why = rules.OUTCOMES[failure]
    known = bank_details.bank_countries()[numbers.country]
    bank_name = numbers.bank_name if tx.livemode else bank_details.TEST_BANK
    made = PayoutMethod(
        id=ids.new_id(PREFIXES.get(numbers.country, "pytmthd_")),
        bank_account=PayoutBankAccount(
            bank_account_type=given.type,
            bank_name=bank_name or "",
            branch_number=given.branch_number,
            country=Country(numbers.country),
            enabled_delivery_schemes=SCHEMES.get(numbers.country, ["sepa_credit"]),
            last4=numbers.number[-4:],
            routing_number=numbers.routing_number,
            supported_currencies=[Currency(one) for one in known.currencies],
            swift_code=given.swift_code,
        ),
        created=now(tx),
        fingerprint=_fingerprint(tx, f"{numbers.routing_number}/{numbers.number}"),
        livemode=tx.livemode,
        outcome=outcome,
        outcome_reason=why,
        type="bank_account",
        usage_status=usage,
        vault_type=VAULT_TYPES.get(numbers.country),
    )
    await rows.insert(tx, made)
    await secrets.put(tx, made.id, NUMBER, numbers.number)
    return made


async def add_card(
    tx: Tx, number: str, exp_month: str, exp_year: str, currency: Currency, usage: UsageStatus
) -> PayoutMethod:
    """A card that the acting account is paid on."""
    digits = re.sub(r"[\s\-]", "", number)
    if not _CARD.fullmatch(digits) or not _checks(digits):
        fail(refusals.PAYOUT_CARD_NUMBER_INVALID, param="payout_method_data.card.number")
    made = PayoutMethod(
        id=ids.new_id("pytmthd_"),
        card=PayoutCard(
            exp_month=exp_month,
            exp_year=exp_year,
            fingerprint=_fingerprint(tx, digits),
            last4=digits[-4:],
            supported_currencies=[currency],
        ),
        created=now(tx),
        livemode=tx.livemode,
        type="card",
        usage_status=usage,
    )
    await rows.insert(tx, made)
    await secrets.put(tx, made.id, NUMBER, digits)
    return made


def _checks(digits: str) -> bool:
    from stdnum import luhn

    return bool(luhn.is_valid(digits))


def _fingerprint(tx: Tx, number: str) -> str:
    return tx.vault.blind_index(number, "bank_account")[:_FINGERPRINT_LENGTH]


async def set_up(
    tx: Tx, intent: OutboundSetupIntent | None, method: PayoutMethod | None, usage: str
) -> tuple[OutboundSetupIntent, PayoutMethod | None]:
    """A setup intent, new or changed, whose method may be used for what it intends."""
    if intent is None:
        intent = OutboundSetupIntent(
            id=ids.new_id(OutboundSetupIntent.prefix),
            created=now(tx),
            livemode=tx.livemode,
            status="requires_payout_method",
            usage_intent=usage,  # type: ignore[arg-type]  # the parser has seen it
        )
        await rows.insert(tx, intent)
    if method is None:
        return intent, None
    purpose: Purpose = "payments" if intent.usage_intent == "payment" else "transfers"
    after = msgspec.structs.replace(
        method,
        latest_outbound_setup_intent=intent.id,
        usage_status=msgspec.structs.replace(method.usage_status, **{purpose: "eligible"}),
    )
    await rows.save(tx, after)
    intent = msgspec.structs.replace(intent, payout_method=method.id, status="succeeded")
    await rows.save(tx, intent)
    return intent, after


async def cancel_setup(tx: Tx, intent_id: str) -> OutboundSetupIntent:
    """Give a setup up that has not succeeded."""
    before = await rows.lock(tx, OutboundSetupIntent, intent_id)
    if before.status == "canceled":
        fail(refusals.ALREADY_CANCELED, object="outbound setup intent", id=before.id)
    if before.status == "succeeded":
        fail(
            refusals.NOT_CANCELABLE,
            object="outbound setup intent",
            id=before.id,
            status=before.status,
        )
    after = msgspec.structs.replace(before, status="canceled")
    await rows.save(tx, after)
    return after


async def archive(tx: Tx, method_id: str, *, archived: bool) -> PayoutMethod:
    """Take a method out of use, or back into it."""
    before = await rows.lock(tx, PayoutMethod, method_id)
    after = msgspec.structs.replace(before, archived=archived)
    if after != before:
        await rows.save(tx, after)
    return after


async def disable(tx: Tx, method_id: str) -> PayoutMethod:
    """Use a method for nothing any more."""
    before = await rows.lock(tx, PayoutMethod, method_id)
    off: Usage = "disabled"
    after = msgspec.structs.replace(before, usage_status=UsageStatus(payments=off, transfers=off))
    if after != before:
        await rows.save(tx, after)
    return after


# Using.


async def has(tx: Tx, method_id: str) -> bool:
    """Whether the acting account has the method."""
    return await rows.find(tx.connection, PayoutMethod, tx.account_id, method_id) is not None


async def default_of(tx: Tx) -> str:
    """Where the acting account is paid unless somebody says otherwise: its default destination,
    else what it added last."""
    account = await rows.find(tx.connection, Account, tx.account_id, tx.account_id)
    recipient = account.configuration.recipient if account is not None else None
    if recipient is not None and recipient.default_outbound_destination is not None:
        return recipient.default_outbound_destination.id
    newest = await _NEWEST(tx.connection, account_id=tx.account_id)
    if newest is None:
        fail(refusals.PAYOUT_METHOD_MISSING, param="to.payout_method")
    return newest


async def usable(tx: Tx, method_id: str, currency: str, purpose: Purpose) -> PayoutMethod:
    """The method of the acting account, if money of the currency can go there."""
    method = await rows.find(tx.connection, PayoutMethod, tx.account_id, method_id)
    if method is None:
        fail(refusals.PAYOUT_METHOD_UNKNOWN, param="to.payout_method", id=method_id[:200])
    status: str = getattr(method.usage_status, purpose)
    if method.archived or method.restricted or status != "eligible":
        words = "archived" if method.archived else status
        fail(
            refusals.PAYOUT_METHOD_INELIGIBLE,
            param="to.payout_method",
            id=method.id,
            status=words,
            purpose=purpose,
        )
    if currency not in method.currencies:
        supported = ", ".join(method.currencies)
        fail(
            refusals.PAYOUT_METHOD_CURRENCY,
            param="to.payout_method",
            id=method.id,
            supported=supported,
            currency=currency,
        )
    return method
