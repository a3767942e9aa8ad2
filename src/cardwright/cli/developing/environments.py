"""``cardwright environments``: platforms for test runs, beside a running server."""

from typing import Any

from cyclopts import App

from cardwright.cli import calling, options
from cardwright.environments.api import PATH
from cardwright.kernel.clock import SECOND_MS, parse_instant, rfc3339
from cardwright.kernel.startup import StartError

app = App(name="environments")


@app.command
def create(
    *,
    name: str | None = None,
    clock: str | None = None,
    expires_in: int | None = None,
    server: calling.ServerAddress = None,
    data_dir: options.DataDirectory = None,
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
    made = calling.call(calling.find(server, data_dir), "POST", PATH, **given)
    print(line(made))
    print(f"CARDWRIGHT_SECRET_KEY={made['secret_key']}")
    print(f"CARDWRIGHT_PUBLISHABLE_KEY={made['publishable_key']}")


@app.command(name="list")
def list_all(
    *, server: calling.ServerAddress = None, data_dir: options.DataDirectory = None
) -> None:
    """Show the environments, the newest first."""
    found = calling.call_all(calling.find(server, data_dir), PATH)
    print("\n".join(line(one) for one in found) or "There is no environment.")


@app.command
def reset(
    environment: str,
    /,
    *,
    server: calling.ServerAddress = None,
    data_dir: options.DataDirectory = None,
) -> None:
    """Set an environment back to how it was made; its keys stay.

    Parameters
    ----------
    environment
        Its id, env_...
    """
    path = f"{PATH}/{environment}/reset"
    print(line(calling.call(calling.find(server, data_dir), "POST", path)))


@app.command
def snapshot(
    environment: str,
    /,
    *,
    name: str | None = None,
    server: calling.ServerAddress = None,
    data_dir: options.DataDirectory = None,
) -> None:
    """Copy everything that an environment holds.

    Parameters
    ----------
    environment
        Its id, env_...
    name
        What the snapshot shows.
    """
    path = f"{PATH}/{environment}/snapshots"
    print(of_snapshot(calling.call(calling.find(server, data_dir), "POST", path, name=name)))


@app.command
def snapshots(
    environment: str,
    /,
    *,
    server: calling.ServerAddress = None,
    data_dir: options.DataDirectory = None,
) -> None:
    """Show the snapshots of an environment, the newest first.

    Parameters
    ----------
    environment
        Its id, env_...
    """
    path = f"{PATH}/{environment}/snapshots"
    found = calling.call(calling.find(server, data_dir), "GET", path)["data"]
    print("\n".join(of_snapshot(one) for one in found) or "There is no snapshot.")


@app.command
def restore(
    environment: str,
    snapshot: str,
    /,
    *,
    server: calling.ServerAddress = None,
    data_dir: options.DataDirectory = None,
) -> None:
    """Put an environment back to a snapshot; what came since is gone.

    Parameters
    ----------
    environment
        Its id, env_...
    snapshot
        The snapshot, envs_...
    """
    path = f"{PATH}/{environment}/restore"
    found = calling.find(server, data_dir)
    print(line(calling.call(found, "POST", path, snapshot=snapshot)))


@app.command
def delete(
    environment: str,
    snapshot: str | None = None,
    /,
    *,
    server: calling.ServerAddress = None,
    data_dir: options.DataDirectory = None,
) -> None:
    """Remove an environment with all that it holds, or one of its snapshots.

    Parameters
    ----------
    environment
        Its id, env_...
    snapshot
        This snapshot alone, envs_...
    """
    path = f"{PATH}/{environment}"
    if snapshot is not None:
        path += f"/snapshots/{snapshot}"
    calling.call(calling.find(server, data_dir), "DELETE", path)
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
