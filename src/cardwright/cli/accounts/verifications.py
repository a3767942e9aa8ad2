"""``cardwright verifications`` and ``cardwright verification-provider``."""

from typing import Any

from cyclopts import App
from msgspec import UNSET

from cardwright.accounts.operations import review_cases
from cardwright.accounts.operations.verification_provider import configure, settings_of
from cardwright.accounts.requirements.error_words import ERROR_WORDS
from cardwright.accounts.verification.cases import Status, VerificationCase
from cardwright.accounts.verification.providers import chosen
from cardwright.cli import acting, options
from cardwright.kernel.clock import SECOND_MS, rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.tenancy.platforms import Verifier
from cardwright.wire import pages

app = App(name="verifications")


@app.command(name="list")
def list_cases(
    *,
    status: Status = "needs_review",
    account: str | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List verification cases, newest first; those that wait for you unless you say otherwise.

    Parameters
    ----------
    status
        The status of the cases.
    account
        The account that the cases are about.
    """

    async def work(tx: Tx) -> list[str]:
        fixed = {"status": status, "account": account}
        page = await pages.list_page(
            tx.connection,
            VerificationCase,
            tx.account_id,
            None,
            pages.PageRequest(limit=options.LISTED_MAX),
            owner="platform_id",
            fixed=fixed,
        )
        lines = [line(case) for case in page.data]
        return options.listed(lines, more=page.has_more, none=f"No case has the status {status}.")

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def show(
    case: options.Case,
    *,
    reveal: options.Flag = False,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Show a case and the values it is about.

    Parameters
    ----------
    reveal
        Show an id number whole.
    """

    async def work(tx: Tx) -> list[str]:
        at, found = await review_cases.find_case(tx, case)
        check = await review_cases.values_of(at, found)
        shown = review_cases.shown(found)
        lines = [f"{name}: {value}" for name, value in shown.items() if value is not None]
        if check is None:
            return [*lines, "values: changed since"]
        values = check.values if reveal else review_cases.masked(check)
        return [*lines, *(f"values.{name}: {value}" for name, value in values.items() if value)]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def approve(
    *cases: options.Ids,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Approve the values of cases; all of them or, when one is refused, none."""

    async def work(tx: Tx) -> list[str]:
        return [line(await review_cases.approve(tx, case)) for case in cases]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def reject(
    case: options.Case,
    code: str,
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Reject the values of a case.

    Parameters
    ----------
    code
        What is wrong, as the code of a requirement error.
    """
    known(code)

    async def work(tx: Tx) -> list[str]:
        return [line(await review_cases.reject(tx, case, code))]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command
def request_document(
    case: options.Case,
    *,
    code: str | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Ask for a document in the place of the values of a case.

    Parameters
    ----------
    code
        What is wrong with the values, as the code of a requirement error.
    """
    known(code)

    async def work(tx: Tx) -> list[str]:
        return [line(await review_cases.request_document(tx, case, code))]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


def verification_provider(
    *,
    provider: Verifier | None = None,
    url: str | None = None,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Show or change who verifies your accounts; also beside a running server.

    Parameters
    ----------
    provider
        The operator (manual), a vendor (http), or the documented test values.
    url
        Where a vendor is asked. A new address gets a signing secret, shown this once.
    """

    async def work(tx: Tx) -> list[str]:
        secret = None
        if provider is not None or url is not None:
            secret = await configure(tx, provider=provider or UNSET, url=url or UNSET)
        settings = await settings_of(tx)
        lines = [
            f"provider: {chosen(settings, livemode=tx.livemode)}",
            f"url: {settings.verification_url or 'none'}",
        ]
        return lines if secret is None else [*lines, f"signing secret: {secret}"]

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


def line(case: VerificationCase) -> str:
    """A case on one line."""
    at = rfc3339(case.created * SECOND_MS)
    parts: list[Any] = [case.id, case.status, case.kind, case.subject, case.account, at, case.code]
    return "  ".join(str(part) for part in parts if part is not None)


def known(code: str | None) -> None:
    """Refuse a code that no requirement error has."""
    if code is not None and code not in ERROR_WORDS:
        raise StartError(f"{code} is not the code of a requirement error.")
