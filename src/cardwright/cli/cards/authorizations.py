"""``cardwright authorizations``: what cards may do, what cardholders confirm, what the network
decided."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from cardwright.accounts.record.acting import acting
from cardwright.authorizations import challenges as fraud_challenges
from cardwright.authorizations import settings, verbs
from cardwright.authorizations.decision import explaining
from cardwright.authorizations.settings import Permission
from cardwright.authorizations.verbs import NetworkDecision
from cardwright.cli import options
from cardwright.cli.tables import Columns, Json, instant, table
from cardwright.cli.transaction import Said, as_account, as_platform
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST, Body

app = App(name="authorizations")

CHALLENGES: Columns[Body] = {
    "authorization": lambda challenge: challenge["authorization"],
    "account": lambda challenge: challenge["account"],
    "created": lambda challenge: instant(challenge["created"]),
    "phone_number": lambda challenge: challenge["phone_number"],
    "text": lambda challenge: challenge["text"],
}


@app.command(name="settings")
@as_platform
async def change_settings(
    tx: Tx,
    *,
    cash_withdrawals: Permission | None = None,
    magnetic_stripe: Permission | None = None,
    fraud_challenges: bool | None = None,
) -> Said:
    """Show or change what cards may do.

    Parameters
    ----------
    cash_withdrawals
        Whether cards take out cash, at machines and with purchases.
    magnetic_stripe
        Whether cards pay by magnetic stripe.
    fraud_challenges
        Whether cardholders are asked to confirm what looks like fraud.
    """
    wanted = {
        "cash_withdrawals": cash_withdrawals,
        "fraud_challenges": fraud_challenges,
        "magnetic_stripe": magnetic_stripe,
    }
    shown = settings.shown(await settings.change(tx, wanted), livemode=tx.livemode)
    return [
        f"cash withdrawals: {shown['cash_withdrawals']}",
        f"magnetic stripe: {shown['magnetic_stripe']}",
        f"fraud challenges: {'sent' if shown['fraud_challenges'] else 'not sent'}",
    ]


@app.command
@as_platform
async def challenges(tx: Tx, *, json: Json = False) -> Said:
    """List the fraud challenges that wait for an answer: whom to ask, and what."""
    messages = await fraud_challenges.messages(tx)
    return table(messages, CHALLENGES, json=json, none="No fraud challenge waits for an answer.")


@app.command
@as_platform
async def respond(
    tx: Tx,
    authorization: str,
    *,
    confirmed: Annotated[bool, Parameter(negative="--denied")],
) -> Said:
    """Say what a cardholder answered to a fraud challenge.

    Parameters
    ----------
    authorization
        The authorization that was declined.
    confirmed
        The purchase was theirs; a similar one passes for a day.
    """
    owner = await explaining.owner_of(tx, authorization)
    at = None if owner is None else await acting(tx, owner)
    if at is None:
        raise StartError(f"There is no authorization {authorization}.")
    await verbs.respond_to_challenge(at, authorization, confirmed=confirmed)
    return f"{authorization}  {'verified' if confirmed else 'rejected'}"


@app.command(name="network-decision")
@as_account
async def network_decision(
    tx: Tx,
    card: options.Card,
    amount: int,
    *,
    approved: Annotated[bool, Parameter(negative="--declined")],
    category: str,
    network_id: str,
    name: str | None = None,
    reference: str | None = None,
) -> Said:
    """Record what the card network decided in our place while we could not be reached.

    Parameters
    ----------
    amount
        In minor units of the card's currency.
    category
        The merchant's category, such as grocery_stores_supermarkets.
    network_id
        The merchant's id in the network.
    reference
        The network's name of the decision: told twice, it is recorded once.
    """
    merchant = {"category": category, "network_id": network_id} | ({"name": name} if name else {})
    form: dict[str, Any] = {
        "card": card,
        "amount": str(amount),
        "approved": "true" if approved else "false",
        "merchant_data": merchant,
    }
    if reference is not None:
        form["network_reference"] = reference
    read = parser(NetworkDecision, "c", "v1", LATEST, form=True)
    made = await verbs.record_network_decision(tx, read(form).value())
    return f"{made.id}  {'approved' if made.approved else 'declined'}  network_fallback"
