"""Agreements: the versions of terms that a platform publishes, and the end of what was accepted."""

from typing import Annotated, Any, ClassVar

import msgspec

from cardwright.accounts import flows, refusals
from cardwright.accounts.agreement_records import ATTESTATIONS, QUERIES
from cardwright.accounts.record.model import AccountState
from cardwright.accounts.record.store import lock_state
from cardwright.kernel import ids
from cardwright.kernel.clock import SECOND_MS
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.tenancy import gates
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.resource import Mark, Parameters, Resource, Timestamp

NAME = r"[a-z_]{1,60}(\.[a-z_]{1,60}){0,6}"

_EXISTS = QUERIES.value("version_exists", str)


class TermsVersion(Resource, tag="terms_version"):
    """A version of a platform's terms, in force from ``published`` on until the next one.

    ``agreement`` is the beginning of the members in which it is accepted, such as
    ``terms_of_service.card_creator.commercial``.
    """

    prefix: ClassVar[str] = "terms_"
    table: ClassVar[str] = "terms_versions"

    created: Annotated[Timestamp, Mark("l", column=True)]
    agreement: Annotated[str, Mark("cl", need="c", pattern=NAME, column=True)]
    livemode: bool
    published_ms: Annotated[int, Mark("", column=True)]
    url: Annotated[str | None, Mark("c", longest=2048)] = None
    version: Annotated[str, Mark("cl", need="c", longest=100, column=True)]


class Publication(Parameters):
    """What is published; ``published`` is now unless it is given."""

    agreement: Annotated[str, Mark(need="c", pattern=NAME)]
    version: Annotated[str, Mark(need="c", longest=100)]
    published: Timestamp | None = None
    url: Annotated[str | None, Mark(longest=2048)] = None


async def clear(tx: Tx, path: str, reason: str) -> AccountState:
    """End every acceptance of the acting account at or below a member, so that it is due again.

    ``path`` is the member, with or without ``identity.attestations.`` before it; ``reason`` is
    kept with the record. What is not accepted is left as it is.
    """
    before = await lock_state(tx)
    identity = before.account.identity
    steps = path.removeprefix(ATTESTATIONS).split(".")
    attestations = without(identity.attestations, steps)
    if attestations == identity.attestations:
        return before
    account = msgspec.structs.replace(
        before.account, identity=msgspec.structs.replace(identity, attestations=attestations)
    )
    return await flows.account_changed(tx, before, account, reason=reason)


def without(holder: Any, steps: list[str]) -> Any:
    """The same with null in the place of the member at the path."""
    if holder is None:
        return None
    name, *rest = steps
    assert name in holder.__struct_fields__, f"{type(holder).__name__} has no member {name}"
    inner = without(getattr(holder, name), rest) if rest else None
    return msgspec.structs.replace(holder, **{name: inner})


@operator_verb(kind="none")
async def publish(tx: Tx, wanted: Publication) -> TermsVersion:
    """Put a version of terms in force for the acting platform."""
    await gates.lock(tx, tx.account_id)
    key = {"agreement": wanted.agreement, "version": wanted.version}
    if await _EXISTS(tx.connection, platform_id=tx.account_id, **key) is not None:
        fail(refusals.TERMS_VERSION_PUBLISHED, param="version", **key)
    published = wanted.published
    terms = TermsVersion(
        id=ids.new_id(TermsVersion.prefix),
        created=Timestamp(tx.now),
        agreement=wanted.agreement,
        livemode=tx.livemode,
        published_ms=tx.now_ms if published is None else published * SECOND_MS,
        url=wanted.url,
        version=wanted.version,
    )
    await rows.insert(tx, terms)
    return terms
