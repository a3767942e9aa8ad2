"""Whether cards can be put into digital wallets: agreements, regions, contacts.

A platform needs an agreement with the provider of a wallet before its app may offer a card to it.
The public API leaves that to the dashboard; ``/_cardwright/wallet_agreements`` stands outside of
it, with form, answers and errors of v1, and so does ``cardwright wallet-agreements``.
"""

from typing import Any, Literal

import msgspec

from cardwright.accounts.record.capabilities import EURO_COUNTRIES
from cardwright.cardholders.model import Cardholder
from cardwright.cards.model import Card, IneligibleReason, Wallet, Wallets
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.tenancy import platforms
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Parameters
from cardwright.wire.versions import Body

PATH = "/_cardwright/wallet_agreements"
Provider = Literal["apple_pay", "google_pay"]
PROVIDERS: tuple[Provider, ...] = ("apple_pay", "google_pay")
# Where both wallets take cards of these programs.
REGIONS = EURO_COUNTRIES | frozenset("BG CZ DK GB HU IS LI NO PL RO SE US".split())

QUERIES = load(__file__)
_ACCOUNTS = QUERIES.many("accounts_with_cards", platforms.Account)
_AGREE = QUERIES.run("set_wallets")


class Agreements(Parameters):
    """With whom there is an agreement; what is left out stays as it is."""

    apple_pay: bool | None = None
    google_pay: bool | None = None


def agreed(providers: list[str]) -> Wallets:
    """The wallets of a card before its cardholder is looked at."""
    return Wallets(
        apple_pay=_wallet("apple_pay" in providers, None),
        google_pay=_wallet("google_pay" in providers, None),
    )


def shown_to(card: Card, holder: Cardholder) -> Wallets | None:
    """The wallets of a card, with what its cardholder lacks for them."""
    wallets = card.wallets
    if wallets is None:
        return None
    lacking: IneligibleReason | None = None
    if holder.billing.address.country not in REGIONS:
        lacking = "unsupported_region"
    elif not (holder.email and holder.phone_number):
        lacking = "missing_cardholder_contact"
    if lacking is None:
        return wallets
    changes = {name: _wallet(getattr(wallets, name).eligible, lacking) for name in PROVIDERS}
    lacked: Wallets = msgspec.structs.replace(wallets, **changes)
    return lacked


async def of_platform(tx: Tx) -> Wallets:
    """The wallets of a new card of the acting account's platform."""
    settings = await platforms.settings(tx)
    return agreed(settings.wallet_agreements)


@operator_verb(kind="widens_risk")
async def agree(tx: Tx, given: dict[Provider, bool]) -> list[str]:
    """Make or end the acting platform's agreements, for the cards that are there too."""
    settings = await platforms.settings_to_change(tx)
    before = settings.wallet_agreements
    after = [name for name in PROVIDERS if given.get(name, name in before)]
    if after == before:
        return before
    await platforms.change(tx, settings, wallet_agreements=after)
    wallets = msgspec.json.encode(agreed(list(after))).decode()
    # One account after the other: a statement touches the rows of one alone.
    for account in await _ACCOUNTS(tx.connection, platform_id=tx.platform_id):
        await _AGREE(tx.connection, account_id=account.account_id, wallets=wallets)
    return list(after)


def _wallet(is_agreed: bool, lacking: IneligibleReason | None) -> Wallet:
    reason: IneligibleReason | None = lacking if is_agreed else "missing_agreement"
    return Wallet(eligible=reason is None, ineligible_reason=reason)


async def retrieve(tx: Tx, _call: Call[Any]) -> Body:
    """Show with whom there is an agreement."""
    settings = await platforms.settings(tx)
    return _shown(tx, settings.wallet_agreements)


async def update(tx: Tx, call: Call[Agreements]) -> Body:
    """Make or end agreements."""
    given = {name: bool(call.given.get(name)) for name in PROVIDERS if name in call.given}
    return _shown(tx, await agree(tx, given))


def _shown(tx: Tx, providers: list[str]) -> Body:
    body: Body = {"object": "wallet_agreements", "livemode": tx.livemode}
    return body | {name: name in providers for name in PROVIDERS}


OPERATIONS = (
    Operation(method="GET", path=PATH, handler=retrieve, platform_only=True),
    Operation(method="POST", path=PATH, handler=update, takes=Agreements, platform_only=True),
)
