"""The account, said once, in the words of v2 (source: Accounts v2 API, ``v2.core.account``).

v1 is a view of the same record. Capabilities are rows of their own, keyed by path; here they are
parameters only.
"""

from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, UnsetType, field

from cardwright.accounts.record.bank_account import BankAccount
from cardwright.accounts.record.configurations import Configuration
from cardwright.accounts.record.identity import Identity, Person
from cardwright.features.happenings import Happening
from cardwright.wire.resource import Currency, Mark, Metadata, Moment, Resource, Shape

Dashboard = Literal["express", "full", "none"]
DeadlineStatus = Literal["currently_due", "eventually_due", "past_due"]
# Why the operator, or the platform, rejected an account; nothing the account sends lifts it.
Rejection = Literal[
    "fraud",
    "inactivity",
    "listed",
    "other",
    "platform_fraud",
    "platform_other",
    "platform_terms_of_service",
    "terms_of_service",
]


class Profile(Shape):
    """The business as its customers know it."""

    business_url: Annotated[str | None, Mark(longest=2048)] = None
    doing_business_as: Annotated[str | None, Mark(longest=200)] = None
    product_description: str | None = None


class Responsibilities(Shape):
    """Who bears what; the collector of requirements follows from the rest unless it is given."""

    fees_collector: (
        Literal["application", "application_custom", "application_express", "stripe"] | None
    ) = None
    losses_collector: Literal["application", "stripe"] | None = None
    requirements_collector: Literal["application", "stripe"] | None = None


class Defaults(Shape):
    """Settings shared by the configurations."""

    currency: Currency | None = None
    locales: Annotated[list[str] | None, Mark(pattern=r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")] = (
        None
    )
    payout_methods: Annotated[Metadata | None, Mark("u")] = None
    profile: Profile | None = None
    responsibilities: Responsibilities | None = None
    timezone: Annotated[
        str | None, Mark(longest=100, pattern=r"[A-Za-z][A-Za-z_+\-0-9]*(/[A-Za-z_+\-0-9]+){0,2}")
    ] = None


class Deadline(Shape):
    """When a need begins to restrict."""

    status: DeadlineStatus
    time: Moment | UnsetType = UNSET


class RestrictsCapability(Shape):
    """A capability that a need holds back: its path without and its configuration."""

    capability: str
    configuration: str
    deadline: Deadline


class Impact(Shape):
    """What a need holds back."""

    restricts_capabilities: list[RestrictsCapability]


class RequirementError(Shape):
    """Why what was given is not enough."""

    code: str
    description: str


class Reference(Shape):
    """The object that a need is about."""

    type: Literal["inquiry", "payment_method", "person"]
    resource: str
    inquiry: str | None = None


class RequestedReason(Shape):
    """Why something is asked."""

    code: Literal["routine_onboarding", "routine_verification"]


class Entry(Shape):
    """One need: the dotted path of what is missing, wrong or being verified."""

    awaiting_action_from: Literal["stripe", "user"]
    description: str
    errors: list[RequirementError]
    impact: Impact
    minimum_deadline: Deadline
    reference: Reference | None
    requested_reasons: list[RequestedReason]


class Summary(Shape):
    """The nearest deadline of all entries."""

    minimum_deadline: Deadline | None = None


class OptionEntry(Shape):
    """A need that would serve instead."""

    awaiting_action_from: Literal["stripe", "user"] = "user"
    description: str
    errors: list[RequirementError] = field(default_factory=list)
    reference: Reference | None = None


class Option(Shape):
    """Needs that serve together."""

    entries: list[OptionEntry]


class OriginalEntry(Shape):
    """A need that can be met otherwise, by its path."""

    description: str
    reference: Reference | None = None


class Alternative(Shape):
    """What serves instead of the original entries: all entries of one of the options."""

    options: list[Option]
    original_entries: list[OriginalEntry]


class Requirements(Shape):
    """What the requested capabilities still need, most pressing first."""

    alternatives: list[Alternative] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    summary: Summary = field(default_factory=Summary)


class FutureRequirements(Shape):
    """What will be required from a date on; then the entries become requirements."""

    alternatives: list[Alternative] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    minimum_transition_date: Moment | None = None
    summary: Summary = field(default_factory=Summary)


class Account(Resource, tag="v2.core.account"):
    """A company, an individual or another entity of a platform; ``id`` is its account id."""

    prefix: ClassVar[str] = "acct_"
    table: ClassVar[str] = "accounts"

    applied_configurations: Annotated[list[str], Mark("", column=True)] = field(
        default_factory=list
    )
    closed: Annotated[bool, Mark("", column=True)] = False
    configuration: Annotated[Configuration, Mark("cu")] = field(default_factory=Configuration)
    contact_email: Annotated[str | None, Mark("cu", longest=800)] = None
    contact_phone: Annotated[str | None, Mark("cu", longest=50)] = None
    created: Annotated[Moment, Mark("", column=True)]
    dashboard: Annotated[Dashboard | None, Mark("cu")] = None
    defaults: Annotated[Defaults, Mark("cu")] = field(default_factory=Defaults)
    display_name: Annotated[str | None, Mark("cu", longest=200)] = None
    future_requirements: FutureRequirements = field(default_factory=FutureRequirements)
    identity: Annotated[Identity, Mark("cu")] = field(default_factory=Identity)
    livemode: bool
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    requirements: Requirements = field(default_factory=Requirements)
    # Which virtual clock the new account follows; kept with its registration, not here.
    test_clock: Annotated[str | None, Mark("c", longest=255)] = None

    # Not on the wire: whose customer it is (null: a platform's own account), whether the
    # operator rejected it, and what only v1 says, by the names of v1.
    platform_id: Annotated[str | None, Mark("", column=True)] = None
    rejection: Annotated[Rejection | None, Mark("")] = None
    v1: Annotated[dict[str, Any], Mark("")] = field(default_factory=dict)


class StatusDetail(Shape):
    """Why a capability is not active and who can change that."""

    code: str
    resolution: Literal["contact_stripe", "no_resolution", "provide_info"]


class Capability(msgspec.Struct, frozen=True):
    """A capability of an account as it is stored: ``path`` opens with its configuration."""

    path: str
    requested: bool
    status: str
    status_details: list[StatusDetail]
    requested_ms: int

    def is_held_by(self, code: str) -> bool:
        """Whether this is among what holds it back."""
        return any(detail.code == code for detail in self.status_details)

    @property
    def configuration(self) -> str:
        """The configuration it belongs to: ``card_creator``."""
        return self.path.partition(".")[0]

    @property
    def name(self) -> str:
        """Its path within the configuration: ``commercial.stripe.charge_card``."""
        return self.path.partition(".")[2]


class AccountState(msgspec.Struct, frozen=True):
    """An account with all that belongs to it; capabilities by path, requested ones only; persons
    and external accounts oldest first."""

    account: Account
    persons: list[Person]
    capabilities: dict[str, Capability]
    external_accounts: list[BankAccount] = []

    @property
    def rejection(self) -> Rejection | None:
        """Why nothing the account sends makes it work: the operator rejected it, or verification
        found somebody on a list of sanctions."""
        if self.account.rejection is not None:
            return self.account.rejection
        held = self.capabilities.values()
        return "listed" if any(one.is_held_by("rejected_listed") for one in held) else None


class CapabilitiesChanged(Happening, frozen=True):
    """Capabilities of the acting account have changed; the transaction holds its gate."""


class AccountEvaluated(Happening, frozen=True):
    """The acting account was evaluated and written: how it is now."""

    state: AccountState


class AccountClosing(Happening, frozen=True):
    """The acting account closes; nothing is left in its own books."""
