"""``cardwright compliance``: close issuing for an account, open it again, look at cases."""

from typing import Any

import msgspec
from cyclopts import App

from cardwright.accounts.record.acting import acting as acting_as
from cardwright.cli import acting, options
from cardwright.compliance import cases as case_flows
from cardwright.compliance import closures
from cardwright.compliance import settings as compliance_settings
from cardwright.compliance.api import GivenReason
from cardwright.compliance.model import CaseStatus, ComplianceCase
from cardwright.kernel.clock import SECOND_MS, rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.wire import pages

app = App(name="compliance")


@app.command
def close(
    account: str,
    *,
    note: str,
    reason: GivenReason = "terms_of_service",
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Close issuing for an account: the capability goes off, cards are deactivated, the account is
    told.

    Parameters
    ----------
    account
        The connected account.
    note
        What was found; the account reads it.
    reason
        Why: the terms were violated, or an answer about the business is missing.
    """

    async def work(tx: Tx) -> list[str]:
        at = await named(tx, account)
        closure = await closures.close_issuing(at, reason, note)
        cards = f"{len(closure.cards)} cards deactivated"
        return [f"{closure.id}  closed  {account}  {reason}, {cards}, notice {closure.notice}"]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def reinstate(
    account: str,
    *,
    restore_cards: options.Flag = False,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Open issuing for an account again.

    Parameters
    ----------
    account
        The connected account.
    restore_cards
        Activate the cards again that were deactivated with the closing.
    """

    async def work(tx: Tx) -> list[str]:
        at = await named(tx, account)
        closure = await closures.reinstate(at, restore_cards=restore_cards)
        return [f"{closure.id}  lifted  {account}"]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def cases(
    *,
    status: CaseStatus = "open",
    account: str | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List the cases that the watch over card spend opened, newest first.

    Parameters
    ----------
    status
        The status of the cases.
    account
        The account that the cases are about.
    """

    async def work(tx: Tx) -> list[str]:
        page = await pages.list_page(
            tx.connection,
            ComplianceCase,
            tx.account_id,
            None,
            pages.PageRequest(limit=options.LISTED_MAX),
            owner="platform_id",
            fixed={"status": status, "account": account},
        )
        return options.listed(
            map(line, page.data), more=page.has_more, none=f"No case has the status {status}."
        )

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def dismiss(
    case: str,
    *,
    note: str | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Dismiss a case: the same payments open no other one.

    Parameters
    ----------
    case
        The case.
    note
        Why nothing is wrong, for the file.
    """

    async def work(tx: Tx) -> list[str]:
        return [line(await case_flows.dismiss(tx, case, note))]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def settings(
    *,
    window_days: int | None = None,
    prohibited_minor: int | None = None,
    cross_border_percent: int | None = None,
    cross_border_payments: int | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
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

    async def work(tx: Tx) -> list[str]:
        found = await compliance_settings.configure(tx, changes)
        shown: dict[str, Any] = msgspec.to_builtins(found)
        codes = shown.pop("prohibited")
        lines = [f"{name}: {value}" for name, value in shown.items()]
        return lines + [f"{kind}: {' '.join(codes[kind])}" for kind in sorted(codes)]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


def line(case: ComplianceCase) -> str:
    """A case on one line."""
    evidence = case.evidence
    found = [
        f"{one.kind} {one.category_code}: {one.payments} for {one.amount} {one.currency}"
        for one in evidence.categories
    ]
    found += [f"{one.percent} % of {one.total} {one.currency} abroad" for one in evidence.abroad]
    opened = rfc3339(case.created * SECOND_MS)
    return f"{case.id}  {case.status}  {case.account}  {case.kind} since {opened}: " + ", ".join(
        found
    )


async def named(tx: Tx, account_id: str) -> Tx:
    """The transaction acting as an account of the platform."""
    at = await acting_as(tx, account_id)
    if at is None or account_id == tx.account_id:
        raise StartError(f"There is no account {account_id}.")
    return at
