"""The options that several commands share, each with its variable."""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from cardwright.kernel import data_directory

DataDirectory = Annotated[
    Path | None,
    Parameter(
        env_var="CARDWRIGHT_DATA_DIR",
        help="Where data is kept; the default is /var/lib/cardwright for root, else the user's "
        "data folder.",
    ),
]
BlobDirectory = Annotated[
    Path | None,
    Parameter(
        env_var="CARDWRIGHT_BLOB_DIR",
        help="Where uploaded files are kept; the default is blobs in the data directory. Servers "
        "on one database share one.",
    ),
]
BlobUrl = Annotated[
    str | None,
    Parameter(
        env_var="CARDWRIGHT_BLOB_URL",
        help="A bucket that uploaded files are kept in instead, such as s3://bucket/prefix.",
    ),
]
DatabaseUrl = Annotated[
    str | None,
    Parameter(
        env_var="CARDWRIGHT_DATABASE_URL",
        help="A PostgreSQL of your own, 15 or newer; needs CARDWRIGHT_VAULT_KEY.",
    ),
]
Flag = Annotated[bool, Parameter(negative="")]
Account = Annotated[str, Parameter(help="The connected account.")]
BureauFile = Annotated[str, Parameter(help="The id of the file.")]
Card = Annotated[str, Parameter(help="The card.")]
Cardholder = Annotated[str, Parameter(help="The cardholder.")]
Case = Annotated[str, Parameter(help="The verification case.")]
Currency = Annotated[str, Parameter(help="In three letters, such as gbp.")]
Design = Annotated[str, Parameter(help="The design.")]
Dispute = Annotated[str, Parameter(help="The dispute.")]
Event = Annotated[str, Parameter(help="The id of the event, evt_...")]
Line = Annotated[str, Parameter(help="The id of the line.")]
Payment = Annotated[str, Parameter(help="The id of the payment.")]
Owner = Annotated[
    str | None, Parameter(help="The connected account that owns it, instead of the platform.")
]
PaymentFile = Annotated[str, Parameter(help="The id of the file.")]
PendingTransfer = Annotated[str, Parameter(help="The id of what is set aside.")]
Program = Annotated[str, Parameter(help="The program.")]
Screening = Annotated[str, Parameter(help="The search of a watchlist.")]
Transfer = Annotated[str, Parameter(help="The id of the transfer, txn_...")]
# A command that takes several ids does nothing without one, so it asks for one.
Ids = Annotated[str, Parameter(required=True, help="One id or several.")]
Live = Annotated[
    bool, Parameter(negative="", help="The platform of live mode instead of the test platform.")
]
Country = Annotated[
    str,
    Parameter(
        env_var="CARDWRIGHT_COUNTRY",
        help="Whose cards the own account of a new test environment issues: US, GB or a euro "
        "country.",
    ),
]
LiveNetworks = Annotated[
    str | None,
    Parameter(
        env_var="CARDWRIGHT_LIVE_NETWORKS",
        help="Private networks that webhooks of live mode may go to, such as 10.1.0.0/16,10.2.3.4.",
    ),
]
WebhookRetries = Annotated[
    Literal["documented", "fast"],
    Parameter(
        env_var="CARDWRIGHT_WEBHOOK_RETRIES",
        help="When a webhook that failed is tried again: over hours and days as documented, or "
        "fast, within seconds.",
    ),
]
PublicUrl = Annotated[
    str | None,
    Parameter(
        env_var="CARDWRIGHT_PUBLIC_URL",
        help="The address by which others reach the server, such as https://cards.example.com: it "
        "answers to that name, and links are made from it. Of several, with commas between, from "
        "the first.",
    ),
]
# How many rows a command lists at most.
LISTED_MAX = 100

AuthorizationWebhookUrl = Annotated[
    str | None,
    Parameter(
        env_var="CARDWRIGHT_AUTHORIZATION_WEBHOOK_URL",
        help="Where the test platform is asked about card payments, from this start on.",
    ),
]
TimeoutDefault = Annotated[
    Literal["approve", "decline"] | None,
    Parameter(
        env_var="CARDWRIGHT_AUTHORIZATION_WEBHOOK_TIMEOUT_DEFAULT",
        help="What it means when no answer comes within two seconds.",
    ),
]


def directory(given: Path | None) -> Path:
    """The data directory that was given, or the default one."""
    return (given or data_directory.default()).absolute()


def secret(name: str) -> str | None:
    """A secret setting: only ever a variable, because a flag is seen by every user."""
    return os.environ.get(f"CARDWRIGHT_{name}") or None


def warn(sentence: str) -> None:
    """Tell the operator without disturbing the output of the command."""
    print(sentence, file=sys.stderr, flush=True)
