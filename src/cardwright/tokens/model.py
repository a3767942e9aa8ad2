"""The token of a card in a digital wallet, said once (source: Issuing API, ``issuing.token``).

What the network did not say is not there: no member of its hashes is null.
"""

from typing import Annotated, ClassVar, Literal

from cardwright.wire.resource import IpAddress, Mark, Parameters, Resource, Shape, Timestamp

TokenStatus = Literal["active", "deleted", "requested", "suspended"]
GivenStatus = Literal["active", "deleted", "suspended"]
WalletProvider = Literal["apple_pay", "google_pay", "samsung_pay"]
Network = Literal["mastercard", "visa"]
Decision = Literal["approve", "decline", "require_auth"]
ReasonCode = Literal[
    "account_card_too_new",
    "account_recently_changed",
    "account_too_new",
    "account_too_new_since_launch",
    "additional_device",
    "data_expired",
    "defer_id_v_decision",
    "device_recently_lost",
    "good_activity_history",
    "has_suspended_tokens",
    "high_risk",
    "inactive_account",
    "long_account_tenure",
    "low_account_score",
    "low_device_score",
    "low_phone_number_score",
    "network_service_error",
    "outside_home_territory",
    "provisioning_cardholder_mismatch",
    "provisioning_device_and_cardholder_mismatch",
    "provisioning_device_mismatch",
    "same_device_no_prior_authentication",
    "same_device_successful_prior_authentication",
    "software_update",
    "suspicious_activity",
    "too_many_different_cardholders",
    "too_many_recent_attempts",
    "too_many_recent_tokens",
]


class Device(Shape, omit_defaults=True):
    """What the token lives on."""

    device_fingerprint: Annotated[str | None, Mark(longest=200)] = None
    ip_address: IpAddress | None = None
    location: Annotated[str | None, Mark(longest=50)] = None
    name: Annotated[str | None, Mark(longest=200)] = None
    phone_number: Annotated[str | None, Mark(longest=50)] = None
    type: Literal["other", "phone", "watch"] | None = None


class MastercardData(Shape, omit_defaults=True):
    """How Mastercard names the token."""

    card_reference_id: Annotated[str | None, Mark(longest=64)] = None
    token_reference_id: Annotated[str, Mark(need="c", longest=64)]
    token_requestor_id: Annotated[str, Mark(need="c", longest=64)]
    token_requestor_name: Annotated[str | None, Mark(longest=200)] = None


class VisaData(Shape, omit_defaults=True):
    """How Visa names the token."""

    card_reference_id: Annotated[str | None, Mark(longest=64)] = None
    token_reference_id: Annotated[str, Mark(need="c", longest=64)]
    token_requestor_id: Annotated[str, Mark(need="c", longest=64)]
    token_risk_score: Annotated[str | None, Mark(longest=10)] = None


class WalletAddress(Shape):
    """Where the wallet's owner lives."""

    line1: Annotated[str, Mark(need="c", longest=200)]
    postal_code: Annotated[str, Mark(need="c", longest=30)]


class WalletProviderData(Shape, omit_defaults=True):
    """What the wallet says of its owner and thinks of the request."""

    account_id: Annotated[str | None, Mark(longest=200)] = None
    account_trust_score: Annotated[int | None, Mark(low=1, high=99)] = None
    card_number_source: Literal["app", "manual", "on_file", "other"] | None = None
    cardholder_address: WalletAddress | None = None
    cardholder_name: Annotated[str | None, Mark(longest=200)] = None
    device_trust_score: Annotated[int | None, Mark(low=1, high=99)] = None
    hashed_account_email_address: Annotated[str | None, Mark(longest=200)] = None
    reason_codes: list[ReasonCode] | None = None
    suggested_decision: Decision | None = None
    suggested_decision_version: Annotated[str | None, Mark(longest=20)] = None


class NetworkData(Shape, omit_defaults=True):
    """What the card network knows of the token: the hash of its network, and no other."""

    device: Device | None = None
    mastercard: MastercardData | None = None
    type: Annotated[Network, Mark("")]
    visa: VisaData | None = None
    wallet_provider: WalletProviderData | None = None


class Token(Resource, tag="issuing.token"):
    """A token of a card."""

    prefix: ClassVar[str] = "intok_"
    table: ClassVar[str] = "issuing_tokens"

    card: Annotated[str, Mark("l", need="l", column=True, expand="issuing.card")]
    created: Annotated[Timestamp, Mark("l", column=True)]
    device_fingerprint: str | None = None
    last4: str | None = None
    livemode: bool
    network: Network
    network_data: NetworkData | None = None
    network_updated_at: Timestamp
    status: Annotated[TokenStatus, Mark("l", column=True)]
    wallet_provider: WalletProvider | None = None


class TokenUpdate(Parameters):
    """What an update of a token gives."""

    status: Annotated[GivenStatus, Mark(need="c")]


class GivenNetworkData(Shape):
    """What the network tells of a new token; what it does not tell is made up in the test
    environment, and needed in the live one."""

    device: Device | None = None
    mastercard: MastercardData | None = None
    visa: VisaData | None = None
    wallet_provider: WalletProviderData | None = None


class TokenRequest(Parameters):
    """What a card network brings when a card is put into a wallet."""

    card: Annotated[str, Mark(need="c", longest=255)]
    device_fingerprint: Annotated[str | None, Mark(longest=200)] = None
    last4: Annotated[str | None, Mark(longest=4, pattern="[0-9]{4}")] = None
    network_data: GivenNetworkData | None = None
    status: Literal["active", "requested"] | None = None
    wallet_provider: WalletProvider | None = None
