"""``cardwright events``: what became of deliveries, and sending again."""

from typing import Any

from cyclopts import App

from cardwright.cli import options
from cardwright.cli.tables import Columns, Json, as_json, instant, table
from cardwright.cli.transaction import Said, as_owner, as_platform
from cardwright.events import attempts as delivery_attempts
from cardwright.events import failing as failing_destinations
from cardwright.events import resending, rolling
from cardwright.kernel.database import Tx

app = App(name="events")

ANSWER_SHOWN = 200
SECONDS_IN_HOUR = 3600
TRIES: Columns[dict[str, Any]] = {
    "created": lambda tried: instant(tried["created"]),
    "destination": lambda tried: tried["destination"],
    "try": lambda tried: tried["attempt"],
    "outcome": lambda tried: (
        f"status {tried['response']['status']}" if tried["response"] else tried["failure"]
    ),
    "took_ms": lambda tried: tried["duration_ms"],
    "next_try": lambda tried: instant(tried["next_attempt"]),
    "answer": lambda tried: ((tried["response"] or {}).get("body") or "")[:ANSWER_SHOWN],
}
DELIVERIES: Columns[dict[str, Any]] = {
    "destination": lambda delivery: delivery["destination"],
    "status": lambda delivery: delivery["status"],
    "tries": lambda delivery: delivery["attempts"],
    "next_try": lambda delivery: instant(delivery["next_attempt"]),
}
FAILING: Columns[dict[str, Any]] = {
    "destination": lambda one: one["destination"],
    "status": lambda one: one["status"],
    "failing_since": lambda one: instant(one["failing_since"]),
    "last_failure": lambda one: instant(one["last_failure"]),
    "url": lambda one: one["url"],
}


@app.command
@as_platform
async def attempts(tx: Tx, event: options.Event, *, json: Json = False) -> Said:
    """Show each try to deliver an event, and what its deliveries wait for."""
    found = await delivery_attempts.attempts_of(tx, await resending.find(tx, event))
    if json:
        return as_json(found)
    if not found["deliveries"] and not found["data"]:
        return f"No destination hears of {event}."
    return [
        table(found["data"], TRIES, none="Nothing was tried yet."),
        "",
        table(found["deliveries"], DELIVERIES, none="No delivery is open."),
    ]


@app.command
@as_platform
async def resend(tx: Tx, event: options.Event, *, webhook_endpoint: str | None = None) -> Said:
    """Send an event again; the running server delivers it.

    Parameters
    ----------
    webhook_endpoint
        One destination (we_... or ed_...), instead of everybody who hears of such events.
    """
    chosen = await resending.resend(tx, await resending.find(tx, event), webhook_endpoint)
    return [f"{event} is sent again to {one.id} {one.url}".rstrip() for one in chosen] or [
        f"No destination hears of {event}."
    ]


@app.command(name="roll-secret")
@as_owner
async def roll_secret(tx: Tx, destination: str, *, keep_hours: float = 24.0) -> Said:
    """Give a destination a new signing secret; for a while both sign.

    Parameters
    ----------
    destination
        The id of the webhook endpoint or event destination, we_... or ed_...
    keep_hours
        How long the old secret goes on signing, at most 24.
    """
    rolled = await rolling.roll(tx, destination, round(keep_hours * SECONDS_IN_HOUR))
    ends = instant(rolled["previous_secret_expires_at"])
    return [f"signing secret: {rolled['secret']}", f"the old one signs until {ends}"]


@app.command
@as_owner
async def failing(tx: Tx, *, json: Json = False) -> Said:
    """List destinations that accept nothing, and those that were disabled for it."""
    found = await failing_destinations.of_account(tx)
    return table(found, FAILING, json=json, none="No destination fails.")
