"""``/_cardwright/low_balance_alert``: when a platform is told that an Issuing balance is too low.

The public API leaves this to the dashboard, so the path stands outside of it.
"""

from typing import Annotated, Any

import msgspec

from cardwright.funding import refusals
from cardwright.funding.low_balance.flows import CHANGED, FIRST
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.notices.model import ADDRESS
from cardwright.tenancy import deadlines, platforms
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.tenancy.platforms import LowBalanceSettings
from cardwright.wire import standard
from cardwright.wire.resource import Currency, Mark, Parameters, Shape
from cardwright.wire.versions import Body

PATH = "/_cardwright/low_balance_alert"
MOST_MINOR = 10**12
MOST_PERCENT = 1000


class Floor(Shape):
    """An amount in minor units that an Issuing balance should not fall below."""

    amount: Annotated[int, Mark(need="c", low=1, high=MOST_MINOR)]
    currency: Annotated[Currency, Mark(need="c")]


class LowBalanceGiven(Parameters):
    """What may be set; what is left out stays as it is, an empty value is turned off. Amounts and a
    part of the spend of the last 24 hours take each other's place."""

    amounts: list[Floor] | None = None
    email: Annotated[str | None, Mark(longest=300, pattern=ADDRESS)] = None
    percent_of_daily_spend: Annotated[int | None, Mark(low=1, high=MOST_PERCENT)] = None


async def settings_of(tx: Tx) -> LowBalanceSettings:
    """What the acting platform has set."""
    return (await platforms.settings(tx)).low_balance


@operator_verb(kind="none")
async def configure(tx: Tx, changes: dict[str, Any]) -> LowBalanceSettings:
    """Change some of what the acting platform has set; its accounts are looked at soon after."""
    before = await platforms.settings_to_change(tx)
    wanted = msgspec.structs.replace(before.low_balance, **_wanted(changes))
    after = await platforms.change(tx, before, low_balance=wanted)
    if after != before:
        await deadlines.schedule(tx, kind=CHANGED, subject=FIRST, due_ms=tx.now_ms)
    return after.low_balance


def _wanted(changes: dict[str, Any]) -> dict[str, Any]:
    """The members of the settings that change."""
    amounts: dict[str, int] = {}
    for number, one in enumerate(changes.get("amounts") or []):
        if one["currency"] in amounts:
            fail(
                refusals.LOW_BALANCE_AMOUNT_REPEATED,
                param=f"amounts[{number}][currency]",
                currency=one["currency"],
            )
        amounts[one["currency"]] = one["amount"]
    percent = changes.get("percent_of_daily_spend")
    if amounts and percent is not None:
        fail(refusals.LOW_BALANCE_AMOUNTS_AND_PERCENT, param="percent_of_daily_spend")
    wanted: dict[str, Any] = {}
    if "amounts" in changes or percent is not None:
        wanted["amounts"] = amounts
    if "percent_of_daily_spend" in changes or amounts:
        wanted["percent_of_daily_spend"] = percent
    if "email" in changes:
        wanted["email"] = changes["email"]
    return wanted


def _shown(tx: Tx, settings: LowBalanceSettings) -> Body:
    return {
        "object": "low_balance_alert",
        "amounts": [
            {"amount": amount, "currency": currency}
            for currency, amount in sorted(settings.amounts.items())
        ],
        "email": settings.email,
        "livemode": tx.livemode,
        "percent_of_daily_spend": settings.percent_of_daily_spend,
    }


OPERATIONS = standard.settings(
    PATH,
    LowBalanceGiven,
    read=settings_of,
    change=configure,
    show=_shown,
)
