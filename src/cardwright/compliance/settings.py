"""``/_cardwright/compliance_settings``: when the watch over card spend opens a case."""

from typing import Annotated, Any

import msgspec

from cardwright.kernel.database import Tx
from cardwright.tenancy import gates, platforms
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.tenancy.platforms import ComplianceSettings
from cardwright.wire.operation import Call, Operation
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
    _pinned, settings = await platforms.settings_of(tx.connection, tx.platform_id)
    return settings.compliance


@operator_verb(kind="widens_risk")
async def configure(tx: Tx, changes: dict[str, Any]) -> ComplianceSettings:
    """Change some of what the acting platform has set; None is what it was at first."""
    await gates.lock(tx, tx.platform_id)
    _pinned, settings = await platforms.settings_of(tx.connection, tx.platform_id)
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
    changed = msgspec.structs.replace(settings, compliance=compliance)
    await platforms.change_settings(tx.connection, tx.platform_id, changed)
    return compliance


async def retrieve(tx: Tx, _call: Call[Any]) -> Body:
    """Retrieve when a case is opened."""
    return _shown(tx, await settings_of(tx))


async def update(tx: Tx, call: Call[ComplianceSettingsGiven]) -> Body:
    """Change when a case is opened."""
    return _shown(tx, await configure(tx, call.given.tree))


def _shown(tx: Tx, settings: ComplianceSettings) -> Body:
    found: Body = msgspec.to_builtins(settings)
    return {"object": "compliance_settings", "livemode": tx.livemode, **found}


OPERATIONS = (
    Operation(method="GET", path=PATH, handler=retrieve, platform_only=True),
    Operation(
        method="POST", path=PATH, handler=update, takes=ComplianceSettingsGiven, platform_only=True
    ),
)
