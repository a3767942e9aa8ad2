"""One pipe for every call: from bytes to a checked call, a flow in a transaction, and an answer.

Nothing takes a connection for a write before the call is whole and checked. Writes are *plain*
(one transaction around the flow) or *laned* (the handler receives the authorizer instead of a
transaction).
"""

import asyncio
import random
from typing import Any

import asyncpg
import msgspec

from cardwright.kernel import clock, ids
from cardwright.kernel.blobs import Blobs
from cardwright.kernel.database import RETRYABLE, Connection, Database, is_lost
from cardwright.kernel.refusal import Failure, RecordedFailure, fail
from cardwright.tenancy import registry
from cardwright.wire import expand, failures, idempotency, pages, refusals
from cardwright.wire.auth import Actor, Callers, presented_key
from cardwright.wire.content import brackets, uploads
from cardwright.wire.content.downloads import Download
from cardwright.wire.content.reading import Request, read_parameters
from cardwright.wire.operation import (
    Answer,
    Answered,
    Call,
    Disturb,
    Headers,
    Observe,
    Operation,
    Renew,
    Replay,
)
from cardwright.wire.parameters import parser
from cardwright.wire.render import needs_reshaping, render
from cardwright.wire.versions import Version, parse_version

ATTEMPTS = 4


async def undisturbed(_call: Call[Any], _request: Request, _headers: Headers) -> bool:
    """Nothing goes wrong."""
    return False


class Pipe:
    """Answers requests for operations."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs | None,
    ) -> None:
        self.database = database
        # What laned operations hand their calls to.
        self.authorizer: Any = None
        # Each is told of every answer, in their order.
        self.observers: list[Observe] = []
        self.disturb: Disturb = undisturbed
        # What is done after a call that invalidates what this process remembers.
        self.renewals: list[Renew] = []
        # A command that only works on the database has no place for files.
        self.blobs = blobs
        self.callers = Callers()
        self._running: set[asyncio.Task[Any]] = set()

    async def answer(self, operation: Operation, request: Request) -> Answer:
        """Answer one request; every refusal and defect becomes a body of the contract."""
        request_id = ids.new_id("req_")
        started, started_ms = clock.monotonic(), clock.machine_ms()
        echoed: Headers = [(b"request-id", request_id.encode())]
        form = hint = call = None
        lost = False
        body: bytes | Download
        if operation.upload_max is not None and request.is_multipart:
            assert self.blobs is not None, "who serves has a blob directory"
            form = uploads.Form(request.unread, self.blobs, operation.upload_max)
        try:
            call = await self._call(operation, request, request_id, echoed, form)
            hint = call.account_hint
            lost = await self.disturb(call, request, echoed)
            status, body, replayed = await self._run(call)
            if operation.invalidates:
                await self._renew()
        except Exception as error:
            status, body = failures.answer_to(error, request_id, operation.api, hint)
            replayed = False
        finally:
            if form is not None and form.upload is not None:
                await form.upload.incoming.discard()
        if replayed:
            echoed.append((b"idempotent-replayed", b"true"))
        if status >= 400:
            retry = b"true" if status in failures.RETRYABLE_STATUSES else b"false"
            echoed.append((b"stripe-should-retry", retry))
        refusal = body if status >= 400 and isinstance(body, bytes) else None
        took_ms = round((clock.monotonic() - started) * 1000)
        answered = Answered(
            operation, request, request_id, call, status, refusal, started_ms, took_ms
        )
        for observe in self.observers:
            observe(answered)
        return Answer(status, body, tuple(echoed), lost)

    async def _renew(self) -> None:
        """Forget what is remembered between calls."""
        self.callers.forget()
        for renew in self.renewals:
            await renew()

    # Before any transaction.

    async def _call(
        self,
        operation: Operation,
        request: Request,
        request_id: str,
        echoed: Headers,
        form: uploads.Form | None,
    ) -> Call[Any]:
        """Check the request whole: caller, version, parameters, key."""
        actor = request.actor = await self._actor(operation, request)
        if request.account_header is not None:
            echoed.append((b"stripe-account", request.account_header.encode()))
        version = self._version(operation, request, actor)
        echoed.append((b"stripe-version", version.text.encode()))
        key = idempotency.checked_key(request.header("idempotency-key"))
        if key is not None:
            echoed.append((b"idempotency-key", key.encode("latin-1")))
        if form is not None:
            raw = await form.read(request)
        else:
            raw = request.parameters = await read_parameters(request, operation.api)
        # The digest is of all that was asked, so it comes before anything is taken out.
        used = operation.writes and key is not None
        digest = (
            idempotency.fingerprint(operation.method, request.path, actor.account_id, raw)
            if used
            else ""
        )
        claim = (
            idempotency.Claim(actor.account_id, operation.api, key, digest)
            if used and key is not None and (operation.method == "POST" or operation.api == "v2")
            else None
        )
        paths = raw.pop("expand", None) if operation.api == "v1" else None
        include = raw.pop("include", None) if operation.includes else None
        include = [include] if isinstance(include, str) and operation.method == "GET" else include
        page = pages.request_of(operation.api, raw) if operation.is_list else pages.PageRequest()
        shape = operation.takes or Nothing
        read = parser(
            shape,
            operation.letter,
            operation.api,
            version,
            form=operation.api == "v1" or operation.method != "POST",
        )
        given = read(raw)
        return Call(
            operation=operation,
            request_id=request_id,
            actor=actor,
            version=version,
            path=request.path_parameters,
            url=request.path,
            given=given,
            expand=expand.tree_of(
                _strings(paths, "expand", operation.api),
                operation.returns,
                is_list=operation.is_list,
                revealed=operation.revealed,
            )
            if paths is not None
            else {},
            include=_strings(include, "include", operation.api),
            page=pages.checked(page, given.tree),
            claim=claim,
            upload=form.upload if form is not None else None,
            base_url=request.base_url,
            client_ip=request.client_ip,
            account_named=request.account_header is not None,
        )

    async def _actor(self, operation: Operation, request: Request) -> Actor:
        """The caller, if this operation is for callers of its kind."""
        key = presented_key(request.header("authorization"))
        actor = self.callers.remembered(key, request.account_header)
        if actor is None:
            async with self.database.connection() as connection:
                actor = await self.callers.resolve(connection, key, request.account_header)
        gone = request.account_header is not None and actor.tenant.closed_ms is not None
        if gone and operation.api == "v1":
            fail(refusals.ACCOUNT_INVALID, key=actor.key_mask, account=actor.account_id)
        if actor.kind == "publishable" and not operation.publishable:
            fail(refusals.SECRET_KEY_REQUIRED)
        if actor.kind == "ephemeral" and not operation.ephemeral:
            fail(refusals.EPHEMERAL_KEY_FORBIDDEN)
        if operation.platform_only and not actor.is_platform:
            fail(refusals.PLATFORM_ONLY)
        if operation.test_only and actor.livemode:
            fail(refusals.TEST_MODE_ONLY)
        return actor

    @staticmethod
    def _version(operation: Operation, request: Request, actor: Actor) -> Version:
        header = request.header("stripe-version")
        if not header and (operation.api == "v2" or operation.version_needed):
            fail(refusals.VERSION_MISSING)
        version = parse_version(header or actor.api_version)
        if operation.flag is not None and not version.has(operation.flag):
            called = operation.path.partition("/{")[0].rpartition("/")[2].capitalize()
            hint = f"{called} need a preview version with the flag {operation.flag}."
            fail(refusals.URL_UNKNOWN, hint=hint, method=operation.method, path=request.path)
        if operation.preview and not version.preview:
            fail(refusals.VERSION_NOT_PREVIEW, version=version.text)
        return version

    # Running.

    async def _run(self, call: Call[Any]) -> tuple[int, bytes | Download, bool]:
        """Status, body and whether it was a replay."""
        operation = call.operation
        if operation.check is not None:
            operation.check(call)
        if call.upload is not None:
            await call.upload.incoming.keep()
        if operation.laned:
            result = await operation.handler(self.authorizer, call)
            if replayed := isinstance(result, Replay):
                result = result.result
            if isinstance(result, bytes) and not call.expand:
                return 200, result, replayed
            async with self.database.connection() as connection:
                return 200, await self._body(connection, call, result), replayed
        if not operation.writes:
            async with registry.reading(self.database, call.actor.tenant) as tx:
                tx.key = call.actor.key_mask
                result = await operation.handler(tx, call)
                if isinstance(result, Download):
                    return 200, await self._found(result), False
                return 200, await self._body(tx.connection, call, result), False
        # A caller that hangs up must not interrupt a commit.
        task = asyncio.create_task(self._write(call))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _found(self, download: Download) -> Download:
        """The download, now that its blob was seen."""
        if self.blobs is None or not await self.blobs.has(download.digest):
            raise FileNotFoundError(f"blob {download.digest} is not where blobs are kept")
        return download

    async def _write(self, call: Call[Any]) -> tuple[int, bytes, bool]:
        """The transaction, tried again while PostgreSQL says that trying again may help."""
        for attempt in range(ATTEMPTS):
            try:
                async with self.database.connection() as connection:
                    return await self._transaction(connection, call)
            except asyncpg.PostgresError as error:
                if error.sqlstate not in RETRYABLE:
                    raise
                await asyncio.sleep(random.uniform(0.005, 0.02) * (attempt + 1))  # noqa: S311
        fail(refusals.LOCK_TIMEOUT)

    async def _transaction(
        self, connection: Connection, call: Call[Any]
    ) -> tuple[int, bytes, bool]:
        await connection.execute("BEGIN")
        try:
            done = await self._work(connection, call)
        except BaseException:
            if not is_lost(connection):
                await connection.execute("ROLLBACK")
            raise
        await connection.execute("COMMIT")
        return done

    async def _work(self, connection: Connection, call: Call[Any]) -> tuple[int, bytes, bool]:
        """Everything between BEGIN and COMMIT."""
        operation, claim = call.operation, call.claim
        stored = await idempotency.claim(connection, claim) if claim is not None else None
        if stored is not None and operation.api == "v1":
            answer = self.database.vault.unseal(stored.answer, idempotency.SEAL_CONTEXT)
            return stored.status, answer, True
        tx = await registry.begin(
            self.database,
            connection,
            call.actor.account_id,
            request_id=call.request_id,
            idempotency_key=claim.key if claim is not None else None,
        )
        tx.key = call.actor.key_mask
        if stored is not None:
            made = self.database.vault.unseal(stored.answer, idempotency.SEAL_CONTEXT).decode()
            assert operation.current is not None, f"{operation.path} cannot render a repeat"
            current = await operation.current(tx, call, made)
            return 200, await self._body(connection, call, current), False
        if keeps_refusals := claim is not None and operation.api == "v1":
            await connection.execute("SAVEPOINT flow")
        try:
            result = await operation.handler(tx, call)
            await self.database.finish(tx)
            status, body = 200, await self._body(connection, call, result)
        except Failure as failure:
            status, body = failures.encoded(failure, operation.api, call.account_hint)
            result = None
            if isinstance(failure, RecordedFailure):
                await self.database.finish(tx)
            elif not keeps_refusals or status in (409, 429) or status >= 500:
                raise
            else:
                await connection.execute("ROLLBACK TO SAVEPOINT flow")
        if claim is not None:
            kept = body if operation.api == "v1" else _id_of(result).encode()
            await idempotency.keep(connection, self.database.vault, claim, status, kept)
        return status, body, False

    # After the flow.

    async def _body(self, connection: Connection, call: Call[Any], result: Any) -> bytes:
        """The result as JSON in the caller's version, expanded as asked; bytes are JSON in that
        version already."""
        if isinstance(result, pages.Page):
            return await self._page_body(connection, call, result)
        shape: Any = type(result)
        if shape in (bytes, dict):
            if not call.expand:
                return result if shape is bytes else msgspec.json.encode(result)
            body = msgspec.json.decode(result) if shape is bytes else result
            shape = call.operation.returns
        elif not call.expand and not needs_reshaping(shape, call.version):
            return msgspec.json.encode(result)
        else:
            body = render(result, call.version)
        if call.expand:
            account_id = call.actor.account_id
            await expand.fill(connection, account_id, shape, [body], call.expand, call.version)
        return msgspec.json.encode(body)

    async def _page_body(
        self, connection: Connection, call: Call[Any], page: pages.Page[Any]
    ) -> bytes:
        bodies = [
            item if isinstance(item, dict) else render(item, call.version) for item in page.data
        ]
        if call.expand and call.operation.returns is not None:
            await expand.fill(
                connection,
                call.actor.account_id,
                call.operation.returns,
                bodies,
                call.expand,
                call.version,
            )
        if call.operation.api == "v1":
            listed = {"object": "list", "url": call.url, "has_more": page.has_more, "data": bodies}
            return msgspec.json.encode(listed)
        return msgspec.json.encode(
            {
                "data": bodies,
                "next_page_url": pages.page_url(
                    call.url, call.page, call.given.tree, "n", bodies[-1]["id"]
                )
                if page.has_next
                else None,
                "previous_page_url": pages.page_url(
                    call.url, call.page, call.given.tree, "p", bodies[0]["id"]
                )
                if page.has_previous
                else None,
            }
        )


class Nothing(msgspec.Struct):
    """The shape of an operation that takes no parameters."""


def _strings(value: Any, name: str, api: str) -> list[str]:
    """``expand[]`` or ``include`` as a list of strings; a url may include one member alone."""
    found = [] if value is None else brackets.numbered(value)
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        if api == "v2":
            fail(refusals.FIELD_STRINGS, param=name)
        fail(refusals.PARAMETER_LIST, param=name)
    return found


def _id_of(result: Any) -> str:
    """The id of what a v2 write made."""
    return str(result["id"] if isinstance(result, dict) else result.id)
