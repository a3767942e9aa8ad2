"""The loop that hands emails to the mail server, after the commit that queued them.

An email is taken for a while, handed over outside of any transaction, and marked in another one.
When the server dies in between, it is found again once its time is over and handed over anew with
the same message id: an account gets it at least once, and it is marked once.
"""

import asyncio
from contextlib import AbstractAsyncContextManager

import msgspec

from cardwright.kernel import clock, mail
from cardwright.kernel.database import Database, Tx
from cardwright.kernel.logs import log
from cardwright.kernel.loop import Loop, passing
from cardwright.kernel.mail import Mail, MailError, MailServer
from cardwright.kernel.refusal import Failure
from cardwright.notices import emails, flows
from cardwright.notices.emails import EmailName
from cardwright.notices.model import AccountEmail
from cardwright.tenancy import gates, registry
from cardwright.wire import rows

REST_SECONDS = 0.25
AT_ONCE = 8
# How long an email is left to whoever took it.
LEASE_MS = 60 * clock.SECOND_MS
BACKOFF_FIRST_MS, BACKOFF_MAX_MS = 5 * clock.SECOND_MS, clock.HOUR_MS
# About four days, as mail servers do among themselves.
ATTEMPTS_MAX = 100
TROUBLE_MAX = 500
# How long a sent email waits to be marked while its account cannot be written.
MARKING_SECONDS, MARKING_STEP_SECONDS = 45.0, 0.2


class Mailer(Loop):
    """The loop of emails; without a mail server they wait."""

    def __init__(
        self, database: Database, server: MailServer | None, *, lease_ms: int = LEASE_MS
    ) -> None:
        super().__init__()
        self.database = database
        self.server = server
        self.lease_ms = lease_ms

    async def work(self) -> float:
        """Hand over what is due; one email's trouble does not reach the others."""
        if self.server is None:
            return REST_SECONDS
        async with self.database.connection() as connection:
            due = await emails.to_send(connection, AT_ONCE)
        done = await asyncio.gather(*[self._serve(name) for name in due])
        return 0.0 if any(done) and len(due) == AT_ONCE else REST_SECONDS

    async def _serve(self, name: EmailName) -> bool:
        """Whether the email was handed over, or will be tried later."""
        assert self.server is not None, "the loop rests without a mail server"
        try:
            email = await self._take(name)
            if email is None:
                return False
            try:
                await mail.send(self.server, _mail(email))
            except MailError as error:
                await self._postpone(email, error)
            else:
                await self._mark(email)
        except Exception as error:
            # Nothing is noted, so the email is taken again when its time is over.
            if not (passing(error) or isinstance(error, Failure)):
                log.exception("mail.failed", email=name.id)
            return False
        return True

    async def _take(self, name: EmailName) -> AccountEmail | None:
        """Keep the email from others for a while; None when there is nothing to send."""
        async with self._as_account(name.account_id) as tx:
            email = await rows.lock(tx, AccountEmail, name.id)
            now_ms = clock.machine_ms()
            if email.status != "queued" or (email.due_ms or 0) > now_ms:
                return None
            taken = msgspec.structs.replace(
                email, attempts=email.attempts + 1, due_ms=now_ms + self.lease_ms
            )
            await rows.save(tx, taken)
            return taken

    async def _mark(self, taken: AccountEmail) -> None:
        """Note that it was taken, as soon as the account's clock stands."""
        ends = clock.monotonic() + MARKING_SECONDS
        while True:
            try:
                async with self._as_account(taken.account) as tx:
                    await gates.lock(tx, tx.account_id)
                    email = await rows.lock(tx, AccountEmail, taken.id)
                    if email.status == "queued":
                        await flows.email_sent(tx, email)
            except Exception as error:
                waits = isinstance(error, Failure) or passing(error)
                if not waits or clock.monotonic() >= ends:
                    raise
                await asyncio.sleep(MARKING_STEP_SECONDS)
            else:
                return

    async def _postpone(self, taken: AccountEmail, error: MailError) -> None:
        """Try again later, each time after a longer wait, or never."""
        given_up = error.permanent or taken.attempts >= ATTEMPTS_MAX
        wait_ms = min(BACKOFF_FIRST_MS << min(taken.attempts - 1, 20), BACKOFF_MAX_MS)
        log.warning("mail.not_taken", email=taken.id, trouble=error.detail, given_up=given_up)
        async with self._as_account(taken.account) as tx:
            email = await rows.lock(tx, AccountEmail, taken.id)
            if (email.status, email.attempts) != ("queued", taken.attempts):
                return
            changed = msgspec.structs.replace(
                email,
                status="failed" if given_up else "queued",
                due_ms=None if given_up else clock.machine_ms() + wait_ms,
                trouble=error.detail[:TROUBLE_MAX],
            )
            await rows.save(tx, changed)

    def _as_account(self, account_id: str) -> AbstractAsyncContextManager[Tx]:
        return registry.transaction(self.database, account_id, closed=True)


def _mail(email: AccountEmail) -> Mail:
    return Mail(
        message_id=email.message_id,
        sender=email.sender,
        sender_name=email.sender_name,
        recipient=email.recipient,
        reply_to=email.reply_to,
        subject=email.subject,
        plain_text=email.plain_text,
        html=email.html,
    )
