"""``/_cardwright/issuing/authorization_settings``: what a platform lets its cards do.

The public API leaves this to the dashboard, so the path stands outside of it.
"""

from typing import Any, Literal

from cardwright.kernel.database import Tx
from cardwright.tenancy import platforms
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.tenancy.platforms import PlatformSettings
from cardwright.wire import standard
from cardwright.wire.resource import Parameters
from cardwright.wire.versions import Body

PATH = "/_cardwright/issuing/authorization_settings"
Permission = Literal["allowed", "not_allowed"]


class AuthorizationSettings(Parameters):
    """Whether cards take out cash and pay by magnetic stripe, and whether cardholders are asked to
    confirm what looks like fraud; what is left out stays as it is."""

    cash_withdrawals: Permission | None = None
    fraud_challenges: bool | None = None
    magnetic_stripe: Permission | None = None


@operator_verb(kind="widens_risk")
async def change(tx: Tx, given: dict[str, Any]) -> PlatformSettings:
    """Change what is given, for all accounts of the acting platform, from the next payment on."""
    before = await platforms.settings_to_change(tx)
    changes: dict[str, bool] = {}
    for name in ("cash_withdrawals", "magnetic_stripe"):
        if given.get(name) is not None:
            changes[name] = given[name] == "allowed"
    if given.get("fraud_challenges") is not None:
        changes["fraud_challenges"] = given["fraud_challenges"]
    return await platforms.change(tx, before, **changes)


def shown(settings: PlatformSettings, *, livemode: bool) -> Body:
    """The settings as the API shows them."""
    return {
        "object": "authorization_settings",
        "cash_withdrawals": _permission(settings.cash_withdrawals),
        "fraud_challenges": settings.fraud_challenges,
        "livemode": livemode,
        "magnetic_stripe": _permission(settings.magnetic_stripe),
    }


def _permission(allowed: bool) -> Permission:
    return "allowed" if allowed else "not_allowed"


OPERATIONS = standard.settings(
    PATH,
    AuthorizationSettings,
    read=platforms.settings,
    change=change,
    show=lambda tx, settings: shown(settings, livemode=tx.livemode),
)
