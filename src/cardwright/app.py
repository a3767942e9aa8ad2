"""The list of parts: every feature's operations, loaders, edits and handlers, put together."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, NamedTuple

import asyncpg
from litestar import Litestar, MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler

from cardwright.accounts import deadlines as account_deadlines
from cardwright.accounts.flows import create_platform_account
from cardwright.accounts.operations import agreements, review_cases, v1_tokens, v2_tokens
from cardwright.accounts.operations import external_accounts as v1_external_accounts
from cardwright.accounts.operations import requirements as requirements_api
from cardwright.accounts.operations import v1 as accounts_v1
from cardwright.accounts.operations import v2 as accounts_v2
from cardwright.accounts.operations import vendor_answers as verification_answers
from cardwright.accounts.operations import verification_provider as verification_settings
from cardwright.accounts.operations.vendor_posting import VerificationPoster
from cardwright.accounts.record.bank_account import BankAccount
from cardwright.accounts.record.model import AccountClosing, AccountEvaluated, CapabilitiesChanged
from cardwright.authorizations import api as authorizations_api
from cardwright.authorizations import deadlines as authorization_deadlines
from cardwright.authorizations import lifetime
from cardwright.authorizations import operator as authorizations_operator
from cardwright.authorizations import settings as authorization_settings
from cardwright.authorizations.authorizer import Authorizer
from cardwright.authorizations.lane import payment_counts
from cardwright.authorizations.lane.lanes import Lanes
from cardwright.authorizations.real_time import authorization_webhook
from cardwright.authorizations.real_time.asking import Asker
from cardwright.authorizations.real_time.request_health import RequestHealth
from cardwright.bookkeeping import api as bookkeeping_api
from cardwright.bureau import api as bureau_api
from cardwright.cardholders import api as cardholders_api
from cardwright.cardholders import operator as cardholders_operator
from cardwright.cardholders.model import Cardholder
from cardwright.cards import api as cards_api
from cardwright.cards import deadlines as card_deadlines
from cardwright.cards import (
    ephemeral_keys,
    ephemeral_keys_api,
    pins_api,
    shipping_api,
    shipping_rules,
    wallets,
)
from cardwright.cards import flows as cards
from cardwright.cards.model import CardCanceled
from cardwright.compliance import api as compliance_api
from cardwright.compliance import deadlines as compliance
from cardwright.credit import allotment
from cardwright.credit import api as credit_api
from cardwright.credit import deadlines as credit_deadlines
from cardwright.credit.observing import observe
from cardwright.currencies import api as currencies_api
from cardwright.designs import api as designs_api
from cardwright.designs import bundles
from cardwright.designs.model import DesignRejected
from cardwright.disputes import api as disputes_api
from cardwright.disputes import flows as disputes
from cardwright.environments import api as environments_api
from cardwright.environments import flows as environments
from cardwright.events import delivery, emission, resending, retention
from cardwright.events import operations as events_operations
from cardwright.events.deliverer import Deliverer
from cardwright.faults import api as faults_api
from cardwright.faults import flows as faults
from cardwright.faults.active import ActiveFaults
from cardwright.files import api as files_api
from cardwright.files import public as public_files
from cardwright.financial_accounts import flows as financial_accounts
from cardwright.financial_accounts.moves import deadlines as financial_account_deadlines
from cardwright.financial_accounts.moves import exporting as financial_account_files
from cardwright.financial_accounts.moves import statement_lines
from cardwright.financial_accounts.operations import operator as financial_accounts_operator
from cardwright.financial_accounts.operations import v1_accounts as treasury_v1
from cardwright.financial_accounts.operations import v1_moves as treasury_v1_moves
from cardwright.financial_accounts.operations import v1_test_helpers as treasury_v1_test_helpers
from cardwright.financial_accounts.operations import v2_accounts as financial_accounts_v2
from cardwright.financial_accounts.operations import v2_moves as financial_accounts_v2_moves
from cardwright.funding import api as funding_api
from cardwright.funding import deadlines as funding_deadlines
from cardwright.funding import loaders as funding_loaders
from cardwright.funding.low_balance import flows as low_balance
from cardwright.funding.payouts import exporting as payment_files
from cardwright.funding.statements import api as statements_api
from cardwright.funding.statements import flows as statements
from cardwright.funding.statements.line_handlers import LINE_HANDLERS as FUNDING_LINE_HANDLERS
from cardwright.hosted import api as hosted_api
from cardwright.hosted import pages as hosted_pages
from cardwright.issuing_elements import pages as issuing_elements
from cardwright.kernel import clock, happenings, ids, registries
from cardwright.kernel.blobs import Blobs
from cardwright.kernel.database import Connection, Database, Tx
from cardwright.kernel.happenings import Listener, on
from cardwright.kernel.mail import MailServer
from cardwright.kernel.outbound import Outbound
from cardwright.kernel.refusal import Failure
from cardwright.kernel.vault import Vault
from cardwright.ledger import pending
from cardwright.ledger.model import BalanceTransaction, MoneyMoved
from cardwright.local_development import sessions
from cardwright.local_development.hub import Hub
from cardwright.local_development.resending import send_to_listening
from cardwright.notices import api as notices_api
from cardwright.notices import flows as notices
from cardwright.notices.mailer import Mailer
from cardwright.programs import api as programs_api
from cardwright.programs import flows as programs
from cardwright.programs import operator as programs_operator
from cardwright.programs.model import Program
from cardwright.request_log import api as request_log_api
from cardwright.request_log import recording
from cardwright.request_log.recording import Recorder
from cardwright.simulator import api as simulator_api
from cardwright.simulator import disputes as simulator_disputes
from cardwright.simulator import physical_cards, test_clocks, upcoming
from cardwright.simulator import transactions as simulator_transactions
from cardwright.tenancy import clocks, deadlines, platforms, registry
from cardwright.tenancy.worker import Mover, Purge, Worker
from cardwright.tokens import api as tokens_api
from cardwright.tokens import flows as tokens
from cardwright.tokens.model import Token
from cardwright.transactions import api as transactions_api
from cardwright.transactions import payments
from cardwright.wire import expand, failures, http, idempotency, versions
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.front import Front
from cardwright.wire.operation import Operation
from cardwright.wire.pipe import Pipe
from cardwright.wire.versions import NEWEST, Edit

VERSION = "0.1.0"

OPERATIONS: tuple[Operation, ...] = (
    *events_operations.OPERATIONS,
    *files_api.OPERATIONS,
    *accounts_v1.OPERATIONS,
    *v1_external_accounts.OPERATIONS,
    *v1_tokens.OPERATIONS,
    *v2_tokens.OPERATIONS,
    *accounts_v2.OPERATIONS,
    *agreements.OPERATIONS,
    *requirements_api.OPERATIONS,
    *review_cases.OPERATIONS,
    *verification_settings.OPERATIONS,
    *notices_api.OPERATIONS,
    *funding_api.OPERATIONS,
    *statements_api.OPERATIONS,
    *financial_accounts_v2.OPERATIONS,
    *financial_accounts_v2_moves.OPERATIONS,
    *financial_accounts_operator.OPERATIONS,
    *treasury_v1.OPERATIONS,
    *treasury_v1_moves.OPERATIONS,
    *treasury_v1_test_helpers.OPERATIONS,
    *programs_api.OPERATIONS,
    *programs_operator.OPERATIONS,
    *currencies_api.OPERATIONS,
    *credit_api.OPERATIONS,
    *hosted_api.OPERATIONS,
    *cardholders_api.OPERATIONS,
    *cardholders_operator.OPERATIONS,
    *cards_api.OPERATIONS,
    *shipping_api.OPERATIONS,
    *wallets.OPERATIONS,
    *tokens_api.OPERATIONS,
    *bureau_api.OPERATIONS,
    *designs_api.OPERATIONS,
    *bundles.OPERATIONS,
    *pins_api.OPERATIONS,
    *ephemeral_keys_api.OPERATIONS,
    *authorizations_api.OPERATIONS,
    *authorization_webhook.OPERATIONS,
    *authorization_settings.OPERATIONS,
    *authorizations_operator.OPERATIONS,
    *transactions_api.OPERATIONS,
    *disputes_api.OPERATIONS,
    *bookkeeping_api.OPERATIONS,
    *compliance_api.OPERATIONS,
    *environments_api.OPERATIONS,
    *faults_api.OPERATIONS,
    *simulator_api.OPERATIONS,
    *simulator_transactions.OPERATIONS,
    *simulator_disputes.OPERATIONS,
    *physical_cards.OPERATIONS,
    *test_clocks.OPERATIONS,
    *upcoming.OPERATIONS,
    *request_log_api.OPERATIONS,
    *sessions.OPERATIONS,
)

LOADERS: dict[str, expand.Loader] = {
    "bank_account": expand.loader(BankAccount),
    "balance_transaction": expand.loader(BalanceTransaction),
    "file": files_api.LOADER,
    **funding_loaders.LOADERS,
    **treasury_v1.LOADERS,
    **credit_api.LOADERS,
    "issuing.authorization": authorizations_api.LOADER,
    "issuing.card": cards_api.LOADER,
    "issuing.cardholder": expand.loader(Cardholder),
    "issuing.dispute": disputes_api.LOADER,
    "issuing.personalization_design": designs_api.LOADER,
    "issuing.physical_bundle": bundles.LOADER,
    "issuing.program": expand.loader(Program),
    "issuing.token": expand.loader(Token),
    "issuing.transaction": transactions_api.LOADER,
}

# What a new platform is given besides keys, in this order, each in the same transaction.
PROVISIONING: tuple[Callable[[Tx], Awaitable[object]], ...] = (
    create_platform_account,
    programs.create_platform_programs,
    bundles.create_standard_bundles,
)

# What older versions show otherwise, by the tag of the object.
EDITS: dict[str, list[Edit]] = {
    "issuing.card": [
        (shipping_rules.SUBMISSION_SINCE, shipping_rules.submission_shown_as_pending),
    ],
}

# What happens when a deadline of a kind is due.
DEADLINES: dict[str, deadlines.Handler] = {
    **account_deadlines.HANDLERS,
    **notices.HANDLERS,
    **funding_deadlines.HANDLERS,
    **statements.HANDLERS,
    **financial_account_deadlines.HANDLERS,
    **credit_deadlines.HANDLERS,
    **card_deadlines.HANDLERS,
    **authorization_deadlines.HANDLERS,
    **disputes.HANDLERS,
    **compliance.HANDLERS,
    **environments.HANDLERS,
    **test_clocks.HANDLERS,
    **pending.HANDLERS,
}

# What leaves in files for a bank.
PAYMENTS: tuple[payment_files.Source, ...] = (
    payment_files.PAYOUTS,
    financial_account_files.OUTBOUND,
)

# What marks cannot say of earlier versions.
versions.EDITS.update(lifetime.EDITS)

# What happens when something has happened below.
LISTENERS: tuple[Listener, ...] = (
    on(MoneyMoved, low_balance.observe),
    on(MoneyMoved, observe),
    on(CapabilitiesChanged, financial_accounts.open_pending),
    on(CapabilitiesChanged, programs.attach_standard),
    on(AccountEvaluated, compliance.account_changed),
    on(AccountClosing, allotment.take_back),
    on(DesignRejected, cards.cancel_unmade),
    on(CardCanceled, tokens.follow_card),
)

# What a line of a bank statement does to what it names, by the prefix of its id.
LINE_HANDLERS: dict[str, statements.LineHandler] = {
    **FUNDING_LINE_HANDLERS,
    **statement_lines.LINE_HANDLERS,
}

# What is removed when it has outlived its time.
PURGES: dict[str, Purge] = {
    "answers": idempotency.purge,
    "ephemeral keys": ephemeral_keys.purge,
    "events": retention.purge,
    "faults": faults.purge,
    "requests": recording.purge,
}


class Readiness(NamedTuple):
    """Whether calls can be answered, and if not, why."""

    ready: bool
    reasons: list[str]


class Application:
    """The running product: its ASGI callable and the loops beside it."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        vault: Vault,
        blobs: Blobs | None,
        mail_server: MailServer | None = None,
    ) -> None:
        self.database = Database(pool, vault, self._before_commit)
        self.outbound = Outbound()
        self.deliverer = Deliverer(self.database, self.outbound)
        self.blobs = blobs
        self.lanes = Lanes(self.database, committed=self.deliverer.hint)
        self.hub = Hub(self.database)
        self.request_health = RequestHealth(self.database)
        self.asker = Asker(self.database, self.outbound, self.hub, self.request_health)
        authorizer = Authorizer(self.lanes, self.asker)
        self.recorder = Recorder(self.database)
        self.faults = ActiveFaults(self.database)
        self.deliverer.disturb = self.faults.on_delivery
        observers, disturb = (self.recorder.note,), self.faults.on_call
        self.pipe = Pipe(self.database, blobs, authorizer, observers, disturb, self._renew)
        self.started = False
        self.poster = VerificationPoster(self.database, self.outbound)
        self.mailer = Mailer(self.database, mail_server)
        self.worker = Worker(self.database, PURGES)
        self.mover = Mover(self.database, delivery.undelivered_on_clock)
        expand.LOADERS.update(LOADERS)
        versions.EDITS.update(EDITS)
        deadlines.HANDLERS.update(DEADLINES)
        statements.LINE_HANDLERS.update(LINE_HANDLERS)
        payment_counts.UNAUTHORIZED[:] = (payments.count_force_captures,)
        _listen()
        payment_files.SOURCES[:] = PAYMENTS
        environments.FURNISHING[:] = PROVISIONING
        resending.LISTENING[:] = (send_to_listening,)
        handlers: list[HTTPRouteHandler] = [
            *hosted_pages.handlers(self.database),
            *pins_api.handlers(self.database),
            *issuing_elements.handlers(),
            *verification_answers.handlers(self.database, blobs),
            *(public_files.handlers(self.database, blobs) if blobs is not None else ()),
            *self._pages(),
        ]
        pages = Litestar(
            handlers,
            openapi_config=None,
            exception_handlers={404: _refuse, 405: _refuse, 500: _defect},
            logging_config=None,
        )
        sockets = {sessions.SOCKET_PATH: self.hub.socket}
        self.asgi = Front(OPERATIONS, self.pipe, pages, sockets)

    async def start(self) -> None:
        """Start the loops; calls are answered from now on."""
        if self.blobs is not None:
            await asyncio.to_thread(self.blobs.open)
        await self.worker.start()
        await self.mover.start()
        await self.deliverer.start()
        await self.request_health.start()
        await self.poster.start()
        await self.mailer.start()
        await self.lanes.start()
        await self.recorder.start()
        await self.hub.start()
        await self.faults.start()
        self.started = True

    async def stop(self) -> None:
        """Stop the loops and let what is running finish."""
        self.started = False
        await self.faults.stop()
        await self.hub.stop()
        await self.lanes.stop()
        await self.asker.stop()
        await self.worker.stop()
        await self.mover.stop()
        await self.poster.stop()
        await self.mailer.stop()
        await self.request_health.stop()
        await self.deliverer.stop()
        await self.recorder.stop()
        await self.outbound.close()

    async def _renew(self) -> None:
        """Forget what is remembered of keys and accounts, and read the faults again."""
        self.pipe.callers.forget()
        await self.faults.read()

    async def _before_commit(self, tx: Tx) -> None:
        """Write the events of a transaction, and have them delivered once they are committed."""
        await emission.write(tx)
        self.deliverer.hint()

    async def readiness(self) -> Readiness:
        """Ask every part that calls depend on."""
        reasons = [] if self.started else ["the server is starting or stopping"]
        if self.started and not self.lanes.alive:
            reasons.append("an authorization lane is starting again")
        try:
            await self.database.pool.fetchval("select 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            reasons.append(f"the database does not answer: {error}")
        return Readiness(not reasons, reasons)

    def _pages(self) -> list[HTTPRouteHandler]:
        """What is not an operation: the front door and the two questions of an orchestrator."""

        @get("/", media_type=MediaType.JSON, sync_to_thread=False)
        def front_door() -> dict[str, Any]:
            return {
                "name": "cardwright",
                "version": VERSION,
                "message": "Card issuing on connected accounts. Point an SDK's base address here.",
                "api_version": NEWEST,
            }

        @get("/healthz")
        async def healthz() -> Response[dict[str, Any]]:
            readiness = await self.readiness()
            return Response(
                {"status": "ok" if readiness.ready else "unavailable"},
                status_code=200 if readiness.ready else 503,
            )

        @get("/readyz")
        async def readyz() -> Response[dict[str, Any]]:
            readiness = await self.readiness()
            return Response(
                {"ready": readiness.ready, "reasons": readiness.reasons},
                status_code=200 if readiness.ready else 503,
            )

        return [front_door, healthz, readyz]


@cache
def _listen() -> None:
    registries.fill([happenings.entries(LISTENERS)])


async def build(
    pool: "asyncpg.Pool[asyncpg.Record]",
    vault: Vault,
    blobs: Blobs | None = None,
    mail_server: MailServer | None = None,
) -> Application:
    """The application on an open pool and an open vault; without ``blobs`` it takes no files, and
    without a mail server its emails wait."""
    return Application(pool, vault, blobs, mail_server)


async def provision(
    database: Database,
    *,
    livemode: bool = False,
    secret: str | None = None,
    publishable: str | None = None,
    clock_ms: int | None = None,
    country: str | None = None,
) -> platforms.Keys:
    """A new platform with its keys, account and programs; the keys can be read only now.

    With ``clock_ms`` it follows a virtual clock of its own; its account issues in ``country``.
    """
    async with database.connection() as connection, connection.transaction():
        keys = await platforms.create(
            connection,
            livemode=livemode,
            api_version=NEWEST,
            created_ms=clock.machine_ms() if clock_ms is None else clock_ms,
            secret=secret,
            publishable=publishable,
            issuing_country=country,
        )
        if clock_ms is not None:
            await clocks.create_default(connection, keys.account_id, clock_ms)
        await _furnish(database, connection, keys.account_id)
    return keys


async def _furnish(database: Database, connection: Connection, account_id: str) -> None:
    tx = await registry.begin(database, connection, account_id)
    for step in PROVISIONING:
        await step(tx)
    await database.finish(tx)


def _defect(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """A defect outside any operation: the log has it whole, the caller a request id."""
    failure = failures.internal(ids.new_id("req_"), error)
    status, body = http.refusal_answer(failure, request.scope["path"])
    return Response(body, status_code=status)


def _refuse(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """An unknown URL, in the words of the contract."""
    path = request.scope["path"]
    failure = Failure(wire_refusals.URL_UNKNOWN, method=request.method, path=path[:200])
    status, body = http.refusal_answer(failure, path)
    return Response(body, status_code=status)
