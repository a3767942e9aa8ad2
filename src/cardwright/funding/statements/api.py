"""``/_cardwright/bank_statements`` and their lines.

The public API leaves the operator's bank to the operator, so the paths stand outside of it; form,
answers and errors are those of v1. They are for the platform's own key.
"""

import io
from typing import Any

from cardwright.files import refusals as files_refusals
from cardwright.funding.statements import flows
from cardwright.funding.statements.files import format_of, read
from cardwright.funding.statements.model import (
    Assignment,
    BankStatement,
    BankStatementLine,
    NewStatement,
    Sending,
)
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire import standard
from cardwright.wire.operation import Call, Operation

STATEMENTS = "/_cardwright/bank_statements"
LINES = "/_cardwright/bank_statement_lines"
# What is read within the answer to one call; the command line takes files of any length.
UPLOAD_MAX = 2 * 1024 * 1024


def check(call: Call[NewStatement]) -> None:
    """Refuse a call without a file, or with an empty one, before anything of it is kept."""
    if call.upload is None:
        fail(wire_refusals.UPLOAD_EXPECTED, param="file")
    if not call.upload.size:
        fail(files_refusals.FILE_EMPTY)


async def create(tx: Tx, call: Call[NewStatement]) -> BankStatement:
    """Import a file of bank statements."""
    upload = call.upload
    assert upload is not None, "calls without a file are refused before"
    format_ = format_of(upload.head)
    lines = read(io.BytesIO(upload.incoming.content()), format_)
    return await flows.import_statement(tx, lines, upload.digest, format_, upload.filename)


async def assign(tx: Tx, call: Call[Assignment]) -> BankStatementLine:
    """Say whose an unmatched line is."""
    return await flows.assign(tx, call.path["id"], call.given.value())


async def send_back(tx: Tx, call: Call[Sending]) -> BankStatementLine:
    """Send an unmatched credit back."""
    return await flows.send_back(tx, call.path["id"], call.given.value().reason)


def _on_line(verb: str, handler: Any, takes: Any) -> Operation:
    return Operation(
        method="POST",
        path=f"{LINES}/{{id}}/{verb}",
        handler=handler,
        takes=takes,
        returns=BankStatementLine,
        platform_only=True,
    )


OPERATIONS = (
    *standard.operations(BankStatement, STATEMENTS, platform_only=True),
    Operation(
        method="POST",
        path=STATEMENTS,
        handler=create,
        takes=NewStatement,
        returns=BankStatement,
        upload_max=UPLOAD_MAX,
        check=check,
        platform_only=True,
    ),
    *standard.operations(BankStatementLine, LINES, platform_only=True),
    _on_line("assign", assign, Assignment),
    _on_line("return", send_back, Sending),
)
