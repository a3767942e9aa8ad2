"""The daily report of a platform: what waits, what is late, who is about to lose cards, and who
has none and why. It tells how things are now; a job that keeps it once a day makes it a history."""

import csv
import io

import msgspec

from cardwright.accounts.record.model import StatusDetail
from cardwright.accounts.requirements import issuing_closures
from cardwright.kernel import clock
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.notices import flows as notices
from cardwright.wire.versions import Body

QUERIES = load(__file__)
COLUMNS = ("section", "account", "id", "what", "since", "deadline", "detail")


class Waiting(msgspec.Struct, frozen=True):
    """An application that waits to be verified, with its account's instant."""

    account_id: str
    completed_ms: int
    due_ms: int
    now_ms: int


class Idle(msgspec.Struct, frozen=True):
    """An account that was warned that it does not use its cards."""

    account_id: str
    warned_ms: int
    closes_ms: int


class OpenCase(msgspec.Struct, frozen=True):
    """A case that somebody has to look at."""

    account_id: str
    id: str
    kind: str
    created: int


_APPLICATIONS = QUERIES.many("report_applications", Waiting)
_INACTIVE = QUERIES.many("report_inactive", Idle)
_CASES = QUERIES.many("report_cases", OpenCase)


async def report(tx: Tx) -> Body:
    """The report of the acting platform; instants are seconds, each on its account's clock."""
    key = {"platform_id": tx.account_id}
    machine_ms = clock.machine_ms()
    applications = await _APPLICATIONS(tx.connection, **key, machine_ms=machine_ms)
    return {
        "object": "compliance_report",
        "accounts_close_to_inactivity": [
            {
                "account": row.account_id,
                "closes_at": row.closes_ms // clock.SECOND_MS,
                "warned_at": row.warned_ms // clock.SECOND_MS,
            }
            for row in await _INACTIVE(tx.connection, **key)
        ],
        "accounts_restricted": [_restricted(row) for row in await issuing_closures.restricted(tx)],
        "applications_waiting": [
            {
                "account": row.account_id,
                "completed_at": row.completed_ms // clock.SECOND_MS,
                "rejected_at": row.due_ms // clock.SECOND_MS,
                "waiting_seconds": (row.now_ms - row.completed_ms) // clock.SECOND_MS,
            }
            for row in applications
        ],
        "as_of": tx.now,
        "cases_open": [
            {"account": row.account_id, "id": row.id, "kind": row.kind, "opened_at": row.created}
            for row in await _CASES(tx.connection, **key)
        ],
        "date": clock.rfc3339(tx.now_ms)[:10],
        "livemode": tx.livemode,
        "notices_unsent": [
            {
                "account": row.account_id,
                "created": row.created,
                "deadline": row.deadline,
                "email_status": row.email_status,
                "email_trouble": row.email_trouble,
                "id": row.id,
                "overdue": row.overdue,
                "reason": row.reason,
            }
            for row in await notices.unsent(tx)
        ],
    }


def _restricted(row: issuing_closures.Restricted) -> Body:
    details = msgspec.json.decode(row.details, type=list[StatusDetail])
    return {
        "account": row.account_id,
        "capability": row.path,
        "closure": row.closure,
        "codes": [detail.code for detail in details],
        "reason": row.closure_reason,
        "status": row.status,
    }


def as_csv(found: Body) -> str:
    """The report as one table, a line for each thing that is in it; instants are RFC 3339."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    for one in found["applications_waiting"]:
        table.writerow(
            {
                "section": "application_waiting",
                "account": one["account"],
                "since": _at(one["completed_at"]),
                "deadline": _at(one["rejected_at"]),
                "detail": f"{one['waiting_seconds']} s",
            }
        )
    for one in found["notices_unsent"]:
        late = "overdue" if one["overdue"] else one["email_status"] or "to be sent"
        table.writerow(
            {
                "section": "notice_unsent",
                "account": one["account"],
                "id": one["id"],
                "what": one["reason"],
                "since": _at(one["created"]),
                "deadline": _at(one["deadline"]),
                "detail": f"{late}: {one['email_trouble']}" if one["email_trouble"] else late,
            }
        )
    for one in found["accounts_close_to_inactivity"]:
        table.writerow(
            {
                "section": "close_to_inactivity",
                "account": one["account"],
                "since": _at(one["warned_at"]),
                "deadline": _at(one["closes_at"]),
            }
        )
    for one in found["accounts_restricted"]:
        table.writerow(
            {
                "section": "restricted",
                "account": one["account"],
                "id": one["closure"] or "",
                "what": one["capability"],
                "detail": " ".join([*one["codes"], one["reason"] or ""]).strip(),
            }
        )
    for one in found["cases_open"]:
        table.writerow(
            {
                "section": "case_open",
                "account": one["account"],
                "id": one["id"],
                "what": one["kind"],
                "since": _at(one["opened_at"]),
            }
        )
    return out.getvalue()


def _at(seconds: int | None) -> str:
    return "" if seconds is None else clock.rfc3339(seconds * clock.SECOND_MS)
