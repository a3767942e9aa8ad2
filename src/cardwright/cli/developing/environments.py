"""``cardwright environments``: platforms for test runs, beside a running server."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from cardwright.cli.calling import SERVER, RunningServer
from cardwright.cli.tables import Columns, Json, instant, table
from cardwright.environments.api import PATH
from cardwright.kernel.clock import SECOND_MS, parse_instant, rfc3339
from cardwright.kernel.startup import StartError

app = App(name="environments")

Environment = Annotated[str, Parameter(help="Its id, env_...")]
Snapshot = Annotated[str, Parameter(help="The snapshot, envs_...")]
ONE_SNAPSHOT = Parameter(help="This snapshot alone, envs_...")
ENVIRONMENTS: Columns[dict[str, Any]] = {
    "id": lambda environment: environment["id"],
    "account": lambda environment: environment["account"],
    "test_clock": lambda environment: environment["test_clock"],
    "frozen_time": lambda environment: instant(environment["frozen_time"]),
    "expires_at": lambda environment: instant(environment["expires_at"]),
    "name": lambda environment: environment["name"],
}
SNAPSHOTS: Columns[dict[str, Any]] = {
    "id": lambda snapshot: snapshot["id"],
    "created": lambda snapshot: instant(snapshot["created"]),
    "rows": lambda snapshot: snapshot["rows"],
    "name": lambda snapshot: snapshot["name"],
}


@app.command
def create(
    *,
    name: str | None = None,
    clock: str | None = None,
    expires_in: int | None = None,
    server: RunningServer = SERVER,
) -> None:
    """Make an environment and show its keys, which are shown only now.

    Parameters
    ----------
    name
        What it is for.
    clock
        A date or an instant at which its clock stands, such as 2026-01-01.
    expires_in
        After how many seconds it is removed by itself.
    """
    given: dict[str, Any] = {"name": name, "expires_in": expires_in}
    if clock is not None:
        try:
            given["frozen_time"] = parse_instant(clock) // SECOND_MS
        except ValueError:
            raise StartError(
                f"{clock!r} is no instant: write 2026-01-01 or 2026-01-01T09:00:00Z."
            ) from None
    made = server.call("POST", PATH, **given)
    print(line(made))
    print(f"CARDWRIGHT_SECRET_KEY={made['secret_key']}")
    print(f"CARDWRIGHT_PUBLISHABLE_KEY={made['publishable_key']}")


@app.command(name="list")
def list_all(*, json: Json = False, server: RunningServer = SERVER) -> None:
    """Show the environments, the newest first."""
    found = server.call_all(PATH)
    print(table(found, ENVIRONMENTS, json=json, none="There is no environment."))


@app.command
def reset(
    environment: Environment,
    /,
    *,
    server: RunningServer = SERVER,
) -> None:
    """Set an environment back to how it was made; its keys stay."""
    path = f"{PATH}/{environment}/reset"
    print(line(server.call("POST", path)))


@app.command
def snapshot(
    environment: Environment,
    /,
    *,
    name: str | None = None,
    server: RunningServer = SERVER,
) -> None:
    """Copy everything that an environment holds.

    Parameters
    ----------
    name
        What the snapshot shows.
    """
    path = f"{PATH}/{environment}/snapshots"
    print(of_snapshot(server.call("POST", path, name=name)))


@app.command
def snapshots(
    environment: Environment,
    /,
    *,
    json: Json = False,
    server: RunningServer = SERVER,
) -> None:
    """Show the snapshots of an environment, the newest first."""
    path = f"{PATH}/{environment}/snapshots"
    found = server.call("GET", path)["data"]
    print(table(found, SNAPSHOTS, json=json, none="There is no snapshot."))


@app.command
def restore(
    environment: Environment,
    snapshot: Snapshot,
    /,
    *,
    server: RunningServer = SERVER,
) -> None:
    """Put an environment back to a snapshot; what came since is gone."""
    path = f"{PATH}/{environment}/restore"
    print(line(server.call("POST", path, snapshot=snapshot)))


@app.command
def delete(
    environment: Environment,
    snapshot: Annotated[str | None, ONE_SNAPSHOT] = None,
    /,
    *,
    server: RunningServer = SERVER,
) -> None:
    """Remove an environment with all that it holds, or one of its snapshots."""
    path = f"{PATH}/{environment}"
    if snapshot is not None:
        path += f"/snapshots/{snapshot}"
    server.call("DELETE", path)
    print(f"{snapshot or environment} is removed")


def line(environment: dict[str, Any]) -> str:
    """An environment in one line."""
    words = [environment["id"], environment["account"]]
    if environment["test_clock"] is not None:
        began = rfc3339(environment["frozen_time"] * SECOND_MS)
        words.append(f"{environment['test_clock']} from {began}")
    if environment["expires_at"] is not None:
        words.append(f"until {rfc3339(environment['expires_at'] * SECOND_MS)}")
    return "  ".join([*words, *([environment["name"]] if environment["name"] else [])])


def of_snapshot(snapshot: dict[str, Any]) -> str:
    """A snapshot in one line."""
    words = [
        snapshot["id"],
        rfc3339(snapshot["created"] * SECOND_MS),
        f"{snapshot['rows']:,} rows",
    ]
    return "  ".join([*words, *([snapshot["name"]] if snapshot["name"] else [])])
