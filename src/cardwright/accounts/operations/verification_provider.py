"""``/_cardwright/verification_provider``: who verifies the accounts of a platform.

A platform belongs to one environment, so this is said for each environment by itself. What was
begun with another provider is finished with it.
"""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from cardwright.accounts.verification import refusals as verification_refusals
from cardwright.accounts.verification.providers import chosen
from cardwright.events import rules, signing
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import platforms, secrets
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.tenancy.platforms import PlatformSettings, Verifier
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import Body

PATH = "/_cardwright/verification_provider"
SECRET = "verification_provider"  # noqa: S105 - the name of a secret
URL_LONGEST = 2048


class VerificationProvider(Parameters):
    """What may be set; what is left out stays as it is. An empty provider is the one that the
    environment begins with."""

    provider: Verifier | None = None
    url: Annotated[str | None, Mark(longest=URL_LONGEST)] = None


@operator_verb(kind="widens_risk")
async def configure(
    tx: Tx,
    *,
    provider: Verifier | UnsetType | None = UNSET,
    url: str | UnsetType | None = UNSET,
) -> str | None:
    """Choose who verifies the accounts of the acting platform, and where a vendor is asked.

    Returns the signing secret of a new address; it can be read only now. Refuses test values in
    the live environment, a vendor without an address, and an address that could never be reached.
    """
    # Under the gate, so that the secret that is kept is that of the address that is kept.
    before = await platforms.settings_to_change(tx)
    wanted = {
        "verification_provider": before.verification_provider if provider is UNSET else provider,
        "verification_url": before.verification_url if url is UNSET else url,
    }
    after = msgspec.structs.replace(before, **wanted)
    if after.verification_url is not None and url is not UNSET:
        rules.check_url(after.verification_url, livemode=tx.livemode, param="url")
    verifier = chosen(after, livemode=tx.livemode)
    if verifier == "test_values" and tx.livemode:
        fail(verification_refusals.VERIFICATION_PROVIDER_TEST_ONLY, param="provider")
    if verifier == "http" and after.verification_url is None:
        fail(verification_refusals.VERIFICATION_URL_MISSING, param="url")
    await platforms.change(tx, before, **wanted)
    # A case may be with the vendor while another provider is chosen: its secret stays.
    if after.verification_url in (None, before.verification_url):
        return None
    secret = ids.secret_token(signing.SECRET_PREFIX)
    await secrets.put(tx, tx.platform_id, SECRET, secret, account_id=tx.platform_id)
    return secret


async def retrieve(tx: Tx, _call: Call[Any]) -> Body:
    """Retrieve who verifies the platform's accounts."""
    return _shown(tx, await platforms.settings(tx))


async def update(tx: Tx, call: Call[VerificationProvider]) -> Body:
    """Choose who verifies; the answer alone holds the secret of a new address."""
    given = call.given
    secret = await configure(tx, provider=given.get("provider", UNSET), url=given.get("url", UNSET))
    body = _shown(tx, await platforms.settings(tx))
    return body if secret is None else {**body, "secret": secret}


def _shown(tx: Tx, settings: PlatformSettings) -> Body:
    return {
        "object": "verification_provider",
        "livemode": tx.livemode,
        "provider": chosen(settings, livemode=tx.livemode),
        "url": settings.verification_url,
    }


OPERATIONS = (
    Operation(method="GET", path=PATH, handler=retrieve, platform_only=True),
    Operation(
        method="POST",
        path=PATH,
        handler=update,
        takes=VerificationProvider,
        platform_only=True,
    ),
)
