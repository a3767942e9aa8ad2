"""What the stories about money speak of: where it is, what it waits for, and how it travels."""

from typing import NamedTuple

FINANCIAL_ACCOUNT = "fa_1"
OWN = ("issuing", "payments", "credit", FINANCIAL_ACCOUNT)
# Few places, so that money is often there for what comes next.
CURRENCIES = ("gbp", "gbp", "gbp", "usd")
# Money on its way: the book it leaves, the book it waits in, the reason, and where it arrives.
WAYS = {
    "payout": ("payments", "payouts_in_transit", "payout", "outside"),
    "balance_transfer": ("payments", "moves_in_transit", "transfer", "issuing"),
    "top_up": ("outside", "topups_in_transit", "topup", "payments"),
    "announced": (
        "outside",
        f"{FINANCIAL_ACCOUNT}:inbound_pending",
        "inbound_transfer",
        FINANCIAL_ACCOUNT,
    ),
}


class BookOfAccount(NamedTuple):
    """A book of an account in a currency."""

    account: str
    book: str
    currency: str


class Held(NamedTuple):
    """Something that money is held for; what is not shown is given back as invisibly."""

    place: BookOfAccount
    source: str
    shown: bool = True


class Posted(NamedTuple):
    """A transfer that can be taken back: it brought so much from a book into a place."""

    place: BookOfAccount
    transfer: str
    amount: int
    other: str


class Journey(NamedTuple):
    """Money on its way."""

    account: str
    kind: str
    currency: str
    amount: int
