"""What the v1 calls take about the settings of an account; see ``v1_shapes``."""

from typing import Annotated, Literal

from cardwright.accounts.views.v1_forms import Acceptance
from cardwright.wire.resource import Mark, Shape

_TEXT = Mark(longest=500)
_COLOR = Mark(pattern="#[0-9a-fA-F]{6}")


class NamedDebits(Shape):
    """How debits are named."""

    display_name: Annotated[str | None, Mark(longest=100)]


class Branding(Shape):
    """How the account's pages look; files by id, colors as ``#rrggbb``."""

    icon: Annotated[str | None, Mark(longest=255)]
    logo: Annotated[str | None, Mark(longest=255)]
    primary_color: Annotated[str | None, _COLOR]
    secondary_color: Annotated[str | None, _COLOR]


class TermsSettings(Shape):
    """Acceptance of the terms of a product."""

    tos_acceptance: Acceptance


class DeclineOn(Shape):
    """Checks whose failure declines a card payment."""

    avs_failure: bool
    cvc_failure: bool


class CardPaymentsSettings(Shape):
    """Settings of accepted card payments."""

    decline_on: DeclineOn
    statement_descriptor_prefix: Annotated[str | None, Mark(longest=10)]
    statement_descriptor_prefix_kana: Annotated[str | None, Mark(longest=10)]
    statement_descriptor_prefix_kanji: Annotated[str | None, Mark(longest=10)]


class InvoicesSettings(Shape):
    """Settings of the account's own invoices."""

    hosted_payment_method_save: Literal["always", "never", "offer"] | None


class PaymentsSettings(Shape):
    """How the account is named on statements."""

    statement_descriptor: Annotated[str | None, Mark(longest=22)]
    statement_descriptor_kana: Annotated[str | None, Mark(longest=22)]
    statement_descriptor_kanji: Annotated[str | None, Mark(longest=22)]


class PayoutSchedule(Shape):
    """When money is paid out; ``delay_days`` is a number or ``minimum``."""

    delay_days: Annotated[str | None, Mark(pattern="minimum|[0-9]{1,3}")]
    interval: Literal["daily", "manual", "monthly", "weekly"]
    monthly_anchor: Annotated[int | None, Mark(low=1, high=31)]
    monthly_payout_days: Annotated[list[int] | None, Mark(low=1, high=31)]
    weekly_anchor: (
        Literal["friday", "monday", "saturday", "sunday", "thursday", "tuesday", "wednesday"] | None
    )
    weekly_payout_days: list[Literal["friday", "monday", "thursday", "tuesday", "wednesday"]] | None


class PayoutsSettings(Shape):
    """Settings of payouts."""

    debit_negative_balances: bool | None
    schedule: PayoutSchedule
    statement_descriptor: Annotated[str | None, Mark(longest=22)]


class SepaDebitSettings(Shape):
    """Settings of debits in euros."""

    creditor_id: Annotated[str | None, Mark(longest=100)]


class Settings(Shape):
    """Settings that belong to products."""

    bacs_debit_payments: NamedDebits
    branding: Branding
    card_issuing: TermsSettings
    card_payments: CardPaymentsSettings
    invoices: InvoicesSettings
    payments: PaymentsSettings
    payouts: PayoutsSettings
    sepa_debit_payments: SepaDebitSettings
    treasury: TermsSettings
