"""``cardwright agreements`` and ``cardwright terms``."""

import re
from typing import Annotated

from cyclopts import App, Parameter

from cardwright.accounts.agreement_records import Agreement
from cardwright.accounts.agreements import NAME, Publication, TermsVersion, publish
from cardwright.cli import options
from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.tables import Columns, Json, instant, line, table
from cardwright.cli.transaction import Said, account_of, as_platform, working
from cardwright.kernel.clock import SECOND_MS, parse_rfc3339, rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.wire import pages
from cardwright.wire.resource import Timestamp

terms = App(name="terms")

AGREEMENTS: Columns[Agreement] = {
    "created": lambda agreement: instant(agreement.created),
    "kind": lambda agreement: agreement.kind,
    "agreement": lambda agreement: agreement.agreement,
    "subject": lambda agreement: agreement.subject,
    "version": lambda agreement: agreement.version,
    "accepted": lambda agreement: str(agreement.date),
    "ip": lambda agreement: agreement.ip,
    "user_agent": lambda agreement: agreement.user_agent,
    "request": lambda agreement: agreement.request,
    "key": lambda agreement: agreement.key,
    "reason": lambda agreement: agreement.reason,
}
TERMS: Columns[TermsVersion] = {
    "published": lambda version: rfc3339(version.published_ms),
    "agreement": lambda version: version.agreement,
    "version": lambda version: version.version,
    "url": lambda version: version.url,
}


@as_platform
async def agreements(tx: Tx, account: options.Account, *, json: Json = False) -> Said:
    """Show what an account accepted, when and from where, newest first."""
    at = await account_of(tx, account, closed=True)
    request = pages.PageRequest(limit=options.LISTED_MAX)
    page = await pages.list_page(tx.connection, Agreement, at.account_id, None, request)
    return table(page.data, AGREEMENTS, json=json, more=page.has_more, none="Nothing was accepted.")


@terms.command(name="list")
@as_platform
async def list_terms(tx: Tx, *, json: Json = False) -> Said:
    """List the published versions of terms, newest first."""
    request = pages.PageRequest(limit=options.LISTED_MAX)
    page = await pages.list_page(tx.connection, TermsVersion, tx.account_id, None, request)
    return table(page.data, TERMS, json=json, more=page.has_more, none="No terms were published.")


@terms.command(name="publish")
@working
async def publish_terms(
    agreement: Annotated[str, Parameter(help="Such as terms_of_service.account.")],
    version: str,
    *,
    published: str | None = None,
    url: str | None = None,
    platform: Platform = PLATFORM,
) -> Said:
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
    async with platform.transaction() as tx:
        made = await publish(tx, wanted)
    return line(made, TERMS)
