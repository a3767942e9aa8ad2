"""What waits in a lane, and what comes back."""

import asyncio
from dataclasses import dataclass, field

import msgspec

from cardwright.authorizations.rendering import Made
from cardwright.authorizations.request import AuthorizationRequest
from cardwright.authorizations.webhook_target import WebhookTarget
from cardwright.kernel import clock
from cardwright.tenancy.registry import Tenant
from cardwright.wire.idempotency import Claim
from cardwright.wire.versions import LATEST, Version

# How long a caller's request may wait for its decision.
PATIENCE_SECONDS = 10.0


class Question(msgspec.Struct, frozen=True):
    """What is asked of the platform, and where (None: a command line that listens)."""

    target: WebhookTarget | None
    object: bytes


class LaneOutcome(msgspec.Struct, frozen=True):
    """A decision that is durable.

    ``made`` is the authorization of a request that was decided just now, ``event_id`` names the
    event that shows what an earlier one was answered, ``stored`` is that answer; without any of
    them the authorization is read. ``replayed`` says that it is the answer to an earlier request,
    ``question`` that the platform has to be asked.
    """

    authorization_id: str
    made: Made | None = None
    event_id: str | None = None
    stored: bytes = b""
    replayed: bool = False
    question: Question | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Sender:
    """Whose request it is, what it is called and kept under, and in which version's words its
    answer is kept."""

    tenant: Tenant
    version: Version = LATEST
    request_id: str | None = None
    claim: Claim | None = None

    account_id: str = field(init=False)

    def __post_init__(self) -> None:
        """The account, at hand."""
        self.account_id = self.tenant.account_id

    @property
    def key(self) -> str | None:
        """The idempotency key, if it came with one."""
        return None if self.claim is None else self.claim.key


@dataclass(slots=True, kw_only=True, eq=False)
class Attempt(Sender):
    """A request that waits to be decided, under the id its authorization will have; ``listened``
    when a command line listens that may answer for a platform that is asked nowhere. ``deadline``
    is monotonic; the future is answered after the commit."""

    id: str
    request: AuthorizationRequest
    listened: bool = False
    deadline: float = field(default_factory=lambda: clock.monotonic() + PATIENCE_SECONDS)
    future: "asyncio.Future[LaneOutcome]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    @property
    def wanted(self) -> bool:
        """Whether somebody still waits for it."""
        return not self.future.done()
