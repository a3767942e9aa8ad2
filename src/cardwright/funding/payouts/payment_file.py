"""Files of payments for a bank, said once, and how they are written: pure.

In euro a file is ``pain.001.001.03``, the credit transfer initiation of ISO 20022, checked against
its schema. In pounds and dollars it is a CSV, because sort codes and routing numbers have no place
in that message as the library writes it.
"""

import csv
import io
import re
from typing import Annotated, ClassVar, Literal, NamedTuple

from cardwright.funding.instructions.model import OperatorBank
from cardwright.kernel.clock import moment
from cardwright.kernel.money import decimal_text
from cardwright.kernel.words import printed, tabled
from cardwright.wire.resource import Currency, Mark, Parameters, Resource, Timestamp

PAIN = "pain.001.001.03"
COLUMNS = (
    "reference",
    "date",
    "amount",
    "currency",
    "account_holder_name",
    "routing_number",
    "account_number",
    "description",
)
# Who is paid where nobody said so in letters that a bank takes.
HOLDER = "Account holder"
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
FileFormat = Literal["csv", "pain.001"]


class PaymentFile(Resource, tag="payment_file"):
    """Payouts in one currency that the operator hands to a bank together."""

    prefix: ClassVar[str] = "pf_"
    table: ClassVar[str] = "payment_files"

    amount: int
    count: int
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Annotated[Currency, Mark("l", column=True)]
    format: FileFormat
    livemode: bool
    payouts: list[str]


class NewPaymentFile(Parameters):
    """``POST /_cardwright/payment_files``."""

    currency: Annotated[Currency, Mark(need="c")]


class Payment(NamedTuple):
    """One payment of a file; ``reference`` comes back on the bank statement."""

    reference: str
    amount_minor: int
    holder: str
    number: str
    routing_number: str | None
    description: str


def reference_of(payout_id: str) -> str:
    """The id as banks take it: an underscore is none of the characters they agreed on."""
    return payout_id.replace("_", "-")


def format_of(currency: str) -> FileFormat:
    """How files of the currency are written."""
    return "pain.001" if currency == "eur" else "csv"


def can_name(currency: str, number: str) -> bool:
    """Whether a file of the currency can name the account: the message of ISO 20022, as the
    library writes it, knows IBANs alone."""
    return format_of(currency) != "pain.001" or _IBAN.fullmatch(number) is not None


def content(bank: OperatorBank, payments: list[Payment], now_ms: int) -> str:
    """The payments, to be made from the operator's bank account on the present day."""
    write = _pain if format_of(bank.currency) == "pain.001" else _csv
    return write(bank, payments, now_ms)


def _pain(bank: OperatorBank, payments: list[Payment], now_ms: int) -> str:
    # Its checker of schemas is slow to load, and few processes ever write a file.
    from sepaxml import SepaTransfer

    config = {
        "name": _latin(bank.account_holder_name, HOLDER),
        "IBAN": (bank.iban or "").replace(" ", ""),
        "BIC": bank.bic,
        "batch": True,
        "currency": bank.currency.upper(),
    }
    made = SepaTransfer(config, schema=PAIN, clean=True)
    for payment in payments:
        made.add_payment(
            {
                "name": _latin(payment.holder, HOLDER),
                "IBAN": payment.number,
                "amount": payment.amount_minor,
                "execution_date": moment(now_ms).date(),
                "description": _latin(payment.description, payment.reference),
                "endtoend_id": payment.reference,
            }
        )
    text = str(made.export(validate=True).decode())
    # The library dates the message by the machine's clock and time zone.
    created = f"<CreDtTm>{moment(now_ms):%Y-%m-%dT%H:%M:%SZ}</CreDtTm>"
    return re.sub(r"<CreDtTm>[^<]*</CreDtTm>", created, text)


def _csv(bank: OperatorBank, payments: list[Payment], now_ms: int) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for payment in payments:
        writer.writerow(
            (
                payment.reference,
                moment(now_ms).date().isoformat(),
                decimal_text(payment.amount_minor, bank.currency),
                bank.currency.upper(),
                tabled(payment.holder),
                payment.routing_number,
                payment.number,
                tabled(payment.description),
            )
        )
    return text.getvalue()


def _latin(words: str, otherwise: str) -> str:
    """Words in the letters that banks have agreed on; ``otherwise`` where nothing of them is left,
    as one payment without a name would keep the whole file from being written."""
    # Its table of letters is slow to load, too.
    from text_unidecode import unidecode

    return printed(unidecode(words)) or otherwise
