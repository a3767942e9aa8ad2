"""The entry point: the list of commands, each imported only when it is called."""

import sys

from cyclopts import App

from cardwright.kernel.startup import StartError

app = App(
    name="cardwright",
    help="Card issuing on connected accounts: a self-hosted API with its own database.",
    version_flags=["--version"],
)
app.command("cardwright.cli.serve:serve", name="serve", help="Start the server.")
app.command("cardwright.cli.keys:app", name="keys", help="Show the test keys; make a vault key.")
app.command(
    "cardwright.cli.authorization_webhook:authorization_webhook",
    name="authorization-webhook",
    help="Show or change where you are asked about card payments.",
)
app.command("cardwright.cli.exchange_rates:app", name="rates", help="Load and show exchange rates.")
app.command(
    "cardwright.cli.exchange_rates:app", name="rates", help="Load and show exchange rates."
)
app.command("cardwright.cli.ledger:app", name="ledger", help="Prove the books.")


def main() -> None:
    """Run a command; a refusal to start is one sentence and exit code 1."""
    try:
        app()
    except StartError as error:
        print(f"cardwright: {error}", file=sys.stderr)
        sys.exit(1)
