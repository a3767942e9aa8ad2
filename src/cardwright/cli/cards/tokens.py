"""``cardwright tokens`` and ``cardwright wallet-agreements``: cards in digital wallets."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from cardwright.cards import wallets
from cardwright.cards.wallets import Provider
from cardwright.cli import acting, options
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.tenancy import platforms, registry
from cardwright.tokens import flows
from cardwright.tokens.model import Token, TokenRequest, TokenStatus
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST

app = App(name="tokens")


@app.command
def create(
    card: options.Card,
    *,
    account: str,
    wallet_provider: str | None = None,
    status: str | None = None,
    device: str | None = None,
    token_reference: str | None = None,
    token_requestor: str | None = None,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Make a token of a card, as its card network would.

    Parameters
    ----------
    account
        The account that the card belongs to.
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

    async def work(tx: Tx) -> list[str]:
        network = await flows.network_of(tx, card)
        named = {"token_reference_id": token_reference, "token_requestor_id": token_requestor}
        given: dict[str, Any] = {
            "card": card,
            "wallet_provider": wallet_provider,
            "status": status,
            "network_data": {"device": {"name": device}, network: _told(named)},
        }
        read = parser(TokenRequest, "c", "v1", LATEST, form=True)
        return [line(await flows.create_token(tx, read(_told(given)).value()))]

    print(*acting.as_account(work, account, data_dir, database_url), sep="\n")


@app.command
def activate(
    *tokens: options.Ids,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Let tokens pay."""
    _change(tokens, "active", data_dir, database_url)


@app.command
def suspend(
    *tokens: options.Ids,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Stop tokens for a while, as when a phone is lost."""
    _change(tokens, "suspended", data_dir, database_url)


@app.command
def delete(
    *tokens: options.Ids,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """End tokens for good."""
    _change(tokens, "deleted", data_dir, database_url)


def wallet_agreements(
    *,
    apple_pay: Annotated[bool | None, Parameter(negative="--no-apple-pay")] = None,
    google_pay: Annotated[bool | None, Parameter(negative="--no-google-pay")] = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Show or change with whom your platform has an agreement; cards show what follows.

    Parameters
    ----------
    apple_pay
        There is an agreement with Apple Pay.
    google_pay
        There is an agreement with Google Pay.
    """
    told: dict[Provider, bool | None] = {"apple_pay": apple_pay, "google_pay": google_pay}
    given = {name: agreed for name, agreed in told.items() if agreed is not None}

    async def work(tx: Tx) -> list[str]:
        if given:
            await wallets.agree(tx, given)
        _pinned, settings = await platforms.settings_of(tx.connection, tx.platform_id)
        found = settings.wallet_agreements
        return [f"{name}: {'yes' if name in found else 'no'}" for name in wallets.PROVIDERS]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


def _told(given: dict[str, Any]) -> dict[str, Any]:
    """What was given, hashes without anything in them left out."""
    inner = {name: _told(one) if isinstance(one, dict) else one for name, one in given.items()}
    return {name: one for name, one in inner.items() if one not in (None, {})}


def _change(
    tokens: tuple[str, ...],
    status: TokenStatus,
    data_dir: options.DataDirectory,
    database_url: options.DatabaseUrl,
) -> None:
    async def work() -> None:
        async with acting.database_of(data_dir, database_url) as database:
            for token_id in tokens:
                async with database.connection() as connection:
                    owner = await flows.account_of(connection, token_id)
                if owner is None:
                    raise StartError(f"There is no token {token_id}.")
                async with registry.transaction(database, owner) as tx:
                    print(line(await flows.update_token(tx, token_id, status)))

    acting.done(work())


def line(token: Token) -> str:
    """A token on one line."""
    parts = [token.id, token.status, token.card, token.wallet_provider]
    return "  ".join(part for part in parts if part is not None)
