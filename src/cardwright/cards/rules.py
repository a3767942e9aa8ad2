"""What a card may be: pure decisions, no storage."""

from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from cardwright.cardholders.model import Cardholder
from cardwright.cardholders.spending_controls import (
    SpendingControls,
    SpendingLimit,
    check_exclusive,
)
from cardwright.cards import refusals
from cardwright.cards.model import Card
from cardwright.currencies import refusals as currencies_refusals
from cardwright.kernel import clock
from cardwright.kernel.clock import moment
from cardwright.kernel.refusal import fail
from cardwright.programs import refusals as programs_refusals
from cardwright.programs.offerings import Offering
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.resource import Currency

# A card without limits of its own gets this one, in its currency.
DEFAULT_LIMIT_MINOR = 50_000
VALID_YEARS = 3
# Where the user of a card must have a phone number: payments ask by it (source: Issuing API).
PHONE_REGIONS = frozenset({"EU"})
# Replacing for these keeps the number; for the others the number is not safe any more.
SAME_NUMBER = frozenset({"damaged", "expired"})
COMPROMISED = frozenset({"lost", "stolen"})
# Members that only the rules look at.
UNSEEN = ("is_expired", "pin_failures", "pin_failed_requests")


def expiry(now_ms: int, exp_month: int | None, exp_year: int | None) -> tuple[int, int]:
    """The month and year a new card expires in: those given, or three years from now."""
    today = moment(now_ms)
    if exp_month is None and exp_year is None:
        return today.month, today.year + VALID_YEARS
    if exp_month is None or exp_year is None:
        absent = "exp_month" if exp_month is None else "exp_year"
        fail(wire_refusals.PARAMETER_MISSING, param=absent)
    if (exp_year, exp_month) < (today.year, today.month):
        fail(refusals.CARD_EXPIRY_PAST, param="exp_month", expiry=f"{exp_month:02d}/{exp_year}")
    return exp_month, exp_year


@lru_cache(maxsize=512)
def expires_ms(year: int, month: int) -> int:
    """The instant at which a card printed with this month stops working: when the month ends."""
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return int(end.timestamp()) * clock.SECOND_MS


def check_expiry_free(card: Card, taken: list[tuple[int, int]]) -> None:
    """Refuse an expiry with which the card could not be told from another of its number."""
    if (card.exp_month, card.exp_year) in taken:
        fail(refusals.CARD_EXPIRY_TAKEN, param="exp_month")


def check_alive(card: Card, param: str) -> None:
    """Refuse to change what a canceled card has no use for."""
    if card.status == "canceled":
        fail(refusals.CARD_CANCELED, param=param)


def check_capability(status: str | None, offering: Offering) -> None:
    """Refuse to issue on an account whose capability is not active."""
    if status != "active":
        fail(
            refusals.CARD_CAPABILITY_INACTIVE,
            capability=offering.capability,
            status=status or "not requested",
        )


def check_offering(card: Card, offering: Offering) -> None:
    """Refuse a card that the program does not issue."""
    if card.currency != offering.currency:
        reason = f"The program issues cards in {offering.currency}."
        fail(
            currencies_refusals.CURRENCY_UNSUPPORTED,
            param="currency",
            value=card.currency,
            reason=reason,
        )
    if card.type not in offering.card_types:
        values = ", ".join(sorted(offering.card_types))
        fail(wire_refusals.PARAMETER_ENUM, param="type", values=values)


def check_new(card: Card, holder: Cardholder) -> None:
    """Refuse a new card that an API call may not make."""
    if card.status == "canceled":
        fail(wire_refusals.PARAMETER_ENUM, param="status", values="active, inactive")
    if card.replacement_reason == "fulfillment_error":
        values = ", ".join(sorted(SAME_NUMBER | COMPROMISED))
        fail(wire_refusals.PARAMETER_ENUM, param="replacement_reason", values=values)
    if card.replacement_for is None and card.replacement_reason is not None:
        fail(wire_refusals.PARAMETER_MISSING, param="replacement_for")
    if card.replacement_for is not None and card.replacement_reason is None:
        fail(wire_refusals.PARAMETER_MISSING, param="replacement_reason")
    if card.type == "physical" and card.shipping is None:
        fail(wire_refusals.PARAMETER_MISSING, param="shipping")
    if card.status == "active":
        check_holder(holder)
    check(card)


def check_update(before: Card, after: Card, holder: Cardholder) -> None:
    """Refuse a change that an update may not make."""
    canceled = before.status == "canceled"
    if canceled and after.status != "canceled":
        fail(refusals.CARD_CANCELED, param="status")
    if after.cancellation_reason != before.cancellation_reason:
        if canceled or after.status != "canceled":
            fail(refusals.CARD_CANCELLATION_REASON_EARLY, param="cancellation_reason")
        if after.cancellation_reason not in COMPROMISED:
            fail(wire_refusals.PARAMETER_ENUM, param="cancellation_reason", values="lost, stolen")
    if after.status == "active" and before.status != "active":
        check_holder(holder)
    check(after)


def check(card: Card) -> None:
    """Refuse what no card may be."""
    if card.type == "virtual" and card.shipping is not None:
        fail(refusals.CARD_VIRTUAL_NOT_SHIPPED, param="shipping")
    if card.type == "virtual" and card.personalization_design is not None:
        fail(refusals.CARD_VIRTUAL_WITHOUT_DESIGN, param="personalization_design")
    check_exclusive(card.spending_controls)


def waits_for(card: Card, design_id: str) -> bool:
    """Whether the card waits to be made with the design."""
    return (
        card.personalization_design == design_id
        and card.status != "canceled"
        and card.shipping is not None
        and card.shipping.status == "pending"
    )


def check_holder(holder: Cardholder) -> None:
    """Refuse to activate a card of a cardholder who cannot use it."""
    if holder.status != "active":
        fail(
            refusals.CARD_CARDHOLDER_INACTIVE,
            param="status",
            cardholder=holder.id,
            status=holder.status,
        )
    if holder.requirements.disabled_reason is not None:
        fail(
            refusals.CARD_CARDHOLDER_REQUIREMENTS,
            param="status",
            cardholder=holder.id,
            reason=holder.requirements.disabled_reason,
        )


def check_program_open(card: Card, program: str, *, closed: bool) -> None:
    """Refuse a new card of a program that the operator has closed; replacements go on."""
    if closed and card.replacement_for is None:
        fail(programs_refusals.PROGRAM_CLOSED, param="program", program=program)


def check_reachable(
    before: Card | None, after: Card, holder: Cardholder, offering: Offering
) -> None:
    """Refuse to activate a card whose user cannot be asked by phone where the program asks."""
    activated = after.status == "active" and (before is None or before.status != "active")
    if activated and offering.region in PHONE_REGIONS and not holder.phone_number:
        fail(
            refusals.CARD_CARDHOLDER_PHONE,
            param="status",
            cardholder=holder.id,
            currency=offering.currency,
        )


def check_replacement(card: Card, original: Card) -> None:
    """Refuse a replacement that does not fit the card it replaces."""
    if original.replaced_by is not None:
        fail(
            refusals.CARD_REPLACED,
            param="replacement_for",
            card=original.id,
            by=original.replaced_by,
        )
    if (original.cardholder, original.currency, original.program) != (
        card.cardholder,
        card.currency,
        card.program,
    ):
        fail(refusals.REPLACEMENT_DIFFERS, param="replacement_for")
    canceled_for = original.cancellation_reason if original.status == "canceled" else None
    if card.replacement_reason in COMPROMISED and canceled_for != card.replacement_reason:
        fail(
            refusals.REPLACEMENT_BEFORE_CANCELLATION,
            param="replacement_for",
            reason=card.replacement_reason,
        )
    ended = original.status == "canceled" and not original.is_expired
    if card.replacement_reason in SAME_NUMBER and ended:
        fail(
            refusals.REPLACEMENT_OF_CANCELED,
            param="replacement_for",
            reason=card.replacement_reason,
        )


def backed_alike(card: Card, original: Card) -> Card:
    """The replacement on the financial account of the card it replaces; refuses another."""
    if card.financial_account not in (None, original.financial_account):
        fail(refusals.REPLACEMENT_FINANCIAL_ACCOUNT, param="financial_account")
    replaced: Card = msgspec.structs.replace(card, financial_account=original.financial_account)
    return replaced


def check_number_safe(original: Card) -> None:
    """Refuse to go on with the number of a card that was lost or stolen meanwhile."""
    if original.cancellation_reason in COMPROMISED:
        fail(
            refusals.CARD_NUMBER_COMPROMISED,
            param="status",
            original=original.id,
            reason=original.cancellation_reason,
        )


def with_limits(card: Card, *, is_new: bool) -> Card:
    """The card with its limits in its own currency, and the default limit when it has none."""
    controls: SpendingControls = msgspec.structs.replace(
        card.spending_controls, spending_limits_currency=Currency(card.currency)
    )
    if is_new and not controls.spending_limits:
        limit = SpendingLimit(amount=DEFAULT_LIMIT_MINOR, interval="daily")
        controls = msgspec.structs.replace(controls, spending_limits=[limit])
    return msgspec.structs.replace(card, spending_controls=controls)


def takes_over(before: Card | None, after: Card) -> bool:
    """Whether a change makes the card take the place of the one it replaces."""
    was_active = before is not None and before.status == "active"
    return after.status == "active" and not was_active and after.replacement_reason in SAME_NUMBER
