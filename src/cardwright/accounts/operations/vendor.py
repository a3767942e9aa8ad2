"""What is said between this server and a vendor that verifies: bodies, signatures, answers.

Both sides sign the same way: ``Stripe-Signature: t=<seconds>,v1=<HMAC-SHA256 of "t.body">`` with
the secret of the vendor's address.
"""

import hmac
from typing import Any, Literal, get_args

import msgspec

from cardwright.accounts.requirements.checks import VERIFIED, Check
from cardwright.accounts.requirements.error_words import ERROR_WORDS
from cardwright.accounts.reviewing import Verdict, code_of
from cardwright.accounts.verification import refusals as verification_refusals
from cardwright.accounts.verification.cases import VerificationCase
from cardwright.events import signing
from cardwright.kernel import clock
from cardwright.kernel.refusal import fail
from cardwright.wire.pages import is_cursor

TOLERANCE_SECONDS = 300
VendorOutcome = Literal["approved", "document_requested", "pending", "rejected"]


class VendorAnswer(msgspec.Struct, kw_only=True):
    """An answer to a case; ``code`` says what is wrong and is needed for a rejection."""

    account: str
    case: str
    outcome: str
    code: str | None = None


def question(case: VerificationCase, check: Check, documents: list[dict[str, Any]]) -> bytes:
    """The body that asks about a case: its values in clear, and where documents are fetched."""
    return msgspec.json.encode(
        {
            "id": case.id,
            "object": "verification_case",
            "account": case.account,
            "created": case.created,
            "documents": documents,
            "kind": case.kind,
            "livemode": case.livemode,
            "subject": case.subject,
            "values": check.values,
        }
    )


def headers(case: VerificationCase, body: bytes, secret: str) -> dict[str, str]:
    """What goes with a body: its signature, and the case as the key of what is done once."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": case.id,
        signing.HEADER: signing.header(body, [secret], clock.machine_ms() // clock.SECOND_MS),
    }


def check_signature(body: bytes, header: str | None, secret: str, now: int) -> None:
    """Refuse a body that was not signed with the secret within the last minutes."""
    parts = [part.partition("=") for part in (header or "").split(",")]
    times = [value for name, _, value in parts if name.strip() == "t"]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit() or len(times[0]) > 12:
        fail(
            verification_refusals.VERIFICATION_ANSWER_UNSIGNED,
            reason=f"it has no {signing.HEADER} of the form t=,v1=",
        )
    at = int(times[0])
    if abs(now - at) > TOLERANCE_SECONDS:
        fail(
            verification_refusals.VERIFICATION_ANSWER_UNSIGNED,
            reason="it was signed too long ago, or in the future",
        )
    expected = signing.header(body, [secret], at).partition("v1=")[2]
    given = [value for name, _, value in parts if name.strip() == "v1"]
    if not any(hmac.compare_digest(value.encode(), expected.encode()) for value in given):
        fail(verification_refusals.VERIFICATION_ANSWER_UNSIGNED, reason="the signature is another")


def read_answer(body: bytes) -> VendorAnswer:
    """The answer in a body; refuses with ``verification_answer_malformed``."""
    try:
        answer = msgspec.json.decode(body, type=VendorAnswer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        fail(verification_refusals.VERIFICATION_ANSWER_MALFORMED, reason=str(error)[:200])
    if not (is_cursor(answer.account) and is_cursor(answer.case)):
        fail(verification_refusals.VERIFICATION_ANSWER_MALFORMED, reason="account and case are ids")
    if answer.outcome not in get_args(VendorOutcome):
        allowed = ", ".join(get_args(VendorOutcome))
        fail(
            verification_refusals.VERIFICATION_ANSWER_MALFORMED,
            param="outcome",
            reason=f"outcome is one of {allowed}",
        )
    wrong = answer.outcome in ("rejected", "document_requested")
    if answer.code is not None and (not wrong or answer.code not in ERROR_WORDS):
        fail(
            verification_refusals.VERIFICATION_ANSWER_MALFORMED,
            param="code",
            reason="code is that of a requirement error, and only of what is wrong",
        )
    if answer.outcome == "rejected" and answer.code is None:
        fail(
            verification_refusals.VERIFICATION_ANSWER_MALFORMED,
            param="code",
            reason="a rejection needs a code",
        )
    return answer


def verdict_of(answer: VendorAnswer, case: VerificationCase) -> Verdict | None:
    """What an answer means for the case; None while the vendor is still at it."""
    if answer.outcome == "pending":
        return None
    if answer.outcome == "approved":
        return Verdict(VERIFIED)
    if answer.outcome == "rejected":
        return Verdict(answer.code or "")
    return Verdict(answer.code or code_of(case), wants_document=True)
