"""The account notice, said once (source: Account Notices API), and the email that carries it."""

from typing import Annotated, ClassVar, Literal

from msgspec import field

from cardwright.wire.resource import Mark, Metadata, Resource, Shape, Timestamp

Reason = Literal[
    "issuing.account_closed_for_inactivity",
    "issuing.account_closed_for_not_providing_business_model_clarification",
    "issuing.account_closed_for_not_providing_url_clarification",
    "issuing.account_closed_for_not_providing_use_case_clarification",
    "issuing.account_closed_for_terms_of_service_violation",
    "issuing.application_rejected_for_failure_to_verify",
    "issuing.credit_application_rejected",
    "issuing.credit_increase_application_rejected",
    "issuing.credit_limit_decreased",
    "issuing.credit_line_closed",
    "issuing.dispute_lost",
    "issuing.dispute_submitted",
    "issuing.dispute_won",
]
EmailStatus = Literal["canceled", "failed", "queued", "sent"]
ADDRESS = r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
# What every mail server takes; an address of another form would never be written to.
MAILABLE = rf"{_ATOM}(\.{_ATOM})*@[\w-]+(\.[\w-]+)*"


class NoticeEmail(Shape):
    """The email that told the account, as it was sent."""

    plain_text: Annotated[str, Mark(need="u", longest=50_000)]
    recipient: Annotated[str, Mark(need="u", longest=800, pattern=ADDRESS)]
    subject: Annotated[str, Mark(need="u", longest=500)]


class LinkedObjects(Shape):
    """What the notice is about."""

    capability: str | None = None
    issuing_credit_underwriting_record: str | None = None
    issuing_dispute: str | None = None


class AccountNotice(Resource, tag="account_notice"):
    """Something an account must be told; ``sent_at`` says when it was."""

    prefix: ClassVar[str] = "notice_"
    table: ClassVar[str] = "account_notices"

    created: Annotated[Timestamp, Mark("", column=True)]
    deadline: Timestamp | None = None
    email: Annotated[NoticeEmail | None, Mark("u", need="u", replace=True)] = None
    linked_objects: LinkedObjects | None = None
    livemode: bool
    metadata: Annotated[Metadata, Mark("u")] = field(default_factory=dict)
    reason: Annotated[Reason, Mark("", column=True)]
    sent_at: Annotated[Timestamp | None, Mark("u", need="u")] = None

    # Not shown: whose it is, and what lists go by.
    account: Annotated[str, Mark("", hidden=True)]
    by_operator: Annotated[bool, Mark("", hidden=True)] = False
    overdue: Annotated[bool, Mark("", hidden=True, column=True)] = False
    platform_id: Annotated[str, Mark("", hidden=True, column=True)]
    sent: Annotated[bool, Mark("l", hidden=True, column=True)] = False


class AccountEmail(Resource, tag="account_email"):
    """An email to an account, as the mail server was given it. ``trouble`` is why the last attempt
    failed."""

    prefix: ClassVar[str] = "email_"
    table: ClassVar[str] = "account_emails"

    account: str
    attempts: int = 0
    created: Annotated[Timestamp, Mark("l", column=True)]
    html: str
    livemode: bool
    locale: str
    message_id: str
    notice: Annotated[str | None, Mark("l", column=True)] = None
    plain_text: str
    recipient: str
    reply_to: str | None = None
    sender: str
    sender_name: str
    sent_at: Timestamp | None = None
    status: Annotated[EmailStatus, Mark("l", column=True)] = "queued"
    subject: str
    trouble: str | None = None

    # When it is tried next, in machine time.
    due_ms: Annotated[int | None, Mark("", hidden=True, column=True)] = None
