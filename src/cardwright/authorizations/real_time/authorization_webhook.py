"""``/_cardwright/authorization_webhook``: where a platform is asked about card payments.

The public API leaves this to the dashboard, so the path stands outside of it; form, answers and
errors are those of v1. The setting is the platform's own, for all of its connected accounts.
"""

from typing import Annotated, Any

from msgspec import UNSET, UnsetType

from cardwright.events import rules, signing
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.tenancy import platforms, secrets
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.tenancy.platforms import PlatformSettings, Silence
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

PATH = "/_cardwright/authorization_webhook"
SECRET = "authorization_webhook"  # noqa: S105 - the name of a secret
URL_LONGEST = 2048


class AuthorizationWebhook(Parameters):
    """What may be set: an empty address turns asking off; what is left out stays as it is."""

    url: Annotated[str | None, Mark(longest=URL_LONGEST)] = None
    on_silence: Silence = "decline"


@operator_verb(kind="widens_risk")
async def configure(
    tx: Tx,
    *,
    url: str | UnsetType | None = UNSET,
    on_silence: Silence | UnsetType = UNSET,
    secret: str | None = None,
) -> str | None:
    """Change where the acting platform is asked (None: nowhere) and what its silence means.

    Returns the signing secret of a new address; it can be read only now. A ``secret`` that is given
    takes the place of the one there is. Refuses an address that could never be reached.
    """
    # Under the gate, so that the secret that is kept is that of the address that is kept.
    before = await platforms.settings_to_change(tx)
    asked = before.authorization_webhook_url if url is UNSET else url
    silence = before.authorization_webhook_default if on_silence is UNSET else on_silence
    if asked is not None:
        rules.check_url(asked, livemode=tx.livemode, param="url")
    await platforms.change(
        tx, before, authorization_webhook_url=asked, authorization_webhook_default=silence
    )
    # A question may be on its way while asking is turned off: its secret stays.
    if asked is None or (secret is None and asked == before.authorization_webhook_url):
        return None
    made = secret or ids.secret_token(signing.SECRET_PREFIX)
    await secrets.put(tx, tx.platform_id, SECRET, made, account_id=tx.platform_id)
    return made


async def retrieve(tx: Tx, _call: Call[Any]) -> Body:
    """Retrieve where the platform is asked."""
    return _shown(tx, await platforms.settings(tx))


async def update(tx: Tx, call: Call[AuthorizationWebhook]) -> Body:
    """Change where the platform is asked; the answer alone holds the secret of a new address."""
    given = call.given
    secret = await configure(
        tx,
        url=given.get("url", UNSET),
        on_silence=(given.get("on_silence") or "decline") if "on_silence" in given else UNSET,
    )
    body = _shown(tx, await platforms.settings(tx))
    return body if secret is None else {**body, "secret": secret}


def _shown(tx: Tx, settings: PlatformSettings) -> Body:
    return {
        "object": "authorization_webhook",
        "livemode": tx.livemode,
        "on_silence": settings.authorization_webhook_default,
        "url": settings.authorization_webhook_url,
    }


OPERATIONS = (
    Operation(method="GET", path=PATH, handler=retrieve, platform_only=True),
    Operation(
        method="POST",
        path=PATH,
        handler=update,
        takes=AuthorizationWebhook,
        platform_only=True,
    ),
)
