"""Bank statements and their lines, said once."""

from typing import Annotated, ClassVar, Literal

from msgspec import field

from cardwright.wire.resource import Currency, Mark, Parameters, Resource, Timestamp, Upload

FileFormat = Literal["camt.053", "csv"]
Status = Literal["unmatched", "matched", "booked", "returning", "returned"]


class BankStatement(Resource, tag="bank_statement"):
    """A file of one or more statements of the operator's bank accounts."""

    prefix: ClassVar[str] = "bst_"
    table: ClassVar[str] = "bank_statements"

    created: Annotated[Timestamp, Mark("l", column=True)]
    digest: Annotated[str, Mark(column=True, hidden=True)]
    filename: str | None = None
    format: FileFormat
    # How many lines the file has, and how many of them other files had brought before.
    lines: int = 0
    lines_known: int = 0
    lines_matched: int = 0
    livemode: bool


class BankStatementLine(Resource, tag="bank_statement_line"):
    """Money that arrived at the operator's bank (``amount`` > 0) or left it, and what became of it.

    ``matched``: it is known whose it is, and about to be booked. ``booked``: it is in the books of
    ``account``, as ``transfer`` or by what it did to ``payment``. ``unmatched``: it waits for the
    operator, who assigns or returns it; ``reason`` says why. ``returning``: it goes back to its
    sender, and is ``returned`` by the statement that shows it leaving.
    """

    prefix: ClassVar[str] = "bsl_"
    table: ClassVar[str] = "bank_statement_lines"

    account: Annotated[str | None, Mark("l", column=True)] = None
    account_number: str | None = None
    amount: Annotated[int, Mark("", column=True)]
    balance: str | None = None
    bank_account: str | None = None
    bank_reference: str | None = None
    booked_on: Annotated[str, Mark("", column=True)]
    counterparty: str | None = None
    counterparty_number: str | None = None
    created: Annotated[Timestamp, Mark("l", column=True)]
    currency: Annotated[Currency, Mark("l", column=True)]
    description: str | None = None
    fingerprint: Annotated[str, Mark(column=True, hidden=True)]
    livemode: bool
    payment: Annotated[str | None, Mark("", column=True)] = None
    reason: str | None = None
    references: list[str] = field(default_factory=list)
    statement: Annotated[str, Mark("l", column=True)]
    status: Annotated[Status, Mark("l", column=True)] = "unmatched"
    transfer: str | None = None


class NewStatement(Parameters):
    """The file, in a multipart form; its content tells its format."""

    file: Annotated[Upload, Mark(need="c")]


class Assignment(Parameters):
    """Whose an unmatched line is: an account and its balance (issuing, payments, a financial
    account), or the payment that the line is of."""

    account: str | None = None
    balance: str | None = None
    payment: str | None = None


class Sending(Parameters):
    """Why an unmatched line goes back."""

    reason: Annotated[str, Mark(need="c", longest=500)]
