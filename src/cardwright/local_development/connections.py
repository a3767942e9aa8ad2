"""The open connections of listening sessions: what is pushed to them, and what comes back."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec

from cardwright.events import bodies, listening, log, signing
from cardwright.events.listening import Push, Pushed, Wish
from cardwright.events.model import LoggedEvent
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Connection, Database
from cardwright.kernel.logs import log as operator_log
from cardwright.kernel.loop import passing
from cardwright.kernel.outbound import Reply
from cardwright.local_development import frames
from cardwright.local_development.frames import Frame
from cardwright.local_development.sessions import Session
from cardwright.local_development.tailing import Tail
from cardwright.tenancy import platforms
from cardwright.wire.versions import NEWEST, Version, parse_version

REST_SECONDS = 0.05
AT_ONCE = 50
PRESENCE_SECONDS = 5.0
# A command line gives whoever it forwards to thirty seconds.
UNANSWERED_SECONDS = 40.0
ANSWER_MAX, HEADER_MAX, HEADERS_MAX, URL_MAX = 5000, 500, 50, 2048

Send = Callable[[str], Awaitable[None]]


@dataclass
class Conversation:
    """An event that was pushed and is not done with."""

    wish: Wish
    push: Push
    started: float
    started_ms: int
    signature: str
    api_version: str | None
    pending_webhooks: int
    acknowledged: bool = False


@dataclass(eq=False)
class SessionConnection:
    """One connection of a session."""

    database: Database
    session: Session
    send: Send
    _conversations: dict[str, Conversation] = field(default_factory=dict)
    _questions: dict[str, asyncio.Future[Reply | None]] = field(default_factory=dict)
    # The other copy of an event goes by the name of the first.
    _copies: dict[str, str] = field(default_factory=dict)

    async def run(self) -> None:
        """Push until the connection ends."""
        tasks = [self._be_present()]
        if self.session.wishes:
            tasks.append(self._push_events())
        if self.session.requests is not None:
            tail = Tail(self.database, self.session, self.send)
            tasks.append(tail.run())
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(task)

    async def ended(self) -> None:
        """The connection is gone: what was not acknowledged is pushed again to the next one."""
        for future in self._questions.values():
            if not future.done():
                future.set_result(None)
        async with self.database.connection() as connection:
            for conversation in self._conversations.values():
                if conversation.acknowledged:
                    await self._record(connection, conversation, None)
                else:
                    await listening.give_back(
                        connection,
                        self.session.account_id,
                        conversation.wish.id,
                        conversation.push.event_id,
                    )

    # Out.

    async def _be_present(self) -> None:
        while True:
            until_ms = clock.machine_ms() + listening.PRESENT_MS
            with suppress_passing():
                async with self.database.connection() as connection:
                    await listening.be_present(
                        connection, self.session.account_id, self.session.wishes, until_ms
                    )
            await asyncio.sleep(PRESENCE_SECONDS)

    async def _push_events(self) -> None:
        while True:
            pushed = 0
            with suppress_passing():
                for wish in self.session.wishes:
                    pushed += await self._push(wish)
                await self._give_up()
            if not pushed:
                await asyncio.sleep(REST_SECONDS)

    async def _push(self, wish: Wish) -> int:
        """Push what waits for one face of the session."""
        account_id = self.session.account_id
        async with self.database.connection() as connection:
            pushes = await listening.claim(
                connection, account_id, wish.id, now_ms=clock.machine_ms(), limit=AT_ONCE
            )
            if not pushes:
                return 0
            pinned, _settings = await platforms.settings_of(connection, self.session.platform_id)
            pending = await log.pending(
                connection, [account_id], [push.event_id for push in pushes]
            )
            events: dict[str, LoggedEvent] = {}
            for owner in sorted({push.event_account_id for push in pushes}):
                wanted = [push.event_id for push in pushes if push.event_account_id == owner]
                events |= await log.by_id(connection, owner, wanted)
        for push in pushes:
            event = events.get(push.event_id)
            if event is not None:
                count = pending.get(event.id, 1)
                await self._converse(wish, push, event, parse_version(pinned), count)
        return len(pushes)

    async def _converse(
        self, wish: Wish, push: Push, event: LoggedEvent, version: Version, pending: int
    ) -> None:
        """Push one event: a snapshot in the platform's version and in the latest, for the command
        line alone knows which it was asked for; or the thin event."""
        payload = self._payload(event, None if wish.thin else version, pending)
        signature = self._signed(payload)
        name = ids.new_id("wc_")
        conversation = Conversation(
            wish=wish,
            push=push,
            started=clock.monotonic(),
            started_ms=clock.machine_ms(),
            signature=signature,
            api_version=None if wish.thin else version.text,
            pending_webhooks=pending,
        )
        headers = _headers(signature)
        if wish.thin:
            self._conversations[bodies.v2_id(event.id, livemode=self.session.livemode)] = (
                conversation
            )
            await self.send(frames.thin(wish.id, payload, headers))
            return
        self._conversations[name] = conversation
        await self.send(frames.snapshot(wish.id, name, payload, headers, None))
        latest = self._payload(event, parse_version(NEWEST), pending)
        copy = ids.new_id("wc_")
        self._copies[copy] = name
        await self.send(
            frames.snapshot(wish.id, copy, latest, _headers(self._signed(latest)), NEWEST)
        )

    def _payload(self, event: LoggedEvent, version: Version | None, pending: int) -> bytes:
        return bodies.delivered(
            event,
            self.session.account_id,
            version=version,
            livemode=self.session.livemode,
            pending_webhooks=pending,
        )

    def _signed(self, payload: bytes) -> str:
        at_seconds = clock.machine_ms() // clock.SECOND_MS
        return signing.header(payload, [self.session.secret], at_seconds)

    async def ask(self, payload: bytes, seconds: float) -> Reply | None:
        """Ask whoever the session forwards to; None when nobody answers in time."""
        name = ids.new_id("wc_")
        wish = next(wish for wish in self.session.wishes if wish.forwards and not wish.thin)
        self._questions[name] = future = asyncio.get_running_loop().create_future()
        headers = _headers(self._signed(payload))
        try:
            for version in (None, NEWEST):
                # The same name for both copies: one of them is answered.
                await self.send(frames.snapshot(wish.id, name, payload, headers, version))
            return await asyncio.wait_for(future, seconds)
        except TimeoutError:
            return None
        finally:
            del self._questions[name]

    # In.

    async def hear(self, text: str | bytes) -> None:
        """Take what the command line sent; what makes no sense is left alone."""
        frame = frames.read(text)
        if frame is None:
            return
        name = frame.webhook_conversation_id or frame.notification_id or frame.event_id
        name = self._copies.get(name, name)
        question = self._questions.get(name)
        if question is not None:
            if frame.type == "webhook_response" and not question.done():
                answer = frame.body.encode()
                question.set_result(Reply(frame.status, frame.http_headers, answer, 0))
            return
        conversation = self._conversations.get(name)
        if conversation is None:
            return
        if frame.type == "event_ack":
            conversation.acknowledged = True
            if not conversation.wish.forwards:
                await self._done(name, None)
        elif frame.type == "webhook_response":
            await self._done(name, frame)

    async def _done(self, name: str, answer: Frame | None) -> None:
        conversation = self._conversations.pop(name)
        self._copies = {copy: of for copy, of in self._copies.items() if of != name}
        with suppress_passing():
            async with self.database.connection() as connection:
                await self._record(connection, conversation, answer)

    async def _give_up(self) -> None:
        """Wait no longer for answers that do not come: the command line may choose by itself what
        it forwards."""
        oldest = clock.monotonic() - UNANSWERED_SECONDS
        for name, conversation in list(self._conversations.items()):
            if conversation.started < oldest:
                await self._done(name, None)

    async def _record(
        self, connection: Connection, conversation: Conversation, answer: Frame | None
    ) -> None:
        answered = answer is not None and 100 <= answer.status <= 999
        headers = None
        if answer is not None:
            kept = list(answer.http_headers.items())[:HEADERS_MAX]
            headers = {_storable(name): _storable(value) for name, value in kept}
        await listening.record(
            connection,
            Pushed(
                account_id=self.session.account_id,
                session_id=conversation.wish.id,
                push=conversation.push,
                started_ms=conversation.started_ms,
                duration_ms=round((clock.monotonic() - conversation.started) * 1000),
                signature=conversation.signature,
                api_version=conversation.api_version,
                pending_webhooks=conversation.pending_webhooks,
                url=_storable(answer.forward_url, URL_MAX) if answer else "",
                status=answer.status if answer is not None and answered else None,
                answer_headers=msgspec.json.encode(headers).decode() if headers else None,
                answer_body=_storable(answer.body, ANSWER_MAX) if answer else None,
            ),
        )


def _headers(signature: str) -> dict[str, str]:
    return {
        "Accept": "*/*; q=0.5, application/xml",
        "Cache-Control": "no-cache",
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "cardwright",
        signing.HEADER: signature,
    }


def _storable(text: str, longest: int = HEADER_MAX) -> str:
    """Text without what PostgreSQL cannot keep."""
    return text[:longest].encode(errors="replace").decode().replace("\x00", "\ufffd")


@contextmanager
def suppress_passing() -> Iterator[None]:
    """Go on when the database is away for a moment."""
    try:
        yield
    except Exception as error:
        if not passing(error):
            raise
        operator_log.warning("listening.waits", reason=str(error))
