"""What an operator may set, by flag or by variable, and nothing else."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cardwright.kernel import data_directory
from cardwright.kernel.blob_stores import SCHEME, Bucket, Store
from cardwright.kernel.clock import EARLIEST_MS, LATEST_MS, parse_instant
from cardwright.kernel.mail import MailServer, parse_server
from cardwright.kernel.networks import Network, networks
from cardwright.kernel.startup import StartError

HOST = "127.0.0.1"
PORT = 12111
PORT_MAX = 65535
# Whose cards the test environment's own account issues.
COUNTRY = "US"

KEY_PREFIXES = {"secret_key": "sk_test_", "publishable_key": "pk_test_"}
KEY_LENGTH = 16
ADDRESS = re.compile(r"https?://([A-Za-z0-9_.\-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/?")

Retries = Literal["documented", "fast"]
TimeoutDefault = Literal["approve", "decline"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one server.

    ``blob_directory`` is where uploaded files are kept, ``blobs`` in the data directory unless it
    is set; ``blob_url`` names a bucket of object storage instead. Servers on one database share
    either. ``database_url`` names an own PostgreSQL (15 or newer) and then requires ``vault_key``;
    ``secret_key`` and ``publishable_key`` preset the test keys of a first start. Port 0 is any free
    port. ``ephemeral`` says that the data directory is removed at the end. ``country`` is whose
    cards the own account of a new test platform issues. ``clock`` puts the test environment on a
    virtual clock. ``smtp_url`` names the server that sends emails; without one
    they wait. ``webhook_retries`` chooses between the schedule of the public documentation and one
    of seconds; ``authorization_webhook_url`` is where the test platform is asked about payments,
    and ``authorization_webhook_timeout_default`` what its silence means; ``live_networks`` are
    private networks that the live environment may call. ``public_url`` are the addresses by which
    others reach the server, links being made from the first. Secrets are left out of the printed
    form.
    """

    host: str = HOST
    port: int = PORT
    data_directory: Path = field(default_factory=data_directory.default)
    blob_directory: Path | None = None
    blob_url: str | None = None
    database_url: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    publishable_key: str | None = field(default=None, repr=False)
    vault_key: str | None = field(default=None, repr=False)
    ephemeral: bool = False
    country: str = COUNTRY
    clock: str | None = None
    smtp_url: str | None = field(default=None, repr=False)
    webhook_retries: Retries = "documented"
    live_networks: str | None = None
    public_url: str | None = None
    authorization_webhook_url: str | None = None
    authorization_webhook_timeout_default: TimeoutDefault | None = None
    authorization_webhook_secret: str | None = field(default=None, repr=False)

    @property
    def mail_server(self) -> MailServer | None:
        """Where emails are handed over, if a server is named."""
        return None if self.smtp_url is None else parse_server(self.smtp_url)

    @property
    def blobs(self) -> Path:
        """Where uploaded files arrive, and are kept unless a bucket is named."""
        return (self.blob_directory or self.data_directory / "blobs").absolute()

    @property
    def blob_store(self) -> Store | None:
        """The bucket that files are kept in, if one is named."""
        return None if self.blob_url is None else Bucket(self.blob_url)

    @property
    def clock_ms(self) -> int | None:
        """The instant of the virtual clock, in milliseconds since the epoch."""
        return None if self.clock is None else parse_instant(self.clock)

    @property
    def networks(self) -> list[Network]:
        """The private networks that the live environment may call; a StartError if unreadable."""
        try:
            return networks(self.live_networks or "")
        except ValueError as error:
            raise StartError(
                "--live-networks is a list of networks, such as 10.1.0.0/16,10.2.3.4; got "
                f"{self.live_networks!r}: {error}."
            ) from None

    @property
    def public_urls(self) -> list[str]:
        """The addresses by which others reach the server; a StartError if one is none."""
        urls = [url.strip() for url in (self.public_url or "").split(",") if url.strip()]
        for url in urls:
            if not ADDRESS.fullmatch(url):
                raise StartError(
                    "--public-url is an address without a path, such as "
                    f"https://cards.example.com, or several with commas between; got {url!r}."
                )
        return urls

    def __post_init__(self) -> None:
        if not 0 <= self.port <= PORT_MAX:
            raise StartError(f"--port must be between 0 and {PORT_MAX}.")
        _ = self.networks, self.public_urls
        # Read here, for only who starts a server has settings.
        from cardwright.accounts.record.capabilities import ISSUING_COUNTRIES

        if self.country not in ISSUING_COUNTRIES:
            raise StartError(
                f"--country is where the test environment's own account issues cards, one of "
                f"{', '.join(sorted(ISSUING_COUNTRIES))}; got {self.country!r}."
            )
        try:
            clock_ms = self.clock_ms
        except ValueError:
            clock_ms = -1
        if clock_ms is not None and not EARLIEST_MS <= clock_ms <= LATEST_MS:
            raise StartError(
                f"--clock is a date, such as 2026-01-01, or an instant, such as "
                f"2026-01-01T09:00:00Z, from 2000 to 2100; got {self.clock!r}."
            )
        if self.blob_url is not None and not self.blob_url.startswith(SCHEME):
            raise StartError(f"--blob-url names a bucket, such as {SCHEME}bucket/prefix.")
        if self.database_url and not self.vault_key:
            raise StartError(
                "With --database-url the vault key must be given in CARDWRIGHT_VAULT_KEY: keep it "
                "apart from the database. `cardwright keys vault` makes one."
            )
        if self.smtp_url is not None:
            parse_server(self.smtp_url)
        secret = self.authorization_webhook_secret
        if secret is not None and not (secret.startswith("whsec_") and len(secret) >= KEY_LENGTH):
            raise StartError(
                "CARDWRIGHT_AUTHORIZATION_WEBHOOK_SECRET must begin with whsec_ and have at least "
                f"{KEY_LENGTH} characters."
            )
        for name, prefix in KEY_PREFIXES.items():
            key: str | None = getattr(self, name)
            if key and not (key.startswith(prefix) and len(key) >= KEY_LENGTH):
                raise StartError(
                    f"CARDWRIGHT_{name.upper()} must begin with {prefix} and have at least "
                    f"{KEY_LENGTH} characters."
                )
