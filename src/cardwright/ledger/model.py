"""The balance transaction, said once (source: Balance Transactions API)."""

from typing import Annotated, ClassVar, Literal

from msgspec import field

from cardwright.features.happenings import Happening
from cardwright.ledger.chart import REPORTING_CATEGORIES, Book
from cardwright.ledger.rules import Balance
from cardwright.wire.resource import Currency, Mark, Resource, Shape, Timestamp


class FeeDetail(Shape):
    """A part of the fee."""

    amount: int
    application: str | None = None
    currency: Currency
    description: str | None = None
    type: str


class BalanceTransaction(Resource, tag="balance_transaction"):
    """A transfer as its account sees it: the first of its entries.

    ``table`` is a view of the entries. What the view does not have follows from what it has.
    """

    prefix: ClassVar[str] = "txn_"
    table: ClassVar[str] = "balance_transactions"

    amount: Annotated[int, Mark("", column=True)]
    available_on: Timestamp = Timestamp(0)
    balance_type: Annotated[Literal["payments", "issuing"], Mark("", column=True)]
    created: Annotated[Timestamp, Mark("", column=True)]
    currency: Annotated[Currency, Mark("", column=True)]
    description: Annotated[str | None, Mark("", column=True)]
    exchange_rate: float | None = None
    fee: int = 0
    fee_details: list[FeeDetail] = field(default_factory=list)
    net: int = 0
    reporting_category: str = ""
    source: Annotated[str | None, Mark("", column=True, expand="balance_transaction.source")]
    status: Literal["available", "pending"] = "available"
    type: Annotated[str, Mark("", column=True)]

    def __post_init__(self) -> None:
        """What the view does not have. Fees are charged as transactions of their own."""
        self.available_on = self.available_on or self.created
        self.net = self.amount - self.fee
        self.reporting_category = REPORTING_CATEGORIES[self.type]


class MoneyMoved(Happening, frozen=True):
    """The books of an account have changed in one currency: the balances before, by book, and those
    that are others now. Who hears of it may write, but lock no other gate."""

    account_id: str
    before: dict[Book, Balance]
    after: list[Balance]
