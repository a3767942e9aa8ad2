"""The entry point: the list of commands, each imported only when it is called."""

import sys

from cyclopts import App, Group, Parameter

from cardwright.kernel.startup import StartError

STARTING = Group("To start", sort_key=1)
DEVELOPING = Group("To develop against it", sort_key=2)
ACCOUNTS = Group("Accounts and cardholders", sort_key=3)
CARDS = Group("Cards and payments", sort_key=4)
MONEY = Group("Money", sort_key=5)

app = App(
    name="cardwright",
    help="Card issuing on connected accounts: a self-hosted API with its own database.",
    version_flags=["--version"],
    default_parameter=Parameter(negative_iterable=()),
)
app.command("cardwright.cli.serve:serve", name="serve", group=STARTING, help="Start the server.")
app.command(
    "cardwright.cli.keys:app",
    name="keys",
    group=STARTING,
    help="Show the test keys; make a vault key.",
)
app.command(
    "cardwright.cli.authorization_webhook:authorization_webhook",
    name="authorization-webhook",
    group=DEVELOPING,
    help="Show or change where you are asked about card payments.",
)
app.command(
    "cardwright.cli.low_balance:low_balance_alert",
    name="low-balance-alert",
    group=MONEY,
    help="Show or change when you are told that an Issuing balance is too low.",
)
app.command(
    "cardwright.cli.explain:explain",
    name="explain",
    group=DEVELOPING,
    help="Explain why a payment was approved or declined.",
)
app.command(
    "cardwright.cli.authorizations:app",
    name="authorizations",
    group=CARDS,
    help="What cards may do, what cardholders confirm, what the network decided.",
)
app.command(
    "cardwright.cli.cards:app",
    name="cards",
    group=CARDS,
    help="Verify and unblock the PINs of cards.",
)
app.command(
    "cardwright.cli.exchange_rates:app",
    name="rates",
    group=MONEY,
    help="Load and show exchange rates.",
)
app.command(
    "cardwright.cli.verifications:app",
    name="verifications",
    group=ACCOUNTS,
    help="Answer what waits for verification.",
)
app.command(
    "cardwright.cli.verifications:verification_provider",
    name="verification-provider",
    group=ACCOUNTS,
    help="Show or change who verifies your accounts.",
)
app.command(
    "cardwright.cli.programs:app",
    name="programs",
    group=CARDS,
    help="Define card programs, and close them.",
)
app.command(
    "cardwright.cli.cardholders:app",
    name="cardholders",
    group=ACCOUNTS,
    help="Answer searches of watchlists; block cardholders.",
)
app.command(
    "cardwright.cli.agreements:agreements",
    name="agreements",
    group=ACCOUNTS,
    help="Show what an account accepted.",
)
app.command(
    "cardwright.cli.agreements:terms",
    name="terms",
    group=ACCOUNTS,
    help="Publish and list versions of terms.",
)
app.command(
    "cardwright.cli.events:app",
    name="events",
    group=DEVELOPING,
    help="Look at deliveries of events; send them again; roll signing secrets.",
)
app.command(
    "cardwright.cli.listen:listen",
    name="listen",
    group=DEVELOPING,
    help="Show events as they happen, and pass them on.",
)
app.command(
    "cardwright.cli.trigger:trigger",
    name="trigger",
    group=DEVELOPING,
    help="Create real objects until an event happens.",
)
app.command(
    "cardwright.cli.logs:app",
    name="logs",
    group=DEVELOPING,
    help="Show requests as they are answered.",
)
app.command(
    "cardwright.cli.environments:app",
    name="environments",
    group=DEVELOPING,
    help="Make, set back, copy and remove environments for tests.",
)
app.command(
    "cardwright.cli.faults:app",
    name="faults",
    group=DEVELOPING,
    help="Let calls and deliveries go wrong on purpose.",
)
app.command(
    "cardwright.cli.clock:app", name="clock", group=DEVELOPING, help="Make and move virtual clocks."
)
app.command(
    "cardwright.cli.deadlines:deadlines",
    name="deadlines",
    group=DEVELOPING,
    help="Show what will happen to an account, and when.",
)
app.command(
    "cardwright.cli.financial_address:financial_address",
    name="financial-address",
    group=MONEY,
    help="Give an address of a financial account its number.",
)
app.command(
    "cardwright.cli.ledger:app",
    name="ledger",
    group=MONEY,
    help="Prove, read, export and correct the books.",
)
app.command(
    "cardwright.cli.reconciliation:reconciliation",
    name="reconciliation",
    group=MONEY,
    help="Reconcile a day, for each program.",
)
app.command(
    "cardwright.cli.statements:app",
    name="statements",
    group=MONEY,
    help="Import bank statements, and settle what they leave open.",
)
app.command(
    "cardwright.cli.payments:app",
    name="payments",
    group=MONEY,
    help="Files of payments for your bank, and what became of payments.",
)
app.command(
    "cardwright.cli.shipping:app",
    name="shipping",
    group=CARDS,
    help="Say what became of physical cards on their way.",
)
app.command(
    "cardwright.cli.bureau:app",
    name="bureau",
    group=CARDS,
    help="Files for who makes physical cards, and what became of the cards.",
)
app.command(
    "cardwright.cli.tokens:app", name="tokens", group=CARDS, help="Cards in digital wallets."
)
app.command(
    "cardwright.cli.tokens:wallet_agreements",
    name="wallet-agreements",
    group=CARDS,
    help="Show or change with which wallets there is an agreement.",
)
app.command(
    "cardwright.cli.designs:app",
    name="designs",
    group=CARDS,
    help="Review designs of physical cards.",
)
app.command(
    "cardwright.cli.compliance:app",
    name="compliance",
    group=ACCOUNTS,
    help="Close issuing for an account, open it again, look at cases.",
)
app.command(
    "cardwright.cli.notices:app",
    name="notices",
    group=ACCOUNTS,
    help="Who sends notices to accounts, what they say, and what is not sent.",
)
app.command(
    "cardwright.cli.purchase_details:purchase_details",
    name="purchase-details",
    group=CARDS,
    help="Record what was bought with a captured payment.",
)
app.command(
    "cardwright.cli.disputes:app",
    name="disputes",
    group=CARDS,
    help="What the card network says of disputes.",
)
app.command(
    "cardwright.cli.reports:app",
    name="reports",
    group=ACCOUNTS,
    help="What a platform has to look at.",
)
app.command(
    "cardwright.cli.requirements:app",
    name="requirements",
    group=ACCOUNTS,
    help="Ask an account for more, or for it no longer.",
)


def main() -> None:
    """Run a command; a refusal to start is one sentence and exit code 1."""
    try:
        app()
    except StartError as error:
        print(f"cardwright: {error}", file=sys.stderr)
        sys.exit(1)
