"""Account links, said once (sources: Connect API ``account_link``, v2 ``account_link``)."""

from typing import Annotated, Any, Literal

import msgspec

from cardwright.wire.resource import Mark, Moment, Parameters, Shape, Timestamp

PATH = "/setup/s/"

Fields = Literal["currently_due", "eventually_due"]
FutureRequirements = Literal["include", "omit"]
UseCaseType = Literal[
    "account_onboarding", "account_update", "recipient_onboarding", "recipient_update"
]
Configuration = Literal[
    "card_creator", "customer", "merchant", "money_manager", "recipient", "storer"
]


class CollectionOptions(Shape):
    """Which requirements the page asks for."""

    fields: Fields = "currently_due"
    future_requirements: FutureRequirements = "omit"


class AccountLinkParameters(Parameters):
    """What v1 takes; ``collect`` is the older form of ``collection_options[fields]``."""

    account: Annotated[str, Mark(need="c")]
    type: Annotated[Literal["account_onboarding", "account_update"], Mark(need="c")]
    refresh_url: Annotated[str, Mark(need="c")]
    return_url: Annotated[str, Mark(need="c")]
    collection_options: CollectionOptions | None = None
    collect: Fields | None = None


class AccountLink(msgspec.Struct, tag_field="object", tag="account_link", kw_only=True):
    """What v1 answers; ``created`` and ``expires_at`` are seconds."""

    created: Timestamp
    expires_at: Timestamp
    url: str


class UseCaseOptions(Shape):
    """How one use case runs and where it leads back to."""

    configurations: list[Configuration] | None = None
    collection_options: CollectionOptions | None = None
    refresh_url: Annotated[str, Mark(need="c")]
    return_url: str | None = None


class UseCase(Shape):
    """What the account holder is sent to do; the options stand under the name of the type."""

    type: Annotated[UseCaseType, Mark(need="c")]
    account_onboarding: UseCaseOptions | None = None
    account_update: UseCaseOptions | None = None
    recipient_onboarding: UseCaseOptions | None = None
    recipient_update: UseCaseOptions | None = None


class AccountLinkParametersV2(Parameters):
    """What v2 takes."""

    account: Annotated[str, Mark(need="c")]
    use_case: Annotated[UseCase, Mark(need="c")]


class AccountLinkV2(msgspec.Struct, tag_field="object", tag="v2.core.account_link", kw_only=True):
    """What v2 answers; the use case is repeated as it was given."""

    account: str
    created: Moment
    expires_at: Moment
    livemode: bool
    url: str
    use_case: dict[str, Any]

    @property
    def id(self) -> str:
        """What a repeated idempotency key finds the link by; it is not part of the object."""
        return self.url.partition(PATH)[2]


class NewLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link as both versions ask for it."""

    account: str
    api: Literal["v1", "v2"]
    use_case: UseCaseType
    fields: Fields
    future_requirements: FutureRequirements
    configurations: list[str] | None
    refresh_url: str
    return_url: str | None
    body: dict[str, Any]


class StoredLink(msgspec.Struct, frozen=True):
    """A link as it is kept."""

    api: str
    use_case: str
    fields: str
    future_requirements: str
    configurations: list[str]
    refresh_url: str
    return_url: str | None
    created_ms: int
    expires_ms: int
    session_hash: str | None
    session_expires_ms: int | None
    body: str
