"""The chart of books, and the reasons for which money moves between them: data only."""

from typing import Literal, get_args

# payments, payments_pending, issuing: what the account's owner has with us.
# clearing: the way through to another account's books. outside: money before it came in.
# network_settlement: owed to the card network. fees, losses: what the account cost or was charged.
Book = Literal[
    "payments",
    "payments_pending",
    "issuing",
    "clearing",
    "network_settlement",
    "fees",
    "losses",
    "outside",
]
Part = Literal["available", "held"]

BOOKS: tuple[Book, ...] = get_args(Book)

# Books that a transfer takes below zero only when it is forced.
FLOORED: frozenset[Book] = frozenset({"payments", "issuing"})
# Books in which part of the money can be held.
HOLDING: frozenset[Book] = frozenset({"issuing"})

# Why money moves: the type of the balance transaction, and the category it is reported under.
REPORTING_CATEGORIES = {
    "adjustment": "other_adjustment",
    "issuing_authorization_hold": "issuing_authorization_hold",
    "issuing_authorization_release": "issuing_authorization_release",
    "issuing_dispute": "issuing_dispute",
    "issuing_transaction": "issuing_transaction",
    "payout": "payout",
    "payout_failure": "payout_reversal",
    "stripe_fee": "fee",
    "topup": "topup",
    "topup_reversal": "topup_reversal",
    "transfer": "transfer",
}
HOLD, RELEASE, SPEND = (
    "issuing_authorization_hold",
    "issuing_authorization_release",
    "issuing_transaction",
)
