"""What the bureau reports of the cards it was given: a line for each card, as CSV.

Good lines are taken and bad ones are refused, each with its number and the reason. A line that was
taken before changes nothing, so a report may be sent again.
"""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cardwright.accounts.record.acting import acting
from cardwright.bureau import refusals
from cardwright.bureau.exporting import QUERIES
from cardwright.cards import shipping, shipping_rules
from cardwright.cards.model import Card
from cardwright.cards.shipping_shapes import ShippingReport
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import Failure, fail
from cardwright.tenancy.operator_verbs import operator_verb
from cardwright.wire import rows
from cardwright.wire.parameters import parser
from cardwright.wire.versions import LATEST, Body

# The bureau's word for each status; what it says of cards begins when they leave.
STATUSES = {
    "shipped": "shipped",
    "delivered": "delivered",
    "returned": "returned",
    "failed": "failure",
}
NEEDED = ("card", "status")
COLUMNS = (*NEEDED, "carrier", "tracking_number", "tracking_url", "eta")
LINES_MAX = 10_000
SHOWN_LONGEST = 100

_ACCOUNT = QUERIES.value("account_of_card", str)


class ReportLine(NamedTuple):
    """A line of a report, by its number in the file."""

    number: int
    values: dict[str, str]


class Result(NamedTuple):
    """What came of a line: ``applied``, ``unchanged``, or ``refused`` for a reason."""

    number: int
    card: str
    outcome: str
    reason: str | None = None


@operator_verb(kind="none")
async def import_report(tx: Tx, content: bytes) -> list[Result]:
    """Take the lines of a report about cards of the acting platform, in their order.

    Refuses a file that is no such report; a bad line is refused alone.
    """
    return [await _take(tx, line) for line in list(read(content))]


def read(content: bytes) -> Iterator[ReportLine]:
    """The lines of a report; refuses what is no CSV with its columns."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        fail(refusals.BUREAU_REPORT_INVALID, param="file", reason="it is not UTF-8")
    if "\0" in text:
        fail(refusals.BUREAU_REPORT_INVALID, param="file", reason="it has a NUL character")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = _header(row)
                continue
            if reader.line_num > LINES_MAX:
                reason = f"it has more than {LINES_MAX} lines"
                fail(refusals.BUREAU_REPORT_INVALID, param="file", reason=reason)
            cells = [cell.strip() for cell in row]
            # What is too long or too short for the header is refused with the line.
            surplus = {"": "surplus"} if len(cells) != len(header) else {}
            values = dict(zip(header, cells, strict=False)) | surplus
            yield ReportLine(reader.line_num, values)
    except csv.Error as error:
        reason = f"line {reader.line_num}: {error}"
        fail(refusals.BUREAU_REPORT_INVALID, param="file", reason=reason)
    if header is None:
        fail(refusals.BUREAU_REPORT_INVALID, param="file", reason="it is empty")


def summary(results: list[Result], *, livemode: bool) -> Body:
    """What came of a report, for whoever sent it."""
    refused = [result for result in results if result.outcome == "refused"]
    counts = {
        outcome: sum(result.outcome == outcome for result in results)
        for outcome in ("applied", "unchanged")
    }
    return {
        "object": "card_bureau_report",
        "livemode": livemode,
        **counts,
        "refused": [
            {"line": result.number, "card": result.card, "reason": result.reason}
            for result in refused
        ],
    }


async def _take(tx: Tx, line: ReportLine) -> Result:
    card_id = line.values.get("card", "")[:SHOWN_LONGEST]
    emitted = len(tx.emissions)
    # A refused line leaves nothing behind, and the lines around it stay.
    await tx.connection.execute("SAVEPOINT bureau_line")
    try:
        outcome = await _apply(tx, card_id, report_of(line.values))
    except Failure as refused:
        await tx.connection.execute(
            "ROLLBACK TO SAVEPOINT bureau_line; RELEASE SAVEPOINT bureau_line"
        )
        del tx.emissions[emitted:]
        return Result(line.number, card_id, "refused", refused.message)
    await tx.connection.execute("RELEASE SAVEPOINT bureau_line")
    return Result(line.number, card_id, outcome)


async def _apply(tx: Tx, card_id: str, report: ShippingReport) -> str:
    account_id = await _ACCOUNT(tx.connection, platform_id=tx.account_id, card=card_id)
    owner = None if account_id is None else await acting(tx, account_id, closed=True)
    if owner is None:
        fail(refusals.BUREAU_CARD_UNKNOWN, param="card", card=card_id)
    before = await rows.lock(owner, Card, card_id)
    assert before.shipping is not None, f"{card_id} was given to the bureau"
    if shipping_rules.has_passed(before.shipping, report.status):
        return "unchanged"
    after = await shipping.report(owner, card_id, report)
    return "unchanged" if after.shipping == before.shipping else "applied"


def report_of(values: dict[str, str]) -> ShippingReport:
    """A line as what it says of a card; refuses what it cannot say."""
    if "" in values:
        fail(refusals.BUREAU_LINE_COLUMNS)
    for name in NEEDED:
        if not values[name]:
            fail(refusals.BUREAU_LINE_INCOMPLETE, column=name)
    status = STATUSES.get(values["status"])
    if status is None:
        fail(
            refusals.BUREAU_LINE_STATUS, statuses=", ".join(STATUSES), status=values["status"][:50]
        )
    given: dict[str, Any] = {name: text for name, text in values.items() if text and name != "card"}
    given["status"] = status
    if "eta" in given:
        given["eta"] = _day(given["eta"])
    return parser(ShippingReport, "c", "v1", LATEST, form=True)(given).value()


def _day(text: str) -> str:
    """A day as seconds, at its beginning in UTC."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        fail(refusals.BUREAU_LINE_ETA, eta=text[:50])
    return str(int(day.timestamp()))


def _header(row: list[str]) -> list[str]:
    names = [cell.strip() for cell in row]
    unknown = [name for name in names if name not in COLUMNS]
    missing = [name for name in NEEDED if name not in names]
    if unknown or missing or len(set(names)) != len(names):
        known = ", ".join(COLUMNS)
        reason = f"its first line must name columns, each once: {known} (the first two are needed)"
        fail(refusals.BUREAU_REPORT_INVALID, param="file", reason=reason)
    return names
