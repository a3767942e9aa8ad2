"""``cardwright agreements`` and ``cardwright terms``."""

import re
from typing import Annotated

from cyclopts import App, Parameter

from cardwright.accounts.agreement_records import Agreement
from cardwright.accounts.operations.agreements import NAME, Publication, TermsVersion, publish
from cardwright.accounts.record.acting import acting as acting_as
from cardwright.cli import acting, options
from cardwright.kernel.clock import SECOND_MS, parse_rfc3339, rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.wire import pages
from cardwright.wire.resource import Timestamp

terms = App(name="terms")


def agreements(
    account: options.Account,
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Show what an account accepted, when and from where, newest first."""

    async def work(tx: Tx) -> list[str]:
        at = await acting_as(tx, account, closed=True)
        if at is None:
            raise StartError(f"There is no account {account}.")
        request = pages.PageRequest(limit=options.LISTED_MAX)
        page = await pages.list_page(tx.connection, Agreement, at.account_id, None, request)
        return [line(one) for one in page.data] or ["Nothing was accepted."]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


def line(agreement: Agreement) -> str:
    """A row of the record on one line."""
    parts = [
        rfc3339(agreement.created * SECOND_MS),
        agreement.kind,
        agreement.agreement,
        f"by {agreement.subject}",
        f"version {agreement.version or 'unknown'}",
        f"accepted {agreement.date}",
        f"from {agreement.ip}",
        agreement.user_agent and f"with {agreement.user_agent}",
        agreement.request and f"in {agreement.request}",
        agreement.key and f"key {agreement.key}",
        agreement.reason and f"because {agreement.reason}",
    ]
    return "  ".join(part for part in parts if part)


@terms.command(name="list")
def list_terms(
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List the published versions of terms, newest first."""

    async def work(tx: Tx) -> list[str]:
        request = pages.PageRequest(limit=options.LISTED_MAX)
        page = await pages.list_page(tx.connection, TermsVersion, tx.account_id, None, request)
        return [terms_line(one) for one in page.data] or ["No terms were published."]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@terms.command(name="publish")
def publish_terms(
    agreement: Annotated[str, Parameter(help="Such as terms_of_service.account.")],
    version: str,
    *,
    published: str | None = None,
    url: str | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Put a version of terms in force: acceptances from then on are recorded with it.

    Parameters
    ----------
    version
        What you call it.
    published
        From when it is in force (2026-01-31T00:00:00Z); now unless it is given.
    url
        Where it can be read.
    """
    if not re.fullmatch(NAME, agreement) or not 0 < len(version) <= 100:
        raise StartError("An agreement is named like terms_of_service.account, a version briefly.")
    try:
        at = None if published is None else Timestamp(parse_rfc3339(published) // SECOND_MS)
    except ValueError:
        raise StartError(f"{published} is not an instant like 2026-01-31T00:00:00Z.") from None
    wanted = Publication(agreement=agreement, version=version, published=at, url=url)

    async def work(tx: Tx) -> list[str]:
        return [terms_line(await publish(tx, wanted))]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


def terms_line(version: TermsVersion) -> str:
    """A version on one line."""
    parts = [rfc3339(version.published_ms), version.agreement, version.version, version.url]
    return "  ".join(part for part in parts if part)
