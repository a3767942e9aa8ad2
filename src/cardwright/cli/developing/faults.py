"""``cardwright faults``: what goes wrong on purpose in the test environment."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from cardwright.cli.calling import SERVER, RunningServer
from cardwright.cli.tables import Columns, Json, instant, table
from cardwright.faults.api import PATH
from cardwright.faults.model import LASTS_SECONDS, Effect, Reason
from cardwright.kernel.clock import SECOND_MS, rfc3339
from cardwright.kernel.startup import StartError

app = App(name="faults")

SHOWN = (
    "status",
    "latency_ms",
    "reason",
    "method",
    "path",
    "account",
    "key",
    "event_type",
    "destination",
    "attempt",
)


def _limits(fault: dict[str, Any]) -> list[str]:
    """What it does, and to what alone."""
    return [f"{name} {fault[name]}" for name in SHOWN if fault[name] is not None]


def strikes(fault: dict[str, Any]) -> str:
    """How often it struck, and how often it may."""
    most = "" if fault["count"] is None else f" of {fault['count']}"
    return f"{fault['strikes']}{most}"


COLUMNS: Columns[dict[str, Any]] = {
    "id": lambda fault: fault["id"],
    "effect": lambda fault: fault["effect"],
    "what": lambda fault: "  ".join(_limits(fault)),
    "share": lambda fault: fault["share"],
    "strikes": strikes,
    "expires_at": lambda fault: instant(fault["expires_at"]),
}


@app.command
def add(
    effect: Effect,
    *,
    status: int | None = None,
    latency_ms: int | None = None,
    reason: Reason | None = None,
    method: str | None = None,
    path: str | None = None,
    account: str | None = None,
    key: str | None = None,
    event_type: str | None = None,
    destination: str | None = None,
    attempt: int | None = None,
    share: int = 100,
    count: int | None = None,
    expires_in: int = LASTS_SECONDS,
    server: RunningServer = SERVER,
) -> None:
    """Switch a fault on.

    Parameters
    ----------
    effect
        status, rate_limit, lock_timeout, latency or drop_response for calls; delay_delivery,
        duplicate_delivery, drop_delivery or answer_delivery for events.
    status
        What is answered, or what a receiver is taken to have answered.
    latency_ms
        How long it waits first, in milliseconds.
    reason
        Why there are too many requests; the default is global-rate.
    method
        Calls with this method alone.
    path
        Calls to this path alone; * stands for anything.
    account
        Calls that act on this account, or events of it.
    key
        Calls with this API key alone.
    event_type
        Events of this type alone; * stands for anything.
    destination
        Deliveries to this destination alone.
    attempt
        The first try alone (1), the second (2).
    share
        In how many of a hundred cases.
    count
        How often at most.
    expires_in
        Until when, in seconds from now.
    """
    form: dict[str, Any] = {
        "effect": effect,
        "status": status,
        "latency_ms": latency_ms,
        "reason": reason,
        "method": method and method.upper(),
        "path": path,
        "account": account,
        "key": key,
        "event_type": event_type,
        "destination": destination,
        "attempt": attempt,
        "share": share,
        "count": count,
        "expires_in": expires_in,
    }
    print(line(server.call("POST", PATH, **form)))


@app.command(name="list")
def list_all(*, json: Json = False, server: RunningServer = SERVER) -> None:
    """Show the faults, the newest first, also those that are used up or expired."""
    found = server.call_all(PATH)
    print(table(found, COLUMNS, json=json, none="There is no fault."))


@app.command
def remove(
    fault: str | None = None,
    /,
    *,
    everything: Annotated[bool, Parameter(name="--all", negative="")] = False,
    server: RunningServer = SERVER,
) -> None:
    """Switch a fault off.

    Parameters
    ----------
    fault
        Its id, fault_...
    everything
        All of them.
    """
    if (fault is None) != everything:
        raise StartError("Name a fault, or say --all.")
    named = [one["id"] for one in server.call_all(PATH)] if fault is None else [fault]
    for name in named:
        server.call("DELETE", f"{PATH}/{name}")
        print(f"{name} is off")


def line(fault: dict[str, Any]) -> str:
    """A fault in one line."""
    words = [fault["id"], fault["effect"], *_limits(fault)]
    if fault["share"] < 100:
        words.append(f"in {fault['share']} of 100")
    until = rfc3339(fault["expires_at"] * SECOND_MS)
    return "  ".join([*words, f"struck {strikes(fault)}", f"until {until}"])
