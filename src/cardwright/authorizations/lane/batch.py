"""One batch of a lane: lock, load, decide in order of arrival, write. The lane commits."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import msgspec

from cardwright.authorizations import challenges, webhook_target
from cardwright.authorizations.decision import rules, spending
from cardwright.authorizations.decision.facts import PAIR_WIDTH, Pair, pair
from cardwright.authorizations.decision.rules import Case
from cardwright.authorizations.decision.spending import Limit, Tally
from cardwright.authorizations.lane import answers
from cardwright.authorizations.lane.answers import Decided
from cardwright.authorizations.lane.columns import as_column
from cardwright.authorizations.lane.payment_counts import PaymentCounts
from cardwright.authorizations.lane.work import Attempt, LaneOutcome
from cardwright.authorizations.lane.writing import BalanceKey, DeadlineRow, DecisionWrites, Writing
from cardwright.authorizations.webhook_target import WebhookTarget
from cardwright.currencies import flows as currencies
from cardwright.currencies import refusals as currencies_refusals
from cardwright.currencies.rates import Quote
from cardwright.kernel import clock
from cardwright.kernel.database import Connection
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import Failure
from cardwright.kernel.vault import Vault
from cardwright.ledger import watches
from cardwright.programs.offerings import CREDIT_OFFERINGS, OFFERINGS
from cardwright.tenancy import gates, registry
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy.platforms import PlatformSettings
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.idempotency import KEPT_MS, OPEN, SEAL_CONTEXT

QUERIES = load(__file__)


class Total(NamedTuple):
    """What a tally comes to."""

    total: int


class Facts(NamedTuple):
    """What there is for one request besides its card; missing rows are nulls."""

    book: str
    available_minor: int | None
    held_minor: int | None
    closed_ms: int | None
    clock_id: str | None
    settings: str | None
    destination: str | None
    destination_url: str | None
    destination_version: str | None
    enabled: bool
    confirmed: bool
    replay: str | None
    fingerprint: str | None
    answer_status: int | None
    answer: bytes | None
    answered_ms: int | None

    @property
    def named_target(self) -> WebhookTarget | None:
        """The destination that names the question."""
        if self.destination_url is None:
            return None
        return WebhookTarget(self.destination_url, self.destination, self.destination_version)


class Loaded:
    """A row of ``load_attempts``: the card with its cardholder, if there is one, and the facts."""

    __slots__ = ("_pair", "facts")
    WIDTH: ClassVar = PAIR_WIDTH + len(Facts._fields)

    def __init__(self, *values: Any) -> None:
        self._pair = values[:PAIR_WIDTH] if values[0] is not None else None
        self.facts = Facts(*values[PAIR_WIDTH:])

    def pair(self, vault: Vault, account_id: str) -> Pair | None:
        """The account's card with its cardholder."""
        return None if self._pair is None else pair(vault, account_id, self._pair)


_LOAD = QUERIES.many("load_attempts", Loaded)
_TOTALS = QUERIES.many("load_totals", Total)

_OFFERING_NAMES = as_column(OFFERINGS)
_CREDIT_OFFERINGS = as_column(CREDIT_OFFERINGS)
_OFFERING_CAPABILITIES = as_column(offering.capability for offering in OFFERINGS.values())


# The limits of the card and of the cardholder.
Limits = tuple[list[Limit], list[Limit]]


class Result(NamedTuple):
    """What to tell one item once the batch is durable."""

    item: Attempt
    outcome: LaneOutcome | BaseException


@dataclass
class Instant:
    """An account's time in this batch, or why it has none."""

    now_ms: int
    refused: Failure | None = None


@dataclass
class Batch:
    """The work of one transaction. ``results`` are told after COMMIT; ``again`` are the items
    whose accounts somebody else had locked."""

    vault: Vault
    items: list[Attempt]
    waiting: bool = False
    results: list[Result] = field(default_factory=list)
    again: list[Attempt] = field(default_factory=list)
    _instants: dict[str, Instant] = field(default_factory=dict)
    _balances: dict[BalanceKey, tuple[int, int]] = field(default_factory=dict)
    _spent: dict[str, dict[Tally, int]] = field(default_factory=dict)
    # By account, owner and category: which of them an amount adds to.
    _tallies: dict[tuple[str, str, str], list[Tally]] = field(default_factory=dict)
    _keys: dict[tuple[str, str], tuple[str, LaneOutcome]] = field(default_factory=dict)
    _refs: dict[tuple[str, str], LaneOutcome] = field(default_factory=dict)
    _watched: set[BalanceKey] = field(default_factory=set)
    _payments: PaymentCounts = field(default_factory=PaymentCounts)

    async def run(self, connection: Connection) -> None:
        """Everything between BEGIN and COMMIT."""
        attempts = await self._gates(connection)
        writing = Writing()
        if attempts:
            await self._attempts(connection, attempts, writing)
        if self._watched:
            await self._look(connection, writing)
        if writing:
            await writing.write(connection)

    async def _look(self, connection: Connection, writing: Writing) -> None:
        """Set the deadlines of whoever waits for what balances come to."""
        amounts = [watches.Amount(*key, self._balances[key][0]) for key in sorted(self._watched)]
        for row in await watches.take(connection, amounts):
            now_ms = self._instants[row.account_id].now_ms
            writing.deadline(
                row.account_id, DeadlineRow(row.kind, row.account_id, now_ms, "account")
            )

    async def _gates(self, connection: Connection) -> list[Attempt]:
        """Lock the gates, ascending; the items whose gate was obtained, in order of arrival."""
        accounts = list({item.account_id for item in self.items})
        held = await gates.obtain(connection, accounts, waiting=self.waiting)
        self.again = [item for item in self.items if item.account_id not in held]
        return [item for item in self.items if item.account_id in held]

    # Requests.

    async def _attempts(
        self, connection: Connection, attempts: list[Attempt], writing: Writing
    ) -> None:
        found = await _LOAD(
            connection,
            account_ids=as_column(item.account_id for item in attempts),
            cards=as_column(item.request.card for item in attempts),
            network_refs=as_column(item.request.network_ref for item in attempts),
            keys=as_column(item.claim and item.claim.key for item in attempts),
            credit_offerings=_CREDIT_OFFERINGS,
            offerings=_OFFERING_NAMES,
            capabilities=_OFFERING_CAPABILITIES,
        )
        await self._clocks(connection, attempts, found)
        pairs = [
            row.pair(self.vault, item.account_id) for item, row in zip(attempts, found, strict=True)
        ]
        met = await self._totals(connection, attempts, pairs)
        await self._payments.load(connection, attempts, pairs)
        verified = await self._verified(connection, attempts, found)
        for item, row, known, limits in zip(attempts, found, pairs, met, strict=True):
            try:
                outcome = self._attempt(
                    item, row.facts, known, limits, writing, verified=item.id in verified
                )
            except Exception as error:
                self.results.append(Result(item, error))
            else:
                self.results.append(Result(item, outcome))

    async def _clocks(
        self, connection: Connection, attempts: list[Attempt], found: list[Loaded]
    ) -> None:
        """Fix each account's instant; virtual clocks are held until the commit."""
        now_ms = clock.machine_ms()
        for item, row in zip(attempts, found, strict=True):
            if item.account_id in self._instants:
                continue
            instant = self._instants[item.account_id] = Instant(now_ms)
            if row.facts.clock_id is not None:
                stands_at = await registry.hold_clock_that_stands(
                    connection, item.tenant.platform_id, row.facts.clock_id
                )
                if stands_at is None:
                    instant.refused = Failure(tenancy_refusals.CLOCK_ADVANCING)
                else:
                    instant.now_ms = stands_at

    async def _totals(
        self, connection: Connection, attempts: list[Attempt], pairs: list[Pair | None]
    ) -> list[Limits]:
        """The limits of card and cardholder that each request meets; what was spent of them so far
        is loaded."""
        wanted: dict[tuple[str, Tally], None] = {}
        met: list[Limits] = []
        # A card that pays often in a batch meets the same limits in the same category.
        known_limits: dict[tuple[int, str], Limits] = {}
        quotes = await self._quotes(connection, attempts, pairs)
        for item, known in zip(attempts, pairs, strict=True):
            if known is None:
                met.append(([], []))
                continue
            category = item.request.merchant_data.category
            limits = known_limits.get((id(known), category))
            if limits is None:
                now_ms = self._instants[item.account_id].now_ms
                card, holder = known.card, known.holder
                currency = card.currency
                quote = quotes.get(item.id)
                limits = known_limits[id(known), category] = (
                    spending.limits(card.controls, card.spend_root, currency, category, now_ms),
                    spending.limits(holder.controls, holder.id, currency, category, now_ms, quote),
                )
                for limit in (*limits[0], *limits[1]):
                    if limit.tally is not None:
                        wanted[item.account_id, limit.tally] = None
            met.append(limits)
        if not wanted:
            return met
        found = await _TOTALS(
            connection,
            account_ids=as_column(account for account, _ in wanted),
            owners=as_column(tally.owner for _, tally in wanted),
            months=as_column(tally.month for _, tally in wanted),
            days=as_column(tally.day for _, tally in wanted),
            currencies=as_column(tally.currency for _, tally in wanted),
            categories=as_column(",".join(tally.categories) or None for _, tally in wanted),
        )
        for (account, tally), row in zip(wanted, found, strict=True):
            self._spent.setdefault(account, {})[tally] = row.total
            for category in dict.fromkeys(tally.categories or (spending.EVERY,)):
                key = (account, tally.owner, category)
                self._tallies.setdefault(key, []).append(tally)
        return met

    async def _quotes(
        self, connection: Connection, attempts: list[Attempt], pairs: list[Pair | None]
    ) -> dict[str, Quote | None]:
        """The rates for cardholders whose limits are in another currency than the card, by the
        request; hardly any are."""
        found: dict[str, Quote | None] = {}
        known_quotes: dict[tuple[str, str, str, int], Quote | None] = {}
        for item, known in zip(attempts, pairs, strict=True):
            if known is None or not spending.needs_rate(known.holder.controls, known.card.currency):
                continue
            asked = (
                item.tenant.platform_id,
                str(known.holder.controls.spending_limits_currency),
                known.card.currency,
                self._instants[item.account_id].now_ms,
            )
            if asked not in known_quotes:
                known_quotes[asked] = await currencies.quote_at(connection, *asked)
            found[item.id] = known_quotes[asked]
        return found

    async def _verified(
        self, connection: Connection, attempts: list[Attempt], found: list[Loaded]
    ) -> set[str]:
        """Those requests whose cardholder confirmed a similar one before; hardly any card has
        anything confirmed."""
        return {
            item.id
            for item, row in zip(attempts, found, strict=True)
            if row.facts.confirmed
            and await challenges.confirmed(
                connection,
                item.account_id,
                item.request,
                self._instants[item.account_id].now_ms,
            )
        }

    def _attempt(
        self,
        item: Attempt,
        row: Facts,
        known: Pair | None,
        limits: Limits,
        writing: Writing,
        *,
        verified: bool,
    ) -> LaneOutcome:
        """Answer one request. Nothing of it is kept unless it comes to its end."""
        repeated = self._repeated(item, row)
        if repeated is not None:
            return repeated
        instant = self._instants[item.account_id]
        if instant.refused is not None:
            raise instant.refused
        if known is None:
            raise _missing(item.request.card)
        request, card, holder = item.request, known.card, known.holder
        if request.currency is not None and request.currency != card.currency:
            reason = f"The card is in {card.currency}."
            raise Failure(
                currencies_refusals.CURRENCY_UNSUPPORTED,
                param="currency",
                value=request.currency,
                reason=reason,
            )
        balance = (item.account_id, row.book, card.currency)
        available, held = self._balances.get(balance) or (
            row.available_minor or 0,
            row.held_minor or 0,
        )
        spent = self._spent.get(item.account_id, {})
        settings = settings_of(row.settings)
        case = Case(
            request=request,
            card=self._payments.facts(item, known),
            holder=holder,
            account_enabled=row.enabled and row.closed_ms is None,
            available_minor=available,
            card_limits=limits[0],
            holder_limits=limits[1],
            spent=spent,
            now_ms=instant.now_ms,
            cash=settings.cash_withdrawals,
            swipe=settings.magnetic_stripe,
            verified=verified,
        )
        decision = rules.decide(case)
        decided = Decided(item, known, case, decision, row.book, held)
        target = webhook_target.choose(settings, row.named_target)
        asks = target is not None or item.listened
        if decision.approved and asks and request.type == "payment":
            writes, outcome = answers.ask(decided, target)
        else:
            writes, outcome = answers.make(decided, challenged=settings.fraud_challenges)
        self._payments.note(item, writes)
        writing.add(writes)
        if writes.held_minor:
            moved = (available - writes.held_minor, held + writes.held_minor)
            self._balances[balance] = writing.balances[balance] = moved
            if settings.low_balance.on:
                self._watched.add(balance)
        self._count(spent, writes)
        self._remember(item, outcome)
        return outcome

    def _count(self, spent: dict[Tally, int], writes: DecisionWrites) -> None:
        for counter in writes.counted:
            key = (writes.account_id, counter.owner, counter.category)
            for tally in self._tallies.get(key, ()):
                if spending.touches(tally, counter):
                    spent[tally] += writes.counted_minor

    # Repeats.

    def _repeated(self, item: Attempt, row: Facts) -> LaneOutcome | None:
        """The answer to a key or network reference that was used before, here or in the base."""
        request, claim = item.request, item.claim
        if request.network_ref is not None:
            earlier = self._refs.get((item.account_id, request.network_ref))
            if earlier is not None:
                # Whoever asked first also asks the platform.
                return msgspec.structs.replace(earlier, replayed=True, question=None)
            if row.replay is not None:
                return LaneOutcome(row.replay, replayed=True)
        if claim is None:
            return None
        in_batch = self._keys.get((item.account_id, claim.key))
        if in_batch is not None:
            fingerprint, outcome = in_batch
            if fingerprint != claim.fingerprint:
                raise Failure(wire_refusals.IDEMPOTENCY_ERROR, key=claim.key)
            if outcome.question is not None:
                raise Failure(wire_refusals.IDEMPOTENCY_KEY_IN_USE, key=claim.key)
            return msgspec.structs.replace(outcome, replayed=True)
        if row.fingerprint is None or row.answered_ms is None:
            return None
        if row.answered_ms < clock.machine_ms() - KEPT_MS["v1"]:
            return None
        if row.fingerprint != claim.fingerprint:
            raise Failure(wire_refusals.IDEMPOTENCY_ERROR, key=claim.key)
        if row.answer_status == OPEN or row.answer is None:
            raise Failure(wire_refusals.IDEMPOTENCY_KEY_IN_USE, key=claim.key)
        if row.answer.startswith(answers.EVENT_PREFIX):
            return LaneOutcome("", event_id=row.answer.decode(), replayed=True)
        answer = self.vault.unseal(row.answer, SEAL_CONTEXT)
        return LaneOutcome("", stored=answer, replayed=True)

    def _remember(self, item: Attempt, outcome: LaneOutcome) -> None:
        if item.claim is not None:
            self._keys[item.account_id, item.claim.key] = (item.claim.fingerprint, outcome)
        if item.request.network_ref is not None:
            self._refs[item.account_id, item.request.network_ref] = outcome


def _missing(card_id: str) -> Failure:
    """The account has no such card."""
    words = {"object": "card", "id": card_id[:200]}
    return Failure(tenancy_refusals.RESOURCE_MISSING, param="card", **words)


@lru_cache(maxsize=256)
def settings_of(body: str | None) -> PlatformSettings:
    """A platform's settings from their row; the defaults where it has none."""
    if body is None:
        return PlatformSettings()
    return msgspec.json.decode(body, type=PlatformSettings)
