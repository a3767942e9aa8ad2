"""``cardwright authorizations``: what cards may do, what cardholders confirm, what the network
decided."""

from typing import Annotated

from cyclopts import App, Parameter

from cardwright.accounts.record.acting import acting as acting_as
from cardwright.authorizations import challenging, operator, settings, standing_in
from cardwright.authorizations.decision import explaining
from cardwright.authorizations.settings import AuthorizationSettings, Permission
from cardwright.cli import acting, options
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError

app = App(name="authorizations")


@app.command(name="settings")
def change_settings(
    *,
    cash_withdrawals: Permission | None = None,
    magnetic_stripe: Permission | None = None,
    fraud_challenges: bool | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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

    async def work(tx: Tx) -> list[str]:
        after = await settings.change(
            tx,
            AuthorizationSettings(
                cash_withdrawals=cash_withdrawals,
                fraud_challenges=fraud_challenges,
                magnetic_stripe=magnetic_stripe,
            ),
        )
        told = settings.shown(after, livemode=tx.livemode)
        return [
            f"cash withdrawals: {told['cash_withdrawals']}",
            f"magnetic stripe: {told['magnetic_stripe']}",
            f"fraud challenges: {'sent' if told['fraud_challenges'] else 'not sent'}",
        ]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def challenges(
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List the fraud challenges that wait for an answer: whom to ask, and what."""

    async def work(tx: Tx) -> list[str]:
        found = await challenging.waiting(tx.connection, tx.platform_id)
        told = [await operator.message_of(tx, one) for one in found]
        return [
            f"{one['authorization']}  {one['account']}  {one['phone_number']}  {one['text']}"
            for one in told
        ] or ["No fraud challenge waits for an answer."]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def respond(
    authorization: str,
    *,
    confirmed: Annotated[bool, Parameter(negative="--denied")],
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Say what a cardholder answered to a fraud challenge.

    Parameters
    ----------
    authorization
        The authorization that was declined.
    confirmed
        The purchase was theirs; a similar one passes for a day.
    """

    async def work(tx: Tx) -> str:
        owner = await explaining.owner_of(tx, authorization)
        at = None if owner is None else await acting_as(tx, owner)
        if at is None:
            raise StartError(f"There is no authorization {authorization}.")
        await challenging.respond(at, authorization, confirmed=confirmed)
        return f"{authorization}  {'verified' if confirmed else 'rejected'}"

    print(acting.as_platform(work, live, data_dir, database_url))


@app.command(name="network-decision")
def network_decision(
    account: options.Account,
    card: options.Card,
    amount: int,
    *,
    approved: Annotated[bool, Parameter(negative="--declined")],
    category: str,
    network_id: str,
    name: str | None = None,
    reference: str | None = None,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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

    async def work(tx: Tx) -> str:
        given = operator.checked(
            {
                "card": card,
                "amount": str(amount),
                "approved": "true" if approved else "false",
                "network_reference": reference,
                "merchant_data": merchant,
            }
        )
        made = await standing_in.record(tx, operator.request_of(given), approved=given.approved)
        return f"{made.id}  {'approved' if made.approved else 'declined'}  network_fallback"

    print(acting.as_account(work, account, data_dir, database_url))
