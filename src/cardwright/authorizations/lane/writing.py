"""What a batch is about to write: columns of arrays for one statement."""

from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import msgspec

from cardwright.authorizations.decision.spending import Counter
from cardwright.authorizations.lane.columns import as_column
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


class EntryRow(msgspec.Struct, frozen=True):
    """An entry in the book that backs the authorization."""

    transfer_id: str
    number: int
    part: Part
    amount_minor: int
    reason: str


class FirstEvent(msgspec.Struct, frozen=True):
    """The first event of an authorization."""

    id: str
    type: str
    snapshot: str
    request_id: str | None
    key: str | None
    platform_id: str


class QuestionRow(msgspec.Struct, frozen=True):
    """That the platform is being asked, and what its caller's answer needs."""

    asked_ms: int
    key: str | None
    version: Version
    endpoint: str | None


class DeadlineRow(msgspec.Struct, frozen=True):
    """A deadline."""

    kind: str
    subject: str
    due_ms: int
    timebase: str


class KeyRow(msgspec.Struct, frozen=True):
    """The answer kept under an idempotency key: the event that has it, none while it is open."""

    claim: Claim
    event_id: str | None
    created_ms: int


class ChallengeRow(msgspec.Struct, frozen=True):
    """What a cardholder is asked to confirm."""

    merchant: str
    amount_minor: int
    status: str


@dataclass(slots=True)
class DecisionWrites:
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
    entries: list[EntryRow] = field(default_factory=list)
    counted: list[Counter] = field(default_factory=list)
    counted_minor: int = 0
    event: FirstEvent | None = None
    deadlines: list[DeadlineRow] = field(default_factory=list)
    question: QuestionRow | None = None
    key: KeyRow | None = None
    challenge: ChallengeRow | None = None


class Writing:
    """The changes of a batch, gathered as the arrays of its one statement."""

    def __init__(self) -> None:
        self._made: list[tuple[Any, ...]] = []
        self._entries: list[tuple[Any, ...]] = []
        self._counted: dict[tuple[str, Counter], int] = {}
        self._events: list[tuple[Any, ...]] = []
        self._deadlines: dict[tuple[str, str, str], tuple[int, str]] = {}
        self._questions: list[tuple[Any, ...]] = []
        self._keys: list[tuple[Any, ...]] = []
        self._challenges: list[tuple[Any, ...]] = []
        self.balances: dict[BalanceKey, tuple[int, int]] = {}

    def __bool__(self) -> bool:
        return bool(self._made)

    def add(self, writes: DecisionWrites) -> None:
        """Take what one item writes."""
        made = writes.authorization
        account = writes.account_id
        self._made.append(
            (
                account,
                made.id,
                made.created,
                made.card,
                made.cardholder,
                made.status,
                writes.network_ref,
                writes.spend_root,
                writes.book,
                writes.held_minor,
                stored_body(made),
                f"[{writes.seen}]",
            )
        )
        for entry in writes.entries:
            self._entries.append(
                (
                    account,
                    entry.transfer_id,
                    entry.number,
                    writes.book,
                    entry.part,
                    made.currency,
                    entry.amount_minor,
                    entry.reason,
                    made.id,
                    writes.now_ms,
                )
            )
        for counter in writes.counted:
            key = (account, counter)
            self._counted[key] = self._counted.get(key, 0) + writes.counted_minor
        for due in writes.deadlines:
            self.deadline(account, due)
        if writes.event is not None:
            self._add_event(account, writes, writes.event)
        if writes.question is not None:
            asked = writes.question
            version = version_text(asked.version)
            self._questions.append(
                (account, made.id, asked.asked_ms, asked.key, version, asked.endpoint)
            )
        if writes.key is not None:
            self._keys.append(self._key_row(account, writes.key))
        if writes.challenge is not None:
            challenge = writes.challenge
            self._challenges.append(
                (
                    *(account, made.id, made.card, challenge.merchant, made.currency),
                    *(challenge.amount_minor, challenge.status, writes.now_ms),
                )
            )

    def deadline(self, account_id: str, due: DeadlineRow) -> None:
        """Take a deadline of an account."""
        self._deadlines.setdefault((account_id, due.kind, due.subject), (due.due_ms, due.timebase))

    def _add_event(self, account_id: str, writes: DecisionWrites, event: FirstEvent) -> None:
        self._events.append(
            (
                *(account_id, event.id, event.type, writes.now_ms, writes.authorization.id),
                *(event.snapshot, event.request_id, event.key, event.platform_id),
            )
        )

    def _key_row(self, account_id: str, row: KeyRow) -> tuple[Any, ...]:
        return (
            account_id,
            row.claim.key,
            row.claim.fingerprint,
            200 if row.event_id else OPEN,
            row.created_ms,
            # The name of the event that has the answer; there is nothing to seal in it.
            (row.event_id or "").encode(),
        )

    async def write(self, connection: Connection) -> None:
        """Run the statement; sorted where rows of several items may meet."""
        made = _columns(self._made, 12)
        moved = _columns([(*key, *value) for key, value in sorted(self.balances.items())], 5)
        lines = _columns(self._entries, 10)
        counted = _columns(
            [
                (account, *counter, amount)
                for (account, counter), amount in sorted(self._counted.items())
            ],
            7,
        )
        dues = _columns([(*key, *value) for key, value in sorted(self._deadlines.items())], 5)
        stored = _columns([row[:-1] for row in self._keys], 5)
        if self._questions:
            asked = _columns(self._questions, 6)
            await _ASK(connection, **dict(zip(_QUESTIONS, asked, strict=True)))
        for row in self._challenges:
            await _CHALLENGE(connection, **dict(zip(_CHALLENGE_COLUMNS, row, strict=True)))
        await _WRITE(
            connection,
            **dict(zip(_MADE, made, strict=True)),
            **dict(zip(_MOVED, moved, strict=True)),
            **dict(zip(_ENTRIES, lines, strict=True)),
            **dict(zip(_COUNTED, counted, strict=True)),
            **dict(zip(_DUES, dues, strict=True)),
            **dict(zip(_EVENTS, _columns(self._events, 9), strict=True)),
            listeners=as_column(
                sorted({name for row in self._events for name in (row[0], row[-1])})
            ),
            **dict(zip(_KEYS, stored, strict=True)),
            answered_answers=[row[-1] for row in self._keys],
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
    """Rows as columns."""
    return [as_column(column) for column in zip(*values, strict=True)] if values else [""] * width


def _names(prefix: str, names: str) -> tuple[str, ...]:
    return tuple(f"{prefix}_{name}" for name in names.split())


_MADE = _names(
    "made",
    "accounts ids created cards cardholders statuses refs roots books held bodies decisions",
)
_MOVED = _names("moved", "accounts books currencies available held")
_ENTRIES = _names(
    "line", "accounts transfers numbers books parts currencies amounts reasons sources created"
)
_COUNTED = _names("counted", "accounts owners categories months currencies days amounts")
_DUES = _names("due", "accounts kinds subjects instants timebases")
_KEYS = _names("answered", "accounts keys fingerprints statuses created")
_EVENTS = _names("event", "accounts ids types created objects snapshots requests keys platforms")
_QUESTIONS = _names("asked", "accounts authorizations instants keys versions endpoints")
_CHALLENGE_COLUMNS = (
    *("account_id", "authorization_id", "card", "merchant", "currency"),
    *("amount_minor", "status", "created_ms"),
)
