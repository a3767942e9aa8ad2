"""``/_cardwright/notice_settings``: who sends the notices of a platform, and how emails look."""

from typing import Annotated, Any

import msgspec

from cardwright.kernel.database import Tx
from cardwright.notices.model import MAILABLE
from cardwright.tenancy import platforms
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.tenancy.platforms import NoticeSender, NoticeSettings
from cardwright.wire import standard
from cardwright.wire.given import Given, merge
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

PATH = "/_cardwright/notice_settings"
COLOR = r"#[0-9a-fA-F]{6}"
WEB_ADDRESS = r"https?://[^\s\"'<>]+"


class NoticeSettingsGiven(Parameters):
    """What may be set; what is left out stays as it is, an empty value is the first one again."""

    background_color: Annotated[str | None, Mark(pattern=COLOR)] = None
    brand_name: Annotated[str | None, Mark(longest=100, pattern=r"[^\r\n]+")] = None
    color: Annotated[str | None, Mark(pattern=COLOR)] = None
    from_address: Annotated[str | None, Mark(longest=300, pattern=MAILABLE)] = None
    logo_url: Annotated[str | None, Mark(longest=2048, pattern=WEB_ADDRESS)] = None
    sender: NoticeSender | None = None
    support_email: Annotated[str | None, Mark(longest=300, pattern=MAILABLE)] = None


async def settings_of(tx: Tx) -> NoticeSettings:
    """What the acting platform has set."""
    return (await platforms.settings(tx)).notices


@operator_verb(kind="none")
async def configure(tx: Tx, changes: dict[str, Any]) -> NoticeSettings:
    """Change some of what the acting platform has set."""
    before = await platforms.settings_to_change(tx)
    notices = merge(before.notices, Given(NoticeSettings, changes))
    return (await platforms.change(tx, before, notices=notices)).notices


def _shown(tx: Tx, settings: NoticeSettings) -> Body:
    found: Body = msgspec.to_builtins(settings)
    return {"object": "notice_settings", "livemode": tx.livemode, **found}


OPERATIONS = standard.settings(
    PATH,
    NoticeSettingsGiven,
    read=settings_of,
    change=configure,
    show=_shown,
)
