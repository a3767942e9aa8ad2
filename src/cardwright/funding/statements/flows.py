"""What happens with bank statements: lines are kept once, matched, and booked as the account they
belong to; what matches nothing waits for the operator.

A line is booked by a deadline of the account it is for, which is due at once: under that account's
gate, in a transaction of its own, once. So an import touches no account's money itself, and one
account in trouble does not hold up the others.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from itertools import islice

import msgspec

from cardwright.accounts.record.acting import acting
from cardwright.currencies import refusals as currencies_refusals
from cardwright.funding import refusals
from cardwright.funding.flows import read_balance
from cardwright.funding.statements import routes, rules
from cardwright.funding.statements.files import ReadLine
from cardwright.funding.statements.model import (
    Assignment,
    BankStatement,
    BankStatementLine,
    FileFormat,
)
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.money import ISSUING_CURRENCIES
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import Failure, fail
from cardwright.kernel.registries import Keyed
from cardwright.ledger import flows as ledger
from cardwright.ledger import transfers
from cardwright.tenancy import deadlines, registry
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import rows
from cardwright.wire.resource import Currency, Timestamp

QUERIES = load(__file__)
BOOKING = "bank_statement_line"
AT_ONCE = 500
OWN_BALANCES = ("issuing", "payments")


class Id(msgspec.Struct, frozen=True):
    """An id alone."""

    id: str


class Known(msgspec.Struct, frozen=True):
    """A line that was there before."""

    fingerprint: str


_LOCK_IMPORTS = QUERIES.run("lock_imports")
_KNOWN = QUERIES.many("known_lines", Known)
_TO_BOOK = QUERIES.many("accounts_to_book", str)
_BOOKED_BEFORE = QUERIES.value("booked_before", str)
_SAME_FILE = QUERIES.value("statement_of_file", str)

# What a line does to the payment that it is of, or to the financial account that it is for, by
# the prefix of that id: the features register it. The transaction acts as the account and holds its
# gate.
LineHandler = Callable[[Tx, str, BankStatementLine], Awaitable[object]]
LINE_HANDLERS: Keyed[str, LineHandler] = Keyed("handlers of lines of bank statements")


@operator_verb(kind="moves_money")
async def import_statement(
    tx: Tx, lines: Iterable[ReadLine], digest: str, format_: FileFormat, filename: str | None
) -> BankStatement:
    """Keep the lines of a file and have those booked that say whose they are.

    The transaction acts as the platform. The same file again is answered with what it made; a line
    that another file had brought is known and not kept again.
    """
    # One import at a time, so that a line which two files have is kept once. The gate stays free:
    # a long file would keep the platform's money from moving.
    await _LOCK_IMPORTS(tx.connection, name=f"{tx.account_id} bank statements")
    before = await _SAME_FILE(tx.connection, account_id=tx.account_id, digest=digest)
    if before is not None:
        return await rows.get(tx, BankStatement, before)
    statement = BankStatement(
        id=ids.new_id(BankStatement.prefix),
        created=Timestamp(tx.now),
        digest=digest,
        filename=filename,
        format=format_,
        livemode=tx.livemode,
    )
    await rows.insert(tx, statement)
    counted = known = matched = 0
    repeated: Counter[ReadLine] = Counter()
    unread = iter(lines)
    while some := list(islice(unread, AT_ONCE)):
        for line in await _new_lines(tx, some, repeated):
            kept = await _keep(tx, statement, *line)
            matched += kept.status == "matched"
            known -= 1
        known += len(some)
        counted += len(some)
    if not counted:
        fail(refusals.STATEMENT_MALFORMED, param="file", reason="it has no lines")
    statement = msgspec.structs.replace(
        statement, lines=counted, lines_known=known, lines_matched=matched
    )
    await rows.save(tx, statement)
    return statement


@operator_verb(kind="moves_money")
async def assign(tx: Tx, line_id: str, given: Assignment) -> BankStatementLine:
    """Say whose an unmatched line is; it is booked there."""
    line = await _waiting(tx, line_id)
    if (given.account is None) == (given.payment is None):
        fail(wire_refusals.PARAMETER_EXCLUSIVE, param="account", params="account, payment")
    if given.payment is not None:
        owner = await _owner_of(tx, given.payment)
        if owner is None:
            fail(
                tenancy_refusals.RESOURCE_MISSING,
                param="payment",
                object="payment",
                id=given.payment,
            )
        after = msgspec.structs.replace(line, account=owner, payment=given.payment)
    else:
        account = str(given.account)
        if await acting(tx, account) is None:
            fail(tenancy_refusals.RESOURCE_MISSING, param="account", object="account", id=account)
        if line.amount < 0:
            fail(refusals.STATEMENT_LINE_LEFT_ACCOUNT, param="account")
        balance = given.balance or "issuing"
        if balance not in OWN_BALANCES and not balance.startswith("fa_"):
            values = f"{', '.join(OWN_BALANCES)} or the id of a financial account"
            fail(wire_refusals.PARAMETER_ENUM, param="balance", values=values)
        after = msgspec.structs.replace(line, account=account, balance=balance)
    after = msgspec.structs.replace(after, status="matched", reason=None)
    await rows.save(tx, after)
    await _have_booked(tx, after)
    return after


@operator_verb(kind="moves_money")
async def send_back(tx: Tx, line_id: str, reason: str) -> BankStatementLine:
    """Have an unmatched credit sent back: the payment that returns it carries the line's id as its
    reference, and the statement that shows it leaving ends the line."""
    line = await _waiting(tx, line_id)
    if line.amount < 0:
        fail(refusals.STATEMENT_LINE_NOT_RETURNABLE)
    after = msgspec.structs.replace(line, status="returning", reason=reason)
    await rows.save(tx, after)
    return after


async def book(tx: Tx, line_id: str) -> None:
    """Put a matched line of a bank statement into the books of its account."""
    platform = replace(tx, account_id=tx.platform_id)
    line = await rows.lock(platform, BankStatementLine, line_id)
    if line.status != "matched":
        return
    try:
        async with tx.connection.transaction():
            # What the refused attempt announced is not true.
            attempt = replace(tx, emissions=[])
            transfer = await _book(attempt, line)
        tx.emissions.extend(attempt.emissions)
    except Failure as refused:
        after = msgspec.structs.replace(line, status="unmatched", reason=refused.message)
    else:
        after = msgspec.structs.replace(line, status="booked", transfer=transfer)
    await rows.save(platform, after)


async def accounts_to_book(tx: Tx, statement_id: str) -> list[str]:
    """The accounts that lines of a statement are about to be booked in."""
    return await _TO_BOOK(tx.connection, account_id=tx.account_id, statement=statement_id)


HANDLERS: dict[str, deadlines.Handler] = {BOOKING: book}


async def _book(tx: Tx, line: BankStatementLine) -> str | None:
    """The transfer that a line made, if it is one of its own."""
    if line.payment is not None:
        await _check_first(tx, line, line.payment)
        await _handler_of(line.payment)(tx, line.payment, line)
        return None
    await registry.lock_open(tx)
    if line.currency not in ISSUING_CURRENCIES:
        fail(
            currencies_refusals.CURRENCY_UNSUPPORTED,
            value=line.currency,
            reason="No balance has it.",
        )
    balance = line.balance or "issuing"
    if balance not in OWN_BALANCES:
        await _handler_of(balance)(tx, balance, line)
        return None
    transfer = transfers.incoming(
        tx.account_id,
        balance,
        line.currency,
        line.amount,
        source_id=line.id,
        description=line.description,
    )
    made = await ledger.post(tx, transfer, key=f"{BOOKING}/{line.id}")
    tx.emit("balance.available", await read_balance(tx))
    return made


async def _check_first(tx: Tx, line: BankStatementLine, payment: str) -> None:
    """Refuse a second line that says the same of a payment: a payment happens once, so this is
    money that nobody has an entry for."""
    before = await _BOOKED_BEFORE(
        tx.connection,
        account_id=tx.platform_id,
        id=line.id,
        payment=payment,
        arrived=line.amount > 0,
    )
    if before is not None:
        fail(refusals.STATEMENT_LINE_REPEATED, line=before, payment=payment)


def _handler_of(id_: str) -> LineHandler:
    handler = LINE_HANDLERS.get(id_[: id_.find("_") + 1])
    if handler is None:
        fail(refusals.STATEMENT_LINE_NOT_BOOKABLE, payment=id_)
    return handler


# Importing.


async def _new_lines(
    tx: Tx, lines: list[ReadLine], repeated: Counter[ReadLine]
) -> list[tuple[ReadLine, str]]:
    """The lines that no file brought before, each with its fingerprint."""
    by_fingerprint: dict[str, ReadLine] = {}
    for line in lines:
        by_fingerprint.setdefault(rules.fingerprint(line, repeated[line]), line)
        repeated[line] += 1
    known = await _KNOWN(tx.connection, account_id=tx.account_id, fingerprints=list(by_fingerprint))
    before = {one.fingerprint for one in known}
    return [(line, mark) for mark, line in by_fingerprint.items() if mark not in before]


async def _keep(
    tx: Tx, statement: BankStatement, read: ReadLine, fingerprint: str
) -> BankStatementLine:
    line = BankStatementLine(
        id=ids.new_id(BankStatementLine.prefix),
        account_number=read.account_number,
        amount=read.amount_minor,
        bank_account=read.bank_account,
        bank_reference=read.bank_reference,
        booked_on=read.booked_on,
        counterparty=read.counterparty,
        counterparty_number=read.counterparty_number,
        created=Timestamp(tx.now),
        currency=Currency(read.currency),
        description=read.description,
        fingerprint=fingerprint,
        livemode=tx.livemode,
        references=list(read.references),
        statement=statement.id,
    )
    line = await _matched(tx, line, read)
    await rows.insert(tx, line)
    if line.status == "matched":
        await _have_booked(tx, line)
    return line


async def _matched(tx: Tx, line: BankStatementLine, read: ReadLine) -> BankStatementLine:
    """The line with whose it is, or why that is not known."""
    named = rules.payments_of(read)
    for payment in named:
        if payment.startswith(BankStatementLine.prefix) and line.amount < 0:
            if await _sent_back(tx, payment, line):
                return msgspec.structs.replace(line, status="booked", payment=payment)
            continue
        owner = await _owner_of(tx, payment)
        if owner is not None:
            return msgspec.structs.replace(line, status="matched", account=owner, payment=payment)
    if line.amount < 0:
        return msgspec.structs.replace(line, reason="It names no payment of ours.")
    for number in rules.numbers_of(read):
        route = await routes.find_number(tx.connection, number)
        if route is None or not await _is_ours(tx, route.account_id):
            continue
        if route.currency != line.currency:
            reason = f"The number takes {route.currency}."
            return msgspec.structs.replace(line, account=route.account_id, reason=reason)
        return msgspec.structs.replace(
            line,
            status="matched",
            account=route.account_id,
            balance=route.financial_account or "issuing",
        )
    return msgspec.structs.replace(line, reason="Its account number is none of ours.")


async def _sent_back(tx: Tx, line_id: str, leaving: BankStatementLine) -> bool:
    """Whether the leaving money is a line that goes back; then it is there."""
    found = await rows.find(tx.connection, BankStatementLine, tx.account_id, line_id)
    if found is None or found.status != "returning":
        return False
    if (found.amount, found.currency) != (-leaving.amount, leaving.currency):
        return False
    await rows.save(tx, msgspec.structs.replace(found, status="returned"))
    return True


async def _have_booked(tx: Tx, line: BankStatementLine) -> None:
    assert line.account is not None, "a matched line has an account"
    await deadlines.schedule(
        tx,
        kind=BOOKING,
        subject=line.id,
        due_ms=clock.machine_ms(),
        timebase="machine",
        account_id=line.account,
    )


async def _waiting(tx: Tx, line_id: str) -> BankStatementLine:
    line = await rows.lock(tx, BankStatementLine, line_id)
    if line.status != "unmatched":
        fail(refusals.STATEMENT_LINE_NOT_WAITING, status=line.status)
    return line


async def _owner_of(tx: Tx, payment: str) -> str | None:
    """The account of the platform whose the payment is."""
    owner = await routes.find_payment(tx.connection, payment)
    return owner if owner is not None and await _is_ours(tx, owner) else None


async def _is_ours(tx: Tx, account_id: str) -> bool:
    tenant = await registry.find_tenant(tx.connection, account_id)
    return (
        tenant is not None
        and tenant.platform_id == tx.account_id
        and tenant.livemode == tx.livemode
    )
