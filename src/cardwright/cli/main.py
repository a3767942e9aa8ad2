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
app.command(
    "cardwright.cli.low_balance:low_balance_alert",
    name="low-balance-alert",
    help="Show or change when you are told that an Issuing balance is too low.",
)
app.command(
    "cardwright.cli.explain:explain",
    name="explain",
    help="Explain why a payment was approved or declined.",
)
app.command(
    "cardwright.cli.authorizations:app",
    name="authorizations",
    help="What cards may do, what cardholders confirm, what the network decided.",
)
app.command("cardwright.cli.cards:app", name="cards", help="Verify and unblock the PINs of cards.")
app.command("cardwright.cli.exchange_rates:app", name="rates", help="Load and show exchange rates.")
app.command(
    "cardwright.cli.verifications:app",
    name="verifications",
    help="Answer what waits for verification.",
)
app.command(
    "cardwright.cli.verifications:verification_provider",
    name="verification-provider",
    help="Show or change who verifies your accounts.",
)
app.command(
    "cardwright.cli.programs:app", name="programs", help="Define card programs, and close them."
)
app.command(
    "cardwright.cli.cardholders:app",
    name="cardholders",
    help="Answer searches of watchlists; block cardholders.",
)
app.command(
    "cardwright.cli.agreements:agreements",
    name="agreements",
    help="Show what an account accepted.",
)
app.command(
    "cardwright.cli.agreements:terms", name="terms", help="Publish and list versions of terms."
)
app.command(
    "cardwright.cli.events:app",
    name="events",
    help="Look at deliveries of events; send them again; roll signing secrets.",
)
app.command(
    "cardwright.cli.listen:listen",
    name="listen",
    help="Show events as they happen, and pass them on.",
)
app.command(
    "cardwright.cli.trigger:trigger",
    name="trigger",
    help="Create real objects until an event happens.",
)
app.command("cardwright.cli.logs:app", name="logs", help="Show requests as they are answered.")
app.command(
    "cardwright.cli.environments:app",
    name="environments",
    help="Make, set back, copy and remove environments for tests.",
)
app.command(
    "cardwright.cli.faults:app", name="faults", help="Let calls and deliveries go wrong on purpose."
)
app.command("cardwright.cli.clock:app", name="clock", help="Make and move virtual clocks.")
app.command(
    "cardwright.cli.deadlines:deadlines",
    name="deadlines",
    help="Show what will happen to an account, and when.",
)
app.command(
    "cardwright.cli.financial_address:financial_address",
    name="financial-address",
    help="Give an address of a financial account its number.",
)
app.command(
    "cardwright.cli.ledger:app", name="ledger", help="Prove, read, export and correct the books."
)
app.command(
    "cardwright.cli.reconciliation:reconciliation",
    name="reconciliation",
    help="Reconcile a day, for each program.",
)
app.command(
    "cardwright.cli.statements:app",
    name="statements",
    help="Import bank statements, and settle what they leave open.",
)
app.command(
    "cardwright.cli.payments:app",
    name="payments",
    help="Files of payments for your bank, and what became of payments.",
)
app.command(
    "cardwright.cli.shipping:app",
    name="shipping",
    help="Say what became of physical cards on their way.",
)
app.command(
    "cardwright.cli.bureau:app",
    name="bureau",
    help="Files for who makes physical cards, and what became of the cards.",
)
app.command("cardwright.cli.tokens:app", name="tokens", help="Cards in digital wallets.")
app.command(
    "cardwright.cli.tokens:wallet_agreements",
    name="wallet-agreements",
    help="Show or change with which wallets there is an agreement.",
)
app.command("cardwright.cli.designs:app", name="designs", help="Review designs of physical cards.")
app.command(
    "cardwright.cli.compliance:app",
    name="compliance",
    help="Close issuing for an account, open it again, look at cases.",
)
app.command(
    "cardwright.cli.notices:app",
    name="notices",
    help="Who sends notices to accounts, what they say, and what is not sent.",
)
app.command(
    "cardwright.cli.purchase_details:purchase_details",
    name="purchase-details",
    help="Record what was bought with a captured payment.",
)
app.command(
    "cardwright.cli.disputes:app",
    name="disputes",
    help="What the card network says of disputes.",
)
app.command("cardwright.cli.reports:app", name="reports", help="What a platform has to look at.")
app.command(
    "cardwright.cli.requirements:app",
    name="requirements",
    help="Ask an account for more, or for it no longer.",
)


def main() -> None:
    """Run a command; a refusal to start is one sentence and exit code 1."""
    try:
        app()
    except StartError as error:
        print(f"cardwright: {error}", file=sys.stderr)
        sys.exit(1)
