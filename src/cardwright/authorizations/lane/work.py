"""What waits in a lane, and what comes back."""

import asyncio
from dataclasses import dataclass, field

import msgspec

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

    ``body`` is the authorization as JSON in the version that was asked for; where it is empty the
    door shows the event ``event_id``, or else what is stored. ``replayed`` says that it is the
    answer to an earlier request, ``question`` that the platform has to be asked: the address, and
    the object to send.
    """

    authorization_id: str
    body: bytes = b""
    event_id: str | None = None
    replayed: bool = False
    question: Question | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Work:
    """One waiting item. ``deadline`` is monotonic; the future is answered after the commit."""

    tenant: Tenant
    version: Version = LATEST
    request_id: str | None = None
    deadline: float = field(default_factory=lambda: clock.monotonic() + PATIENCE_SECONDS)
    future: "asyncio.Future[LaneOutcome]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    account_id: str = field(init=False)

    def __post_init__(self) -> None:
        """Whose item it is, at hand."""
        self.account_id = self.tenant.account_id

    @property
    def wanted(self) -> bool:
        """Whether somebody still waits for it."""
        return not self.future.done()


@dataclass(slots=True, kw_only=True, eq=False)
class Attempt(Work):
    """A request to be decided, under the id its authorization will have; ``listened`` when a
    command line listens that may answer for a platform that is asked nowhere."""

    id: str
    request: AuthorizationRequest
    claim: Claim | None = None
    listened: bool = False
