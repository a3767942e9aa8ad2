"""The chart of books, and the reasons for which money moves between them: data only.

A book is a name of the chart or belongs to a financial account: its id is the book of its cash,
``<id>:inbound_pending`` the book of what was announced and has not arrived.
"""

from typing import Literal, get_args

# payments, payments_pending, issuing: what the account's owner has with us.
# credit: the platform's money, allotted to this account's cards. owed: what was spent of it.
# reserved: what a platform sets aside for connected accounts below zero.
# payouts_in_transit, topups_in_transit: under way to and from the owner's bank.
# moves_in_transit: under way between the account's own balances.
# clearing: the way through to another account's books. outside: money before it came in.
# network_settlement: owed to the card network. fees, losses: what the account cost or was charged.
ChartBook = Literal[
    "payments",
    "payments_pending",
    "issuing",
    "credit",
    "owed",
    "reserved",
    "payouts_in_transit",
    "topups_in_transit",
    "moves_in_transit",
    "clearing",
    "network_settlement",
    "fees",
    "losses",
    "outside",
]
# A ChartBook, or one of a financial account.
Book = str
Part = Literal["available", "held"]

BOOKS: frozenset[Book] = frozenset(get_args(ChartBook))
_SPENDABLE = frozenset({"payments", "issuing", "credit"})
_OF_OBJECTS = frozenset(
    {
        "payments_pending",
        "owed",
        "reserved",
        "payouts_in_transit",
        "topups_in_transit",
        "moves_in_transit",
        "network_settlement",
    }
)
FINANCIAL_ACCOUNT = "fa_"
_INBOUND_PENDING = ":inbound_pending"


def inbound_pending(financial_account: str) -> Book:
    """The book of what was announced to a financial account and has not arrived."""
    return financial_account + _INBOUND_PENDING


def is_cash(book: Book) -> bool:
    """Whether it is the spendable money of a financial account."""
    return book.startswith(FINANCIAL_ACCOUNT) and not book.endswith(_INBOUND_PENDING)


def is_known(book: Book) -> bool:
    """Whether there can be such a book."""
    return book in BOOKS or book.startswith(FINANCIAL_ACCOUNT)


def is_floored(book: Book) -> bool:
    """Whether only a forced transfer takes it below zero."""
    return book in _SPENDABLE or is_cash(book)


def is_holding(book: Book) -> bool:
    """Whether part of its money can be held."""
    return book in _SPENDABLE or is_cash(book)


def belongs_to_object(book: Book) -> bool:
    """Whether an object tells what is in it (a payout, an obligation, a reserve), so that money
    moves in and out of it by that object alone."""
    return book in _OF_OBJECTS or book.endswith(_INBOUND_PENDING)


def is_shown(book: Book) -> bool:
    """Whether the balance transactions of the account tell of what a card moves in it."""
    return book == "issuing"


# Why money moves: the type of the balance transaction, and the category it is reported under.
REPORTING_CATEGORIES = {
    "adjustment": "other_adjustment",
    "advance": "advance",
    "advance_funding": "advance_funding",
    "issuing_authorization_hold": "issuing_authorization_hold",
    "issuing_authorization_release": "issuing_authorization_release",
    "issuing_dispute": "issuing_dispute",
    "issuing_transaction": "issuing_transaction",
    "payment": "charge",
    "payment_refund": "refund",
    "payout": "payout",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
    "reserve_hold": "risk_reserved_funds",
    "reserve_release": "risk_reserved_funds",
    "reserved_funds": "connect_reserved_funds",
    "stripe_fee": "fee",
    "topup": "topup",
    "topup_reversal": "topup_reversal",
    "transfer": "transfer",
    "transfer_refund": "transfer_reversal",
}
# The same for money of financial accounts, whose transactions are views of their own.
REPORTING_CATEGORIES |= {
    reason: reason
    for reason in (
        "credit_reversal",
        "credit_reversal_posting",
        "debit_reversal",
        "inbound_transfer",
        "inbound_transfer_failure",
        "inbound_transfer_return",
        "outbound_payment",
        "outbound_payment_cancellation",
        "outbound_payment_failure",
        "outbound_payment_posting",
        "outbound_payment_return",
        "outbound_transfer",
        "outbound_transfer_cancellation",
        "outbound_transfer_failure",
        "outbound_transfer_posting",
        "outbound_transfer_return",
        "received_credit",
        "received_debit",
    )
}
HOLD, RELEASE, SPEND = (
    "issuing_authorization_hold",
    "issuing_authorization_release",
    "issuing_transaction",
)
# Credit that a platform allots to an account, what is paid back of it, and what a platform sets
# aside for accounts below zero.
CREDIT_FUNDING, CREDIT_REPAYMENT, RESERVED = "advance_funding", "advance", "reserved_funds"
