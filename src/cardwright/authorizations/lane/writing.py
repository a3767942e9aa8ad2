"""What a batch is about to write: columns of arrays for one statement."""

from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import msgspec

from cardwright.authorizations.decision.spending import Counter
from cardwright.authorizations.lane.columns import packed
from cardwright.authorizations.model import Authorization
from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load
from cardwright.ledger.chart import Book, Part
from cardwright.wire import rows
from cardwright.wire.idempotency import OPEN, Claim
from cardwright.wire.resource import members
from cardwright.wire.versions import LATEST, Version

QUERIES = load(__file__)
_WRITE = QUERIES.run("write_decisions")
_ASK = QUERIES.run("write_questions")
_CHALLENGE = QUERIES.run("insert_challenge")

# A balance: account, book, currency.
BalanceKey = tuple[str, Book, str]

# The name of the vocabulary that resources are declared in, which no header has.
NEWEST_VOCABULARY = "newest"


class Line(msgspec.Struct, frozen=True):
    """An entry in the book that backs the authorization."""

    transfer_id: str
    number: int
    part: Part
    amount_minor: int
    reason: str


class Told(msgspec.Struct, frozen=True):
    """The first event of an authorization."""

    id: str
    type: str
    snapshot: str
    request_id: str | None
    key: str | None
    platform_id: str


class Asked(msgspec.Struct, frozen=True):
    """That the platform is being asked, and what its caller's answer needs."""

    asked_ms: int
    key: str | None
    version: Version
    endpoint: str | None


class Due(msgspec.Struct, frozen=True):
    """A deadline."""

    kind: str
    subject: str
    due_ms: int
    timebase: str


class Stored(msgspec.Struct, frozen=True):
    """The answer kept under an idempotency key: the event that has it, none while it is open."""

    claim: Claim
    event_id: str | None
    created_ms: int


class Challenged(msgspec.Struct, frozen=True):
    """What a cardholder is asked to confirm."""

    merchant: str
    amount_minor: int
    status: str


@dataclass(slots=True)
class Change:
    """What one item writes; it reaches the batch whole or not at all."""

    account_id: str
    authorization: Authorization
    network_ref: str | None
    spend_root: str
    book: Book
    held_minor: int
    now_ms: int
    # What the decision looked at, as JSON.
    seen: str
    lines: list[Line] = field(default_factory=list)
    counted: list[Counter] = field(default_factory=list)
    counted_minor: int = 0
    told: Told | None = None
    dues: list[Due] = field(default_factory=list)
    question: Asked | None = None
    stored: Stored | None = None
    challenge: Challenged | None = None


class Writing:
    """The changes of a batch, gathered as the arrays of its one statement."""

    def __init__(self) -> None:
        self._made: list[tuple[Any, ...]] = []
        self._lines: list[tuple[Any, ...]] = []
        self._counted: dict[tuple[str, Counter], int] = {}
        self._told: list[tuple[Any, ...]] = []
        self._dues: dict[tuple[str, str, str], tuple[int, str]] = {}
        self._asked: list[tuple[Any, ...]] = []
        self._stored: list[tuple[Any, ...]] = []
        self._challenged: list[tuple[Any, ...]] = []
        self.balances: dict[BalanceKey, tuple[int, int]] = {}

    def __bool__(self) -> bool:
        return bool(self._made)

    def add(self, change: Change) -> None:
        """Take one item's change."""
        made = change.authorization
        account = change.account_id
        self._made.append(
            (
                account,
                made.id,
                made.created,
                made.card,
                made.cardholder,
                made.status,
                change.network_ref,
                change.spend_root,
                change.book,
                change.held_minor,
                stored_body(made),
                f"[{change.seen}]",
            )
        )
        for line in change.lines:
            self._lines.append(
                (
                    account,
                    line.transfer_id,
                    line.number,
                    change.book,
                    line.part,
                    made.currency,
                    line.amount_minor,
                    line.reason,
                    made.id,
                    change.now_ms,
                )
            )
        for counter in change.counted:
            key = (account, counter)
            self._counted[key] = self._counted.get(key, 0) + change.counted_minor
        for due in change.dues:
            self.due(account, due)
        if change.told is not None:
            self._tell(account, change, change.told)
        if change.question is not None:
            asked = change.question
            version = version_text(asked.version)
            self._asked.append(
                (account, made.id, asked.asked_ms, asked.key, version, asked.endpoint)
            )
        if change.stored is not None:
            self._stored.append(self._sealed(account, change.stored))
        if change.challenge is not None:
            told_of = change.challenge
            self._challenged.append(
                (
                    *(account, made.id, made.card, told_of.merchant, made.currency),
                    *(told_of.amount_minor, told_of.status, change.now_ms),
                )
            )

    def due(self, account_id: str, due: Due) -> None:
        """Take a deadline of an account."""
        self._dues.setdefault((account_id, due.kind, due.subject), (due.due_ms, due.timebase))

    def _tell(self, account_id: str, change: Change, told: Told) -> None:
        self._told.append(
            (
                *(account_id, told.id, told.type, change.now_ms, change.authorization.id),
                *(told.snapshot, told.request_id, told.key, told.platform_id),
            )
        )

    def _sealed(self, account_id: str, stored: Stored) -> tuple[Any, ...]:
        return (
            account_id,
            stored.claim.key,
            stored.claim.fingerprint,
            200 if stored.event_id else OPEN,
            stored.created_ms,
            # The name of the event that has the answer; there is nothing to seal in it.
            (stored.event_id or "").encode(),
        )

    async def write(self, connection: Connection) -> None:
        """Run the statement; sorted where rows of several items may meet."""
        made = _columns(self._made, 12)
        moved = _columns([(*key, *value) for key, value in sorted(self.balances.items())], 5)
        lines = _columns(self._lines, 10)
        counted = _columns(
            [
                (account, *counter, amount)
                for (account, counter), amount in sorted(self._counted.items())
            ],
            7,
        )
        dues = _columns([(*key, *value) for key, value in sorted(self._dues.items())], 5)
        stored = _columns([row[:-1] for row in self._stored], 5)
        if self._asked:
            asked = _columns(self._asked, 6)
            await _ASK(connection, **dict(zip(_ASKED, asked, strict=True)))
        for row in self._challenged:
            await _CHALLENGE(connection, **dict(zip(_CHALLENGED, row, strict=True)))
        await _WRITE(
            connection,
            **dict(zip(_MADE, made, strict=True)),
            **dict(zip(_MOVED, moved, strict=True)),
            **dict(zip(_LINES, lines, strict=True)),
            **dict(zip(_COUNTED, counted, strict=True)),
            **dict(zip(_DUES, dues, strict=True)),
            **dict(zip(_TOLD, _columns(self._told, 9), strict=True)),
            listeners=packed(sorted({name for row in self._told for name in (row[0], row[-1])})),
            **dict(zip(_STORED, stored, strict=True)),
            answered_answers=[row[-1] for row in self._stored],
        )


def stored_body(authorization: Authorization) -> str:
    """The body of the row, without the many members that are as they are by default."""
    return msgspec.json.encode(_Body(*_in_body(authorization))).decode()


def version_text(version: Version) -> str:
    """A version as its header says it, or the newest vocabulary."""
    return (
        NEWEST_VOCABULARY
        if version is LATEST
        else "; ".join([version.text, *sorted(version.flags)])
    )


_COLUMNS = {"id", *rows.layout(Authorization).columns}
_IN_BODY = [name for name in Authorization.__struct_fields__ if name not in _COLUMNS]
_NULLABLE = [name for name in _IN_BODY if members(Authorization)[name].default is None]
_BODY_NAMES = [*(name for name in _IN_BODY if name not in _NULLABLE), *_NULLABLE]
_in_body = attrgetter(*_BODY_NAMES)
_Body = msgspec.defstruct(
    "_Body",
    [(name, Any, None) if name in _NULLABLE else (name, Any) for name in _BODY_NAMES],
    omit_defaults=True,
)


def _columns(values: list[tuple[Any, ...]], width: int) -> list[str]:
    """Rows as packed columns."""
    return [packed(column) for column in zip(*values, strict=True)] if values else [""] * width


def _names(prefix: str, names: str) -> tuple[str, ...]:
    return tuple(f"{prefix}_{name}" for name in names.split())


_MADE = _names(
    "made",
    "accounts ids created cards cardholders statuses refs roots books held bodies decisions",
)
_MOVED = _names("moved", "accounts books currencies available held")
_LINES = _names(
    "line", "accounts transfers numbers books parts currencies amounts reasons sources created"
)
_COUNTED = _names("counted", "accounts owners categories months currencies days amounts")
_DUES = _names("due", "accounts kinds subjects instants timebases")
_STORED = _names("answered", "accounts keys fingerprints statuses created")
_TOLD = _names("told", "accounts ids types created objects snapshots requests keys platforms")
_ASKED = _names("asked", "accounts authorizations instants keys versions endpoints")
_CHALLENGED = (
    *("account_id", "authorization_id", "card", "merchant", "currency"),
    *("amount_minor", "status", "created_ms"),
)
