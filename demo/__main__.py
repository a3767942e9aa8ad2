"""``python -m demo``: start a server of its own, walk the journey, show it, leave nothing behind.

With ``--base`` and ``--key`` it walks on a server that is already running. Exits non-zero when
any answer is not what the contract says.
"""

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import stripe
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from demo.journey import Journey, Wrong, money
from demo.receiver import Receiver

COMMAND = [str(Path(sys.executable).with_name("cardwright"))]
START_SECONDS = 60


@contextmanager
def own_server(console: Console) -> Iterator[tuple[str, str, Path]]:
    """A server on a temporary data directory: (base address, secret key, directory)."""
    directory = Path(tempfile.mkdtemp(prefix="cardwright-demo-"))
    directory.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    key = f"sk_test_{secrets.token_urlsafe(24).replace('-', 'x').replace('_', 'y')}"
    base = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), "--data-dir", str(directory / "data")],
        env={**os.environ, "CARDWRIGHT_SECRET_KEY": key},
        stdout=subprocess.DEVNULL,
    )
    try:
        with console.status("Starting a server on an empty directory"):
            wait_until_ready(base, process)
        yield base, key, directory / "data"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        shutil.rmtree(directory, ignore_errors=True)


def wait_until_ready(base: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait for the first 200 of /healthz."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=1):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise Wrong("the server did not start")


def walk(console: Console, base: str, key: str, directory: Path | None) -> None:
    """Do every step and show it as it happens."""
    receiver = Receiver()
    journey = Journey(base, key, receiver)
    try:
        for title, act in journey.steps():
            with console.status(title):
                started = time.perf_counter()
                outcome = act()
                spent_ms = (time.perf_counter() - started) * 1000
            line = f"[green]✓[/] {title:32} [dim]{spent_ms:6.0f} ms[/]  {outcome}"
            console.print(line, soft_wrap=True, highlight=False)
        show(console, journey)
    finally:
        receiver.close()
    if directory is not None:
        verify_ledger(console, directory)


def show(console: Console, journey: Journey) -> None:
    """What was made, and what the ledger says."""
    made = Table(title="Created", title_justify="left")
    made.add_column("object")
    made.add_column("id")
    for name, id_ in journey.created.items():
        made.add_row(name, id_)
    console.print(made)
    statement = Table(title="Statement of the Issuing balance", title_justify="left")
    for column in ("movement", "amount", "balance"):
        statement.add_column(column, justify="left" if column == "movement" else "right")
    total = 0
    for movement in journey.statement():
        total += movement.amount
        statement.add_row(str(movement.type), money(movement.amount), money(total))
    console.print(statement)


def verify_ledger(console: Console, directory: Path) -> None:
    """Ask the independent audit, beside the running server."""
    audit = subprocess.run(
        [*COMMAND, "ledger", "verify", "--data-dir", str(directory)],
        capture_output=True,
        text=True,
        check=False,
    )
    if audit.returncode != 0:
        raise Wrong(f"the ledger does not balance: {audit.stdout}{audit.stderr}")
    console.print(f"[green]✓[/] {audit.stdout.strip()}")


def main() -> int:
    """Walk; the exit code says whether every answer was right."""
    options = argparse.ArgumentParser(prog="demo", description=__doc__)
    options.add_argument("--base", help="address of a running server")
    options.add_argument("--key", help="its secret test key")
    chosen = options.parse_args()
    console = Console()
    console.print("[bold]cardwright[/]: from an empty directory to an approved card payment")
    release = "stable" if stripe.VERSION.replace(".", "").isdigit() else "preview"
    console.print(f"[dim]through the official SDK {release} {stripe.VERSION}[/]\n")
    try:
        if chosen.base:
            walk(console, chosen.base, chosen.key, None)
        else:
            with own_server(console) as (base, key, directory):
                walk(console, base, key, directory)
    except (Wrong, stripe.StripeError) as error:
        console.print("[red]✗[/]", escape(str(error)))
        return 1
    console.print("\nEvery answer was what the contract says.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
