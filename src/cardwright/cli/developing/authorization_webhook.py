"""``cardwright authorization-webhook``."""

from msgspec import UNSET

from cardwright.authorizations.real_time.authorization_webhook import configure
from cardwright.cli import options
from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.transaction import Said, working
from cardwright.kernel.startup import StartError
from cardwright.tenancy import platforms
from cardwright.tenancy.platforms import Silence


@working
async def authorization_webhook(
    *,
    url: str | None = None,
    on_silence: Silence | None = None,
    off: options.Flag = False,
    platform: Platform = PLATFORM,
) -> Said:
    """Show or change where you are asked about card payments; also beside a running server.

    Parameters
    ----------
    url
        Where questions are posted. A new address gets a signing secret, shown this once.
    on_silence
        What an unanswered question means.
    off
        Ask nowhere.
    """
    if off and url is not None:
        raise StartError("--off and --url contradict each other.")
    place = None if off else url or UNSET
    secret = None
    async with platform.transaction() as tx:
        if place is not UNSET or on_silence is not None:
            secret = await configure(tx, url=place, on_silence=on_silence or UNSET)
        settings = await platforms.settings(tx)
    shown = [
        f"url: {settings.authorization_webhook_url or 'none, payments are decided without asking'}",
        f"on silence: {settings.authorization_webhook_default}",
    ]
    return shown if secret is None else [*shown, f"signing secret: {secret}"]
