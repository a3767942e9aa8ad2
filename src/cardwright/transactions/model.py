"""The card transaction, said once (source: Issuing API, ``issuing.transaction``)."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from cardwright.authorizations.model import AmountDetails, MerchantData, Wallet
from cardwright.transactions.purchase import PurchaseDetails
from cardwright.wire.resource import Currency, Mark, Metadata, Resource, Shape, Timestamp

Type = Literal["capture", "refund"]


class TransactionNetworkData(Shape):
    """What the card network says of the transaction."""

    authorization_code: str | None = None
    processing_date: str | None = None
    transaction_id: str | None = None


class TransactionTreasury(Shape):
    """What a financial account shows of the transaction."""

    received_credit: str | None = None
    received_debit: str | None = None


class Transaction(Resource, tag="issuing.transaction"):
    """Money that a card took from the account (amount < 0), or gave back to it."""

    prefix: ClassVar[str] = "ipi_"
    table: ClassVar[str] = "issuing_transactions"

    amount: int
    amount_details: AmountDetails | None = None
    authorization: Annotated[str | None, Mark("", expand="issuing.authorization")] = None
    balance_transaction: Annotated[str | None, Mark("", expand="balance_transaction")] = None
    card: Annotated[str, Mark("l", column=True, expand="issuing.card")]
    cardholder: Annotated[str | None, Mark("l", column=True, expand="issuing.cardholder")] = None
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Currency
    dispute: Annotated[str | None, Mark("", expand="issuing.dispute")] = None
    livemode: bool
    merchant_amount: int
    merchant_currency: Currency
    merchant_data: MerchantData
    metadata: Annotated[Metadata, Mark("u")] = field(default_factory=dict)
    network_data: TransactionNetworkData | None = None
    purchase_details: PurchaseDetails | None = None
    settlement: Annotated[str | UnsetType, Mark("", expand="issuing.settlement")] = UNSET
    token: Annotated[str | None, Mark("", expand="issuing.token")] = None
    treasury: TransactionTreasury | None = None
    type: Annotated[Type, Mark("l", column=True)]
    wallet: Wallet | None = None
