"""``cardwright bureau``: files for who makes physical cards, and what became of the cards."""

from pathlib import Path

from cyclopts import App

from cardwright.bureau import exporting, statuses
from cardwright.bureau.model import BureauFile
from cardwright.cli import acting, options
from cardwright.kernel.clock import SECOND_MS, rfc3339
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.wire import pages

app = App(name="bureau")


@app.command
def key(
    public_key: Path,
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Encrypt files to the bureau's public key from now on.

    Parameters
    ----------
    public_key
        A file with an RSA public key in PEM.
    """
    pem = _read(public_key).decode("ascii", "replace")

    async def work(tx: Tx) -> str:
        return await exporting.set_key(tx, pem)

    print(f"key: {acting.as_platform(work, live, data_dir, database_url)}")


@app.command
def export(
    *,
    to: Path,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Write the cards that wait to be made into a new file; they are submitted then.

    Parameters
    ----------
    to
        Where the file is written; only the bureau can read what is in it.
    """
    if to.exists():
        raise StartError(f"{to} exists already.")

    async def work(tx: Tx) -> tuple[BureauFile, str]:
        made = await exporting.export(tx)
        return made, await exporting.content_of(tx, made.id)

    made, text = acting.as_platform(work, live, data_dir, database_url)
    print(f"{made.id}: {made.count} cards")
    # Only now is it certain that no other file will have the same cards.
    _write(to, text)


@app.command
def write(
    bureau_file: options.BureauFile,
    *,
    to: Path,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Write a file that was made before once more; do not have its cards made twice."""

    async def work(tx: Tx) -> str:
        return await exporting.content_of(tx, bureau_file)

    _write(to, acting.as_platform(work, live, data_dir, database_url))


@app.command(name="list")
def list_files(
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """List the files that were made, newest first."""

    async def work(tx: Tx) -> list[str]:
        asked = pages.PageRequest(limit=options.LISTED_MAX)
        page = await pages.list_page(tx.connection, BureauFile, tx.account_id, None, asked)
        lines = [
            f"{one.id}  {rfc3339(one.created * SECOND_MS)}  {one.count} cards  key {one.key_id}"
            for one in page.data
        ]
        return options.listed(lines, more=page.has_more, none="No file was made yet.")

    print(*acting.as_platform(work, live, data_dir, database_url), sep="\n")


@app.command(name="import")
def import_report(
    report: Path,
    *,
    live: options.Live = False,
    data_dir: options.DataDirectory = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Take what the bureau reports of its cards; a line that was taken before changes nothing.

    Parameters
    ----------
    report
        CSV with the columns card, status, carrier, tracking_number, tracking_url, eta.
    """
    content = _read(report)

    async def work(tx: Tx) -> list[statuses.Result]:
        return await statuses.import_report(tx, content)

    results = acting.as_platform(work, live, data_dir, database_url)
    told = [result.outcome for result in results]
    print(f"applied: {told.count('applied')}  unchanged: {told.count('unchanged')}")
    refused = [result for result in results if result.outcome == "refused"]
    for result in refused:
        print(f"line {result.number}: {result.card}: {result.reason}")
    if refused:
        raise StartError(f"{len(refused)} lines were refused; the others were taken.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StartError(f"{path} cannot be read: {error.strerror}.") from None


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x") as file:
            file.write(text)
    except OSError as error:
        reason = "The file is kept: write it with `cardwright bureau write`."
        raise StartError(f"{error}. {reason}") from None
