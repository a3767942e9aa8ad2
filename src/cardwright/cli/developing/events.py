"""``cardwright events``: what became of deliveries, and sending again."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from cardwright.cli import acting, options
from cardwright.events import attempts as delivery_attempts
from cardwright.events import failing as failing_destinations
from cardwright.events import resending, rolling
from cardwright.kernel.clock import SECOND_MS, rfc3339
from cardwright.kernel.database import Tx

app = App(name="events")

Account = Annotated[
    str | None, Parameter(help="The connected account that owns it, instead of the platform.")
]
ANSWER_SHOWN = 200
SECONDS_IN_HOUR = 3600


@app.command
def attempts(
    event: str,
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Show each try to deliver an event, and what its deliveries wait for.

    Parameters
    ----------
    event
        The id of the event, evt_...
    """

    async def work(tx: Tx) -> list[str]:
        found = await delivery_attempts.attempts_of(tx, await resending.find(tx, event))
        lines = [line for tried in found["data"] for line in _attempt(tried)]
        lines += [_delivery(delivery) for delivery in found["deliveries"]]
        return lines or [f"No destination hears of {event}."]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def resend(
    event: str,
    *,
    webhook_endpoint: str | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Send an event again; the running server delivers it.

    Parameters
    ----------
    event
        The id of the event, evt_...
    webhook_endpoint
        One destination (we_... or ed_...), instead of everybody who hears of such events.
    """

    async def work(tx: Tx) -> list[str]:
        found = await resending.find(tx, event)
        chosen = await resending.resend(tx, found, webhook_endpoint)
        return [f"{event} is sent again to {one.id} {one.url}".rstrip() for one in chosen] or [
            f"No destination hears of {event}."
        ]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command(name="roll-secret")
def roll_secret(
    destination: str,
    *,
    keep_hours: float = 24.0,
    account: Account = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Give a destination a new signing secret; for a while both sign.

    Parameters
    ----------
    destination
        The id of the webhook endpoint or event destination, we_... or ed_...
    keep_hours
        How long the old secret goes on signing, at most 24.
    """

    async def work(tx: Tx) -> list[str]:
        rolled = await rolling.roll(tx, destination, round(keep_hours * SECONDS_IN_HOUR))
        ends = _instant(rolled["previous_secret_expires_at"])
        return [f"signing secret: {rolled['secret']}", f"the old one signs until {ends}"]

    lines = (
        acting.as_platform(work, live, data_dir, database_url)
        if account is None
        else acting.as_account(work, account, data_dir, database_url)
    )
    print(*lines, sep="\n")


@app.command
def failing(
    *,
    account: Account = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List destinations that accept nothing, and those that were disabled for it."""

    async def work(tx: Tx) -> list[str]:
        return [
            f"{one['destination']}  {one['status']}  {one['url']}  fails since "
            f"{_instant(one['failing_since'])}, last at {_instant(one['last_failure'])}"
            for one in await failing_destinations.of_account(tx)
        ] or ["No destination fails."]

    lines = (
        acting.as_platform(work, live, data_dir, database_url)
        if account is None
        else acting.as_account(work, account, data_dir, database_url)
    )
    print(*lines, sep="\n")


def _attempt(tried: dict[str, Any]) -> list[str]:
    answer = tried["response"]
    outcome = tried["failure"] if answer is None else f"status {answer['status']}"
    line = (
        f"{_instant(tried['created'])}  {tried['destination']}  try {tried['attempt']}: {outcome} "
        f"after {tried['duration_ms']} ms"
    )
    if tried["next_attempt"] is not None:
        line += f", again at {_instant(tried['next_attempt'])}"
    text = ((answer or {}).get("body") or "").strip()
    return [line, f"    {text[:ANSWER_SHOWN]}"] if text else [line]


def _delivery(delivery: dict[str, Any]) -> str:
    tries = "1 try" if delivery["attempts"] == 1 else f"{delivery['attempts']} tries"
    line = f"{delivery['destination']}: {delivery['status']} after {tries}"
    if delivery["next_attempt"] is not None:
        line += f", next at {_instant(delivery['next_attempt'])}"
    return line


def _instant(seconds: int) -> str:
    return rfc3339(seconds * SECOND_MS)
