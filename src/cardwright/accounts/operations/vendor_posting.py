"""The loop that posts cases to vendors, after the commit that opened them.

A case is taken for a while, posted outside of any transaction, and answered in another one. When
the server dies in between, the case is found again once its time is over and posted anew under the
same id: the vendor sees a case at least once, and its answer counts once.
"""

import asyncio
from typing import Any

import msgspec

from cardwright.accounts import reviewing
from cardwright.accounts.operations import vendor
from cardwright.accounts.operations.verification_provider import SECRET
from cardwright.accounts.verification import cases as verification_cases
from cardwright.accounts.verification import documents as verification_documents
from cardwright.accounts.verification import refusals as verification_refusals
from cardwright.accounts.verification.cases import CaseName, VerificationCase
from cardwright.events import signing
from cardwright.kernel import clock
from cardwright.kernel.database import Database
from cardwright.kernel.logs import log
from cardwright.kernel.loop import Loop, passing
from cardwright.kernel.outbound import Outbound, Reply, UnreachableError
from cardwright.kernel.refusal import Failure
from cardwright.tenancy import platforms, registry, secrets
from cardwright.wire import rows

REST_SECONDS = 0.25
AT_ONCE = 16
TIMEOUT_SECONDS = 10.0
# How long a case is left to whoever took it.
LEASE_MS = 15 * clock.SECOND_MS
BACKOFF_FIRST_MS, BACKOFF_MAX_MS = clock.SECOND_MS, clock.HOUR_MS
# About a day: afterwards the case is the operator's.
ATTEMPTS_MAX = 36
TROUBLE_MAX = 500
SIGNATURE = signing.HEADER.lower()


class Parcel(msgspec.Struct, frozen=True):
    """A case that was taken, and what is posted for it."""

    case: VerificationCase
    url: str
    secret: str
    body: bytes


class VerificationPoster(Loop):
    """The loop of vendors."""

    def __init__(self, database: Database, outbound: Outbound) -> None:
        super().__init__()
        self.database = database
        self.outbound = outbound

    async def work(self) -> float:
        """Post what is due; one vendor's trouble does not reach the others' cases."""
        async with self.database.connection() as connection:
            due = await verification_cases.to_post(connection, AT_ONCE)
        await asyncio.gather(*[self._serve(name) for name in due])
        return 0.0 if len(due) == AT_ONCE else REST_SECONDS

    async def _serve(self, name: CaseName) -> None:
        try:
            parcel = await self._take(name)
            if parcel is not None:
                await self._take_reply(parcel, await self._post(parcel))
        except Exception as error:
            # Nothing is noted, so the case is taken again when its time is over.
            if not (passing(error) or isinstance(error, Failure)):
                log.exception("verification.post_failed", case=name.id)

    async def _take(self, name: CaseName) -> Parcel | None:
        """Keep the case from others for a while; None when there is nothing to post."""
        async with registry.transaction(self.database, name.account_id) as tx:
            case = await rows.lock(tx, VerificationCase, name.id)
            now_ms = clock.machine_ms()
            if case.status != "queued" or (case.due_ms or 0) > now_ms:
                return None
            settings = await platforms.settings(tx)
            check = await reviewing.values_of(tx, case)
            if check is None:
                await rows.save(tx, msgspec.structs.replace(case, status="superseded", due_ms=None))
                return None
            if settings.verification_url is None or case.attempts >= ATTEMPTS_MAX:
                case = msgspec.structs.replace(case, status="needs_review", due_ms=None)
                await rows.save(tx, case)
                log.warning("verification.left_to_operator", case=case.id, trouble=case.trouble)
                return None
            case = msgspec.structs.replace(
                case, attempts=case.attempts + 1, due_ms=now_ms + LEASE_MS
            )
            await rows.save(tx, case)
            secret = await secrets.get(
                tx.connection, tx.vault, tx.platform_id, tx.platform_id, SECRET
            )
            assert secret is not None, f"{tx.platform_id} has a vendor without a secret"
            documents = await verification_documents.links(tx, case, check)
            body = vendor.question(case, check, documents)
            return Parcel(case, settings.verification_url, secret, body)

    async def _post(self, parcel: Parcel) -> Reply | str:
        """The vendor's reply, or why there is none."""
        case = parcel.case
        try:
            return await self.outbound.post(
                parcel.url,
                parcel.body,
                vendor.headers(case, parcel.body, parcel.secret),
                livemode=case.livemode,
                timeout_seconds=TIMEOUT_SECONDS,
            )
        except UnreachableError as error:
            return f"The vendor could not be reached: {error.detail}"

    async def _take_reply(self, parcel: Parcel, reply: Reply | str) -> None:
        """Take the answer in the reply, wait for a later one, or try again later."""
        case = parcel.case
        if isinstance(reply, str):
            return await self._postpone(case, reply)
        if reply.status == 202:
            return await self._posted(case)
        if reply.status != 200:
            return await self._postpone(case, f"The vendor answered with status {reply.status}.")
        signature = next(
            (value for name, value in reply.headers.items() if name.lower() == SIGNATURE), None
        )
        now = clock.machine_ms() // clock.SECOND_MS
        try:
            vendor.check_signature(reply.body, signature, parcel.secret, now)
            answer = vendor.read_answer(reply.body)
            if (answer.account, answer.case) != (case.account, case.id):
                raise Failure(
                    verification_refusals.VERIFICATION_ANSWER_MALFORMED,
                    reason="it names another case",
                )
        except Failure as failure:
            return await self._postpone(case, failure.message)
        verdict = vendor.verdict_of(answer, case)
        if verdict is None:
            return await self._posted(case)
        async with registry.transaction(self.database, case.account) as tx:
            await reviewing.answer_case(tx, case.id, verdict, "vendor")

    async def _posted(self, case: VerificationCase) -> None:
        """The vendor has the case and answers by itself."""
        await self._note(case, status="posted", due_ms=None, trouble=None)

    async def _postpone(self, case: VerificationCase, trouble: str) -> None:
        """Try again later, each time after a longer wait."""
        wait_ms = min(BACKOFF_FIRST_MS << min(case.attempts - 1, 20), BACKOFF_MAX_MS)
        due_ms = clock.machine_ms() + wait_ms
        log.warning("verification.not_answered", case=case.id, trouble=trouble)
        await self._note(case, due_ms=due_ms, trouble=trouble[:TROUBLE_MAX])

    async def _note(self, taken: VerificationCase, **changes: Any) -> None:
        """Change a case that nothing happened to while it was posted."""
        async with registry.transaction(self.database, taken.account) as tx:
            case = await rows.lock(tx, VerificationCase, taken.id)
            if (case.status, case.attempts) == ("queued", taken.attempts):
                await rows.save(tx, msgspec.structs.replace(case, **changes))
