"""The entry point: the list of commands, each imported only when it is called."""

import sys

from cyclopts import App, Group, Parameter

from cardwright.kernel.startup import StartError

# A drawer of the list for each folder: the name of a command, where it is, and what it does.
COMMANDS = {
    "To start": (
        ("serve", "starting.serve:serve", "Start the server."),
        ("keys", "starting.keys:app", "Show the test keys; make a vault key."),
    ),
    "To develop against it": (
        (
            "authorization-webhook",
            "developing.authorization_webhook:authorization_webhook",
            "Show or change where you are asked about card payments.",
        ),
        (
            "explain",
            "developing.explain:explain",
            "Explain why a payment was approved or declined.",
        ),
        (
            "events",
            "developing.events:app",
            "Look at deliveries of events; send them again; roll signing secrets.",
        ),
        ("listen", "developing.listen:listen", "Show events as they happen, and pass them on."),
        ("trigger", "developing.trigger:trigger", "Create real objects until an event happens."),
        ("logs", "developing.logs:app", "Show requests as they are answered."),
        (
            "environments",
            "developing.environments:app",
            "Make, set back, copy and remove environments for tests.",
        ),
        ("faults", "developing.faults:app", "Let calls and deliveries go wrong on purpose."),
        ("clock", "developing.clock:app", "Make and move virtual clocks."),
        (
            "deadlines",
            "developing.deadlines:deadlines",
            "Show what will happen to an account, and when.",
        ),
    ),
    "Accounts and cardholders": (
        ("verifications", "accounts.verifications:app", "Answer what waits for verification."),
        (
            "verification-provider",
            "accounts.verifications:verification_provider",
            "Show or change who verifies your accounts.",
        ),
        (
            "cardholders",
            "accounts.cardholders:app",
            "Answer searches of watchlists; block cardholders.",
        ),
        ("agreements", "accounts.agreements:agreements", "Show what an account accepted."),
        ("terms", "accounts.agreements:terms", "Publish and list versions of terms."),
        (
            "compliance",
            "accounts.compliance:app",
            "Close issuing for an account, open it again, look at cases.",
        ),
        (
            "notices",
            "accounts.notices:app",
            "Who sends notices to accounts, what they say, and what is not sent.",
        ),
        ("reports", "accounts.reports:app", "What a platform has to look at."),
        (
            "requirements",
            "accounts.requirements:app",
            "Ask an account for more, or for it no longer.",
        ),
    ),
    "Cards and payments": (
        (
            "authorizations",
            "cards.authorizations:app",
            "What cards may do, what cardholders confirm, what the network decided.",
        ),
        ("cards", "cards.cards:app", "Verify and unblock the PINs of cards."),
        ("programs", "cards.programs:app", "Define card programs, and close them."),
        ("shipping", "cards.shipping:app", "Say what became of physical cards on their way."),
        (
            "bureau",
            "cards.bureau:app",
            "Files for who makes physical cards, and what became of the cards.",
        ),
        ("tokens", "cards.tokens:app", "Cards in digital wallets."),
        (
            "wallet-agreements",
            "cards.tokens:wallet_agreements",
            "Show or change with which wallets there is an agreement.",
        ),
        ("designs", "cards.designs:app", "Review designs of physical cards."),
        (
            "purchase-details",
            "cards.purchase_details:purchase_details",
            "Record what was bought with a captured payment.",
        ),
        ("disputes", "cards.disputes:app", "What the card network says of disputes."),
    ),
    "Money": (
        (
            "low-balance-alert",
            "money.low_balance_alert:low_balance_alert",
            "Show or change when you are told that an Issuing balance is too low.",
        ),
        ("rates", "money.rates:app", "Load and show exchange rates."),
        (
            "financial-address",
            "money.financial_address:financial_address",
            "Give an address of a financial account its number.",
        ),
        ("ledger", "money.ledger:app", "Prove, read, export and correct the books."),
        (
            "reconciliation",
            "money.reconciliation:reconciliation",
            "Reconcile a day, for each program.",
        ),
        (
            "statements",
            "money.statements:app",
            "Import bank statements, and decide on what they leave open.",
        ),
        (
            "payments",
            "money.payments:app",
            "Files of payments for your bank, and what became of payments.",
        ),
    ),
}

app = App(
    name="cardwright",
    help="Card issuing on connected accounts: a self-hosted API with its own database.",
    version_flags=["--version"],
    default_parameter=Parameter(negative_iterable=()),
)
for number, (title, commands) in enumerate(COMMANDS.items(), 1):
    group = Group(title, sort_key=number)
    for name, place, sentence in commands:
        app.command(f"cardwright.cli.{place}", name=name, group=group, help=sentence)


def main() -> None:
    """Run a command; a refusal to start is one sentence and exit code 1."""
    try:
        app()
    except StartError as error:
        print(f"cardwright: {error}", file=sys.stderr)
        sys.exit(1)
