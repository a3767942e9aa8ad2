"""``cardwright verifications`` and ``cardwright verification-provider``."""

from typing import Annotated

from cyclopts import App, Parameter
from msgspec import UNSET

from cardwright.accounts import reviewing
from cardwright.accounts.operations.verification_provider import configure
from cardwright.accounts.requirements.error_words import ERROR_WORDS
from cardwright.accounts.verification.cases import Status, VerificationCase
from cardwright.accounts.verification.providers import chosen
from cardwright.cli import options
from cardwright.cli.tables import Columns, Json, instant, line, table
from cardwright.cli.transaction import Said, as_platform
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.tenancy import platforms
from cardwright.tenancy.platforms import Verifier
from cardwright.wire import pages

app = App(name="verifications")


COLUMNS: Columns[VerificationCase] = {
    "id": lambda case: case.id,
    "status": lambda case: case.status,
    "kind": lambda case: case.kind,
    "subject": lambda case: case.subject,
    "account": lambda case: case.account,
    "created": lambda case: instant(case.created),
    "code": lambda case: case.code,
}


def known(_type: object, code: str | None) -> None:
    """Refuse a code that no requirement error has."""
    if code is not None and code not in ERROR_WORDS:
        raise StartError(f"{code} is not the code of a requirement error.")


WRONG = Parameter(help="What is wrong, as the code of a requirement error.", validator=known)


@app.command(name="list")
@as_platform
async def list_cases(
    tx: Tx, *, status: Status = "needs_review", account: str | None = None, json: Json = False
) -> Said:
    """List verification cases, newest first; those that wait for you unless you say otherwise.

    Parameters
    ----------
    status
        The status of the cases.
    account
        The account that the cases are about.
    """
    page = await pages.list_page(
        tx.connection,
        VerificationCase,
        tx.account_id,
        None,
        pages.PageRequest(limit=options.LISTED_MAX),
        owner="platform_id",
        fixed={"status": status, "account": account},
    )
    none = f"No case has the status {status}."
    return table(page.data, COLUMNS, json=json, more=page.has_more, none=none)


@app.command
@as_platform
async def show(tx: Tx, case: options.Case, *, reveal: options.Flag = False) -> Said:
    """Show a case and the values it is about.

    Parameters
    ----------
    reveal
        Show an id number whole.
    """
    at, found = await reviewing.find_case(tx, case)
    values_of = reviewing.reveal_values if reveal else reviewing.masked_values
    values = await values_of(at, found)
    shown = reviewing.shown(found)
    lines = [f"{name}: {value}" for name, value in shown.items() if value is not None]
    if values is None:
        return [*lines, "values: changed since"]
    return [*lines, *(f"values.{name}: {value}" for name, value in values.items() if value)]


@app.command
@as_platform
async def approve(tx: Tx, *cases: options.Ids) -> Said:
    """Approve the values of cases; all of them or, when one is refused, none."""
    return [line(await reviewing.approve(tx, case), COLUMNS) for case in cases]


@app.command
@as_platform
async def reject(tx: Tx, case: options.Case, code: Annotated[str, WRONG]) -> Said:
    """Reject the values of a case."""
    return line(await reviewing.reject(tx, case, code), COLUMNS)


@app.command
@as_platform
async def request_document(
    tx: Tx, case: options.Case, *, code: Annotated[str | None, WRONG] = None
) -> Said:
    """Ask for a document in the place of the values of a case."""
    return line(await reviewing.request_document(tx, case, code), COLUMNS)


@as_platform
async def verification_provider(
    tx: Tx, *, provider: Verifier | None = None, url: str | None = None
) -> Said:
    """Show or change who verifies your accounts; also beside a running server.

    Parameters
    ----------
    provider
        The operator (manual), a vendor (http), or the documented test values.
    url
        Where a vendor is asked. A new address gets a signing secret, shown this once.
    """
    secret = None
    if provider is not None or url is not None:
        secret = await configure(tx, provider=provider or UNSET, url=url or UNSET)
    settings = await platforms.settings(tx)
    lines = [
        f"provider: {chosen(settings, livemode=tx.livemode)}",
        f"url: {settings.verification_url or 'none'}",
    ]
    return lines if secret is None else [*lines, f"signing secret: {secret}"]
