"""``cardwright bureau``: files for who makes physical cards, and what became of the cards."""

from pathlib import Path

from cyclopts import App

from cardwright.bureau import exporting, statuses
from cardwright.bureau.model import BureauFile
from cardwright.cli import local_files, options
from cardwright.cli.installation import PLATFORM, Platform
from cardwright.cli.tables import Columns, Json, instant, table
from cardwright.cli.transaction import Said, as_platform, say, working
from cardwright.kernel.database import Tx
from cardwright.kernel.startup import StartError
from cardwright.wire import pages

app = App(name="bureau")

KEPT = "The file is kept: write it with `cardwright bureau write`."

FILES: Columns[BureauFile] = {
    "id": lambda file: file.id,
    "created": lambda file: instant(file.created),
    "cards": lambda file: file.count,
    "key": lambda file: file.key_id,
}


@app.command
@working
async def key(public_key: Path, *, platform: Platform = PLATFORM) -> Said:
    """Encrypt files to the bureau's public key from now on.

    Parameters
    ----------
    public_key
        A file with an RSA public key in PEM.
    """
    pem = local_files.read(public_key).decode("ascii", "replace")
    async with platform.transaction() as tx:
        return f"key: {await exporting.set_key(tx, pem)}"


@app.command
@working
async def export(*, to: Path, platform: Platform = PLATFORM) -> None:
    """Write the cards that wait to be made into a new file; they are submitted then.

    Parameters
    ----------
    to
        Where the file is written; only the bureau can read what is in it.
    """
    local_files.refuse_existing(to)
    async with platform.transaction() as tx:
        made = await exporting.export(tx)
        text = await exporting.content_of(tx, made.id)
    say(f"{made.id}: {made.count} cards")
    # Only now is it certain that no other file will have the same cards.
    local_files.write_new(to, text, otherwise=KEPT)


@app.command
@as_platform
async def write(tx: Tx, bureau_file: options.BureauFile, *, to: Path) -> None:
    """Write a file that was made before once more; do not have its cards made twice."""
    text = await exporting.content_of(tx, bureau_file)
    local_files.write_new(to, text, otherwise=KEPT)


@app.command(name="list")
@as_platform
async def list_files(tx: Tx, *, json: Json = False) -> Said:
    """List the files that were made, newest first."""
    asked = pages.PageRequest(limit=options.LISTED_MAX)
    page = await pages.list_page(tx.connection, BureauFile, tx.account_id, None, asked)
    return table(page.data, FILES, json=json, more=page.has_more, none="No file was made yet.")


@app.command(name="import")
@working
async def import_report(report: Path, *, platform: Platform = PLATFORM) -> None:
    """Take what the bureau reports of its cards; a line that was taken before changes nothing.

    Parameters
    ----------
    report
        CSV with the columns card, status, carrier, tracking_number, tracking_url, eta.
    """
    content = local_files.read(report)
    async with platform.transaction() as tx:
        results = await statuses.import_report(tx, content)
    outcomes = [result.outcome for result in results]
    refused = [result for result in results if result.outcome == "refused"]
    say(
        [
            f"applied: {outcomes.count('applied')}  unchanged: {outcomes.count('unchanged')}",
            *(f"line {result.number}: {result.card}: {result.reason}" for result in refused),
        ]
    )
    if refused:
        raise StartError(f"{len(refused)} lines were refused; the others were taken.")
