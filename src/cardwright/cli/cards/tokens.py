"""``cardwright tokens`` and ``cardwright wallet-agreements``: cards in digital wallets."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from cyclopts import App, Parameter

from cardwright.cards import wallets
from cardwright.cards.wallets import Provider
from cardwright.cli import options
from cardwright.cli.installation import INSTALLATION, Installation
from cardwright.cli.transaction import Said, as_account, as_owner_of, as_platform, say, working
from cardwright.kernel.database import Tx
from cardwright.tenancy import platforms
from cardwright.tokens import flows, verbs
from cardwright.tokens.model import Token, TokenRequest
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST

app = App(name="tokens")


@app.command
@as_account
async def create(
    card: options.Card,
    *,
    tx: Tx,
    wallet_provider: str | None = None,
    status: str | None = None,
    device: str | None = None,
    token_reference: str | None = None,
    token_requestor: str | None = None,
) -> Said:
    """Make a token of a card, as its card network would.

    Parameters
    ----------
    wallet_provider
        apple_pay, google_pay or samsung_pay.
    status
        active, or requested while the cardholder has yet to confirm.
    device
        What the device is called.
    token_reference
        How the network names the token; made up in the test environment.
    token_requestor
        How the network names the wallet; made up in the test environment.
    """
    network = await flows.network_of(tx, card)
    named = {"token_reference_id": token_reference, "token_requestor_id": token_requestor}
    given: dict[str, Any] = {
        "card": card,
        "wallet_provider": wallet_provider,
        "status": status,
        "network_data": {"device": {"name": device}, network: _without_blanks(named)},
    }
    read = parser(TokenRequest, "c", "v1", LATEST, form=True)
    return line(await verbs.create_token(tx, read(_without_blanks(given)).value()))


@app.command
@working
async def activate(*tokens: options.Ids, installation: Installation = INSTALLATION) -> None:
    """Let tokens pay."""
    await _change(tokens, verbs.activate_token, installation)


@app.command
@working
async def suspend(*tokens: options.Ids, installation: Installation = INSTALLATION) -> None:
    """Stop tokens for a while, as when a phone is lost."""
    await _change(tokens, verbs.suspend_token, installation)


@app.command
@working
async def delete(*tokens: options.Ids, installation: Installation = INSTALLATION) -> None:
    """End tokens for good."""
    await _change(tokens, verbs.delete_token, installation)


@as_platform
async def wallet_agreements(
    tx: Tx,
    *,
    apple_pay: Annotated[bool | None, Parameter(negative="--no-apple-pay")] = None,
    google_pay: Annotated[bool | None, Parameter(negative="--no-google-pay")] = None,
) -> Said:
    """Show or change with whom your platform has an agreement; cards show what follows.

    Parameters
    ----------
    apple_pay
        There is an agreement with Apple Pay.
    google_pay
        There is an agreement with Google Pay.
    """
    answers: dict[Provider, bool | None] = {"apple_pay": apple_pay, "google_pay": google_pay}
    given = {name: agreed for name, agreed in answers.items() if agreed is not None}
    if given:
        await wallets.agree(tx, given)
    settings = await platforms.settings(tx)
    found = settings.wallet_agreements
    return [f"{name}: {'yes' if name in found else 'no'}" for name in wallets.PROVIDERS]


def _without_blanks(given: dict[str, Any]) -> dict[str, Any]:
    """What was given, hashes without anything in them left out."""
    inner = {
        name: _without_blanks(one) if isinstance(one, dict) else one for name, one in given.items()
    }
    return {name: one for name, one in inner.items() if one not in (None, {})}


async def _change(
    tokens: tuple[str, ...],
    verb: Callable[[Tx, str], Awaitable[Token]],
    installation: Installation,
) -> None:
    """Change one token after the other, each in a transaction of its own."""
    async with installation.database() as database:
        for token in tokens:
            async with as_owner_of(database, flows.account_of, token, "token") as tx:
                made = await verb(tx, token)
            say(line(made))


def line(token: Token) -> str:
    """A token on one line."""
    parts = [token.id, token.status, token.card, token.wallet_provider]
    return "  ".join(part for part in parts if part is not None)
