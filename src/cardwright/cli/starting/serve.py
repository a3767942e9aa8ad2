"""``cardwright serve``."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cardwright.cli import options
from cardwright.kernel.startup import StartError
from cardwright.roles import server
from cardwright.settings import COUNTRY, HOST, PORT, Settings


def say(sentence: str) -> None:
    """Print at once, also into a pipe; a server that nobody listens to any more goes on."""
    try:
        print(sentence, flush=True)
    except OSError:
        # The reader of the pipe, or the terminal, is gone: from now on into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def serve(
    *,
    host: Annotated[str, Parameter(env_var="CARDWRIGHT_HOST")] = HOST,
    port: Annotated[int, Parameter(env_var="CARDWRIGHT_PORT")] = PORT,
    data_dir: options.DataDirectory = None,
    blob_dir: options.BlobDirectory = None,
    blob_url: options.BlobUrl = None,
    database_url: options.DatabaseUrl = None,
    ephemeral: Annotated[bool, Parameter(env_var="CARDWRIGHT_EPHEMERAL", negative="")] = False,
    country: options.Country = COUNTRY,
    clock: Annotated[str | None, Parameter(env_var="CARDWRIGHT_CLOCK")] = None,
    webhook_retries: options.WebhookRetries = "documented",
    live_networks: options.LiveNetworks = None,
    public_url: options.PublicUrl = None,
    authorization_webhook_url: options.AuthorizationWebhookUrl = None,
    authorization_webhook_timeout_default: options.TimeoutDefault = None,
) -> None:
    """Start the server: embedded PostgreSQL, the API on one port, and the loops beside it.

    CARDWRIGHT_SECRET_KEY and CARDWRIGHT_PUBLISHABLE_KEY preset the test keys of a first start,
    CARDWRIGHT_VAULT_KEY replaces the key file in the data directory. CARDWRIGHT_SMTP_URL, such as
    smtp://user:password@host:587, names the server that sends emails.
    CARDWRIGHT_AUTHORIZATION_WEBHOOK_SECRET presets what questions about payments are signed with.

    Parameters
    ----------
    host
        The address to listen on.
    port
        The port to listen on; 0 is any free one.
    ephemeral
        Keep data in a temporary directory and remove it at the end.
    clock
        Put the test environment on a virtual clock that stands at this date or instant until
        `cardwright clock advance` moves it.
    """
    if ephemeral and data_dir is not None:
        raise StartError("--ephemeral makes its own data directory; leave out --data-dir.")
    directory = temporary_directory() if ephemeral else options.directory(data_dir)
    try:
        settings = Settings(
            host=host,
            port=port,
            data_directory=directory,
            blob_directory=blob_dir,
            blob_url=blob_url,
            database_url=database_url,
            secret_key=options.secret("SECRET_KEY"),
            publishable_key=options.secret("PUBLISHABLE_KEY"),
            vault_key=options.secret("VAULT_KEY"),
            ephemeral=ephemeral,
            country=country.upper(),
            clock=clock,
            webhook_retries=webhook_retries,
            live_networks=live_networks,
            public_url=public_url,
            authorization_webhook_url=authorization_webhook_url,
            authorization_webhook_timeout_default=authorization_webhook_timeout_default,
            authorization_webhook_secret=options.secret("AUTHORIZATION_WEBHOOK_SECRET"),
            smtp_url=options.secret("SMTP_URL"),
        )
        server.serve(settings, say)
        say(farewell(settings))
    finally:
        if ephemeral:
            shutil.rmtree(directory, ignore_errors=True)


def farewell(settings: Settings) -> str:
    """Where to find again what was made."""
    if settings.ephemeral:
        return "Stopped."
    if settings.database_url:
        return f"Stopped. Keys and files are kept in {settings.data_directory}."
    return f"Stopped. Data is kept in {settings.data_directory}."


def temporary_directory() -> Path:
    """A private directory; the user who runs a root server's PostgreSQL may pass through."""
    made = Path(tempfile.mkdtemp(prefix="cardwright-"))
    if os.geteuid() == 0:
        made.chmod(0o711)
    return made
