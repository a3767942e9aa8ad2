"""A bank account that a connected account is paid out to, said once (source: External Accounts
API, ``bank_account``)."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.wire.resource import (
    Country,
    Currency,
    Mark,
    Metadata,
    Parameters,
    Resource,
    Sealed,
    Shape,
    Timestamp,
)

HolderType = Literal["company", "individual"]
AccountType = Literal["checking", "futsu", "savings", "toza"]
BankAccountStatus = Literal[
    "errored", "new", "tokenized_account_number_deactivated", "validated", "verification_failed"
]
OWNERSHIP_DOCUMENT = "documents.bank_account_ownership_verification.files"


class OwnershipFiles(Shape):
    """Files that show whose bank account it is."""

    files: Annotated[list[str], Mark(longest=255)] = field(default_factory=list)


class BankAccountDocuments(Shape):
    """Documents about a bank account."""

    bank_account_ownership_verification: OwnershipFiles | None = None


class BankRequirementError(Shape):
    """Why what is known of a bank account is not enough."""

    code: str
    reason: str
    requirement: str


class BankRequirements(Shape):
    """What a bank account needs to stay in use."""

    currently_due: list[str] = field(default_factory=list)
    errors: list[BankRequirementError] = field(default_factory=list)
    past_due: list[str] = field(default_factory=list)
    pending_verification: list[str] = field(default_factory=list)


class BankAccount(Resource, tag="bank_account"):
    """A bank account of a connected account. Its number is in the vault (``account_number``)."""

    prefix: ClassVar[str] = "ba_"
    table: ClassVar[str] = "external_accounts"

    owned_by: ClassVar[str] = "account"

    account: Annotated[str, Mark("", expand="account")]
    account_holder_name: str | None = None
    account_holder_type: HolderType | None = None
    account_type: AccountType | None = None
    available_payout_methods: list[Literal["instant", "standard"]] = field(
        default_factory=lambda: ["standard"]
    )
    bank_name: str | None = None
    country: Country
    created: Annotated[Timestamp, Mark(column=True, hidden=True)]
    currency: Annotated[Currency, Mark(column=True)]
    customer: Annotated[str | UnsetType, Mark("", expand="customer")] = UNSET
    default_for_currency: Annotated[bool, Mark(column=True)]
    documents: Annotated[BankAccountDocuments | None, Mark(hidden=True)] = None
    # Equal for equal bank accounts of all accounts; the number cannot be found from it.
    fingerprint: str
    future_requirements: BankRequirements = field(default_factory=BankRequirements)
    last4: str
    metadata: Metadata = field(default_factory=dict)
    # Why a payout to one of the numbers of the test environment fails; null: it arrives.
    payout_failure_code: Annotated[str | None, Mark(hidden=True)] = None
    requirements: BankRequirements = field(default_factory=BankRequirements)
    routing_number: str | None = None
    status: BankAccountStatus = "new"


class BankAccountGiven(Shape):
    """A bank account as a caller gives it: a token, or all its details."""

    account_holder_name: Annotated[str | None, Mark(longest=200)] = None
    account_holder_type: HolderType | None = None
    account_number: Annotated[Sealed | None, Mark(longest=50)] = None
    account_type: AccountType | None = None
    country: Country | None = None
    currency: Currency | None = None
    metadata: Metadata | None = None
    object: Literal["bank_account", "card"] | None = None
    routing_number: Annotated[str | None, Mark(longest=30)] = None
    token: Annotated[str | None, Mark(longest=100)] = None


class ExternalAccountCreate(Parameters):
    """``POST /v1/accounts/:id/external_accounts``."""

    default_for_currency: bool | None = None
    external_account: Annotated[BankAccountGiven, Mark(need="c", shorthand="token")]
    metadata: Metadata | None = None


class ExternalAccountUpdate(Parameters):
    """``POST /v1/accounts/:id/external_accounts/:id``."""

    account_holder_name: Annotated[str | None, Mark(longest=200)] = None
    account_holder_type: HolderType | None = None
    account_type: AccountType | None = None
    default_for_currency: bool | None = None
    documents: BankAccountDocuments | None = None
    metadata: Metadata | None = None


class ExternalAccountList(Parameters):
    """``GET /v1/accounts/:id/external_accounts``."""

    object: Literal["bank_account", "card"] | None = None
