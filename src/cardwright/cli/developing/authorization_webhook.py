"""``cardwright authorization-webhook``."""

from msgspec import UNSET, UnsetType

from cardwright.authorizations.real_time.authorization_webhook import configure, settings_of
from cardwright.cli import acting, options
from cardwright.kernel.startup import StartError
from cardwright.tenancy.platforms import Silence


def authorization_webhook(
    *,
    url: str | None = None,
    on_silence: Silence | None = None,
    off: options.Flag = False,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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
    change = _change(place, on_silence, live, data_dir, database_url)
    print(*acting.done(change), sep="\n")


async def _change(
    url: str | UnsetType | None,
    on_silence: Silence | None,
    live: bool,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> list[str]:
    """Change what was given; the answer is how it is now, line by line."""
    async with acting.platform(live, data_dir, database_url) as tx:
        secret = None
        if url is not UNSET or on_silence is not None:
            secret = await configure(tx, url=url, on_silence=on_silence or UNSET)
        settings = await settings_of(tx)
    shown = [
        f"url: {settings.authorization_webhook_url or 'none, payments are decided without asking'}",
        f"on silence: {settings.authorization_webhook_default}",
    ]
    return shown if secret is None else [*shown, f"signing secret: {secret}"]
