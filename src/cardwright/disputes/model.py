"""The dispute, said once (source: Issuing API, ``issuing.dispute``)."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.disputes.evidence import Evidence
from cardwright.kernel.money import AMOUNT_MINOR_MAX
from cardwright.ledger.model import BalanceTransaction
from cardwright.wire.resource import Currency, Mark, Metadata, Resource, Shape, Timestamp

Status = Literal["expired", "lost", "submitted", "unsubmitted", "won"]
Verdict = Literal["lost", "won"]
LossReason = Literal[
    "cardholder_authentication_issuer_liability",
    "eci5_token_transaction_with_tavv",
    "excess_disputes_in_timeframe",
    "has_not_met_the_minimum_dispute_amount_requirements",
    "invalid_duplicate_dispute",
    "invalid_incorrect_amount_dispute",
    "invalid_no_authorization",
    "invalid_use_of_disputes",
    "merchandise_delivered_or_shipped",
    "merchandise_or_service_as_described",
    "not_cancelled",
    "other",
    "refund_issued",
    "submitted_beyond_allowable_time_limit",
    "transaction_3ds_required",
    "transaction_approved_after_prior_fraud_dispute",
    "transaction_authorized",
    "transaction_electronically_read",
    "transaction_qualifies_for_visa_easy_payment_service",
    "transaction_unattended",
]
# The allowed transitions; what is not a key here has ended.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    "unsubmitted": frozenset({"submitted", "expired"}),
    "submitted": frozenset({"won", "lost"}),
}
CreditStatus = Literal[
    "delinquent",
    "granted",
    "not_required",
    "permanent",
    "required",
    "revocable",
    "revocation_notice_period",
    "revoked",
]


class ProvisionalCredit(Shape):
    """What the platform owes its user while the dispute is open; ``granted_at`` and ``revoked_at``
    are what the platform says it did."""

    grant_deadline: Annotated[Timestamp | None, Mark("")] = None
    granted_at: Timestamp | None = None
    revocable_after: Annotated[Timestamp | None, Mark("")] = None
    revoked_at: Timestamp | None = None
    status: Annotated[CreditStatus, Mark("")] = "not_required"


NetworkStepName = Literal[
    "dispute_response", "pre_arbitration_response", "pre_arbitration_submission"
]


class NetworkStep(Shape):
    """What the merchant's bank sent with one step."""

    error: str | None = None
    merchant_evidence_files: list[str] | None = None


class NetworkLifecycle(Shape):
    """What came back over the card network."""

    dispute_response: NetworkStep | None = None
    pre_arbitration_response: NetworkStep | None = None
    pre_arbitration_submission: NetworkStep | None = None


class DisputeTreasury(Shape):
    """The disputed movement of a financial account, and the one that gave its money back."""

    debit_reversal: Annotated[str | None, Mark("")] = None
    received_debit: Annotated[str, Mark(need="c")]


class DisputeMembers(Resource):
    """Every member of a dispute but those that are kept as ids and shown whole."""

    prefix: ClassVar[str] = "idp_"

    amount: Annotated[int, Mark("cu", low=1, high=AMOUNT_MINOR_MAX, column=True)]
    created: Annotated[Timestamp, Mark("l", column=True)]
    crypto_transactions: Annotated[list[str] | None, Mark("", preview=True)] = None
    currency: Currency
    evidence: Annotated[Evidence, Mark("cu")] = field(default_factory=Evidence)
    livemode: bool
    loss_reason: LossReason | UnsetType = UNSET
    metadata: Annotated[Metadata, Mark("cu")] = field(default_factory=dict)
    network_lifecycle: Annotated[NetworkLifecycle | None, Mark("", preview=True)] = None
    provisional_credit: Annotated[ProvisionalCredit | None, Mark("u", preview=True)] = None
    redaction: Annotated[str | None, Mark("", preview=True)] = None
    status: Annotated[Status, Mark("l", column=True)] = "unsubmitted"
    transaction: Annotated[str, Mark("cl", column=True, expand="issuing.transaction")]
    treasury: Annotated[DisputeTreasury | None, Mark("c")] = None

    # Not shown: whose it is, until when it can be submitted, when the test environment decides it,
    # and how much was given back before it was decided.
    account: Annotated[str, Mark("", hidden=True)]
    credited_minor: Annotated[int, Mark("", hidden=True)] = 0
    decided_at: Annotated[Timestamp | None, Mark("", hidden=True)] = None
    platform_id: Annotated[str, Mark("", hidden=True, column=True)]
    submit_by: Annotated[Timestamp, Mark("", hidden=True)]


class Dispute(DisputeMembers, tag="issuing.dispute"):
    """A dispute as it is stored."""

    table: ClassVar[str] = "issuing_disputes"

    balance_transactions: list[str] = field(default_factory=list)


class ShownDispute(DisputeMembers, tag="issuing.dispute"):
    """A dispute as it is shown."""

    balance_transactions: list[BalanceTransaction]
