"""``cardwright compliance``: close issuing for an account, open it again, look at cases."""

from typing import Any

import msgspec
from cyclopts import App

from cardwright.cli import options
from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.tables import Columns, Json, instant, line, table
from cardwright.cli.transaction import Said, as_platform, connected_account, working
from cardwright.compliance import cases as case_flows
from cardwright.compliance import closures
from cardwright.compliance import settings as compliance_settings
from cardwright.compliance.api import GivenReason
from cardwright.compliance.model import CaseStatus, ComplianceCase
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.wire import pages

app = App(name="compliance")

CASES: Columns[ComplianceCase] = {
    "id": lambda case: case.id,
    "status": lambda case: case.status,
    "account": lambda case: case.account,
    "kind": lambda case: case.kind,
    "created": lambda case: instant(case.created),
    "evidence": lambda case: ", ".join(_evidence(case)),
}


@app.command
@as_platform
async def close(
    tx: Tx, account: options.Account, *, note: str, reason: GivenReason = "terms_of_service"
) -> Said:
    """Close issuing for an account: the capability goes off, cards are deactivated, the account is
    told.

    Parameters
    ----------
    note
        What was found; the account reads it.
    reason
        Why: the terms were violated, or an answer about the business is missing.
    """
    closure = await closures.close_issuing(await connected_account(tx, account), reason, note)
    cards = f"{len(closure.cards)} cards deactivated"
    return f"{closure.id}  closed  {account}  {reason}, {cards}, notice {closure.notice}"


@app.command
@as_platform
async def reinstate(
    tx: Tx, account: options.Account, *, restore_cards: options.Flag = False
) -> Said:
    """Open issuing for an account again.

    Parameters
    ----------
    restore_cards
        Activate the cards again that were deactivated with the closing.
    """
    at = await connected_account(tx, account)
    closure = await closures.reinstate(at, restore_cards=restore_cards)
    return f"{closure.id}  lifted  {account}"


@app.command
@as_platform
async def cases(
    tx: Tx, *, status: CaseStatus = "open", account: str | None = None, json: Json = False
) -> Said:
    """List the cases that the watch over card spend opened, newest first.

    Parameters
    ----------
    status
        The status of the cases.
    account
        The account that the cases are about.
    """
    page = await pages.list_page(
        tx.connection,
        ComplianceCase,
        tx.account_id,
        None,
        pages.PageRequest(limit=options.LISTED_MAX),
        owner="platform_id",
        fixed={"status": status, "account": account},
    )
    none = f"No case has the status {status}."
    return table(page.data, CASES, json=json, more=page.has_more, none=none)


@app.command
@as_platform
async def dismiss(tx: Tx, case: str, *, note: str | None = None) -> Said:
    """Dismiss a case: the same payments open no other one.

    Parameters
    ----------
    case
        The case.
    note
        Why nothing is wrong, for the file.
    """
    return line(await case_flows.dismiss(tx, case, note), CASES)


@app.command
@working
async def settings(
    *,
    window_days: int | None = None,
    prohibited_minor: int | None = None,
    cross_border_percent: int | None = None,
    cross_border_payments: int | None = None,
    platform: Platform = PLATFORM,
) -> Said:
    """Show or change when a case is opened.

    Parameters
    ----------
    window_days
        How many days of card spend are looked at.
    prohibited_minor
        From which amount with prohibited businesses, in minor units.
    cross_border_percent
        From which part of the spend abroad.
    cross_border_payments
        From how many payments abroad.
    """
    changes: dict[str, Any] = {
        name: value
        for name, value in {
            "window_days": window_days,
            "prohibited_minor": prohibited_minor,
            "cross_border_percent": cross_border_percent,
            "cross_border_payments": cross_border_payments,
        }.items()
        if value is not None
    }
    if any(value < 1 for value in changes.values()) or (cross_border_percent or 0) > 100:
        raise StartError("Each number is at least 1, and a part of the spend at most 100.")
    async with platform.transaction() as tx:
        found = await compliance_settings.configure(tx, changes)
    shown: dict[str, Any] = msgspec.to_builtins(found)
    codes = shown.pop("prohibited")
    lines = [f"{name}: {value}" for name, value in shown.items()]
    return lines + [f"{kind}: {' '.join(codes[kind])}" for kind in sorted(codes)]


def _evidence(case: ComplianceCase) -> list[str]:
    """What was found, in words."""
    found = [
        f"{one.kind} {one.category_code}: {one.payments} for {one.amount} {one.currency}"
        for one in case.evidence.categories
    ]
    abroad = case.evidence.abroad
    return found + [f"{one.percent} % of {one.total} {one.currency} abroad" for one in abroad]
