"""``/_cardwright/compliance_settings``: when the watch over card spend opens a case."""

from typing import Annotated, Any

import msgspec

from cardwright.kernel.database import Tx
from cardwright.tenancy import platforms
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.tenancy.platforms import ComplianceSettings
from cardwright.wire import standard
from cardwright.wire.resource import Mark, Parameters, Shape
from cardwright.wire.versions import Body

PATH = "/_cardwright/compliance_settings"
CODE = r"[0-9]{4}"
MOST_MINOR = 10**12
Codes = Annotated[list[str] | None, Mark(pattern=CODE)]


class Prohibited(Shape):
    """Businesses that cards may not be used with, as merchant category codes."""

    adult: Codes = None
    crypto: Codes = None
    firearms: Codes = None
    gambling: Codes = None


class ComplianceSettingsGiven(Parameters):
    """What may be set; what is left out stays as it is, an empty value is the first one again."""

    cross_border_payments: Annotated[int | None, Mark(low=1, high=1_000_000)] = None
    cross_border_percent: Annotated[int | None, Mark(low=1, high=100)] = None
    prohibited: Prohibited | None = None
    prohibited_minor: Annotated[int | None, Mark(low=1, high=MOST_MINOR)] = None
    window_days: Annotated[int | None, Mark(low=1, high=365)] = None


async def settings_of(tx: Tx) -> ComplianceSettings:
    """What the acting platform has set."""
    return (await platforms.settings(tx)).compliance


@operator_verb(kind="widens_risk")
async def configure(tx: Tx, changes: dict[str, Any]) -> ComplianceSettings:
    """Change some of what the acting platform has set; None is what it was at first."""
    settings = await platforms.settings_to_change(tx)
    first, now = ComplianceSettings(), settings.compliance
    wanted: dict[str, Any] = {
        name: getattr(first, name) if value is None else value
        for name, value in changes.items()
        if name != "prohibited"
    }
    if "prohibited" in changes:
        given = changes["prohibited"]
        known = first.prohibited if given is None else now.prohibited
        codes = {
            kind: first.prohibited[kind] if value is None else list(value)
            for kind, value in (given or {}).items()
        }
        wanted["prohibited"] = {**known, **codes}
    compliance = msgspec.structs.replace(now, **wanted)
    return (await platforms.change(tx, settings, compliance=compliance)).compliance


def _shown(tx: Tx, settings: ComplianceSettings) -> Body:
    found: Body = msgspec.to_builtins(settings)
    return {"object": "compliance_settings", "livemode": tx.livemode, **found}


OPERATIONS = standard.settings(
    PATH,
    ComplianceSettingsGiven,
    read=settings_of,
    change=configure,
    show=_shown,
)
