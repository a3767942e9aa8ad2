"""``cardwright low-balance-alert``."""

from typing import Any

from cardwright.cli import options
from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.transaction import Said, working
from cardwright.funding.low_balance.settings import LowBalanceGiven, configure, settings_of
from cardwright.kernel.startup import StartError
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST


@working
async def low_balance_alert(
    *,
    amount: tuple[str, ...] = (),
    percent_of_daily_spend: str | None = None,
    email: str | None = None,
    off: options.Flag = False,
    platform: Platform = PLATFORM,
) -> Said:
    """Show or change when you are told that an Issuing balance is too low; also beside a running
    server.

    Parameters
    ----------
    amount
        The least that a balance should have, such as gbp=10000 (minor units); may be repeated.
    percent_of_daily_spend
        Instead of amounts: the least as a percentage of what cards spent in the last 24 hours.
    email
        Who is told besides, where there is a mail server; empty for nobody.
    off
        Tell of no balance any more.
    """
    raw: dict[str, Any] = {}
    if amount:
        raw["amounts"] = [_floor(text) for text in amount]
    if percent_of_daily_spend is not None:
        raw["percent_of_daily_spend"] = percent_of_daily_spend
    if email is not None:
        raw["email"] = email
    if off and raw:
        raise StartError("--off contradicts what else is given.")
    if off:
        raw = {"amounts": "", "percent_of_daily_spend": ""}

    changes = parser(LowBalanceGiven, "c", "v1", LATEST, form=True)(raw).tree
    async with platform.transaction() as tx:
        settings = await configure(tx, changes) if changes else await settings_of(tx)
    lines = [f"amount: {minor} {name}" for name, minor in sorted(settings.amounts.items())]
    if settings.percent_of_daily_spend is not None:
        lines = [f"percent of daily spend: {settings.percent_of_daily_spend}"]
    return [*(lines or ["off"]), f"email: {settings.email or 'nobody'}"]


def _floor(text: str) -> dict[str, str]:
    """An amount as the API takes it."""
    currency, equals, minor = text.partition("=")
    if not equals:
        raise StartError(f"An amount is written like gbp=10000, not {text!r}.")
    return {"amount": minor, "currency": currency}
