"""Whose money a line of a bank statement is: by the account number it was sent to, or by the
reference of a payment of ours."""

from typing import NamedTuple

from cardwright.kernel.database import Connection, Tx
from cardwright.kernel.queries import load

QUERIES = load(__file__)


class Route(NamedTuple):
    """Where money for an account number goes: a financial account, else the Issuing balance."""

    account_id: str
    currency: str
    financial_account: str | None


_ENTER_NUMBER = QUERIES.run("enter_number")
_FIND_NUMBER = QUERIES.one("find_number", Route)
_ENTER_PAYMENT = QUERIES.run("enter_payment")
_FIND_PAYMENT = QUERIES.value("find_payment", str)


async def enter_number(
    tx: Tx, number: str, currency: str, financial_account: str | None = None
) -> bool:
    """Give an account number (an IBAN, else digits alone) to the acting account.

    False when another account, currency or financial account has it; again the same is no change.
    """
    mine = Route(tx.account_id, currency, financial_account)
    await _ENTER_NUMBER(tx.connection, number=number, **mine._asdict())
    return await find_number(tx.connection, number) == mine


async def find_number(connection: Connection, number: str) -> Route | None:
    """Whose the number is."""
    return await _FIND_NUMBER(connection, number=number)


async def enter_payment(tx: Tx, payment: str) -> None:
    """Say that a payment is the acting account's; its id is the reference it travels under."""
    await _ENTER_PAYMENT(tx.connection, payment=payment, account_id=tx.account_id)


async def find_payment(connection: Connection, payment: str) -> str | None:
    """Whose the payment is."""
    return await _FIND_PAYMENT(connection, payment=payment)
