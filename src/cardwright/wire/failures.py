"""Refusals as bodies: the v1 and the v2 form of one row of the table."""

import logging
from typing import Any

import msgspec

from cardwright.kernel.refusal import Failure
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import refusals

LOG = logging.getLogger("cardwright")
RETRYABLE_STATUSES = frozenset({409, 429, 502, 503, 504})
ACCOUNT_HINT = "If it belongs to a connected account, send its id in the Stripe-Account header."
# What is nearly always a connected account's.
OF_ACCOUNTS = frozenset({"authorization", "card", "cardholder", "transaction"})


def body_of(failure: Failure, api: str, account_hint: str | None = None) -> dict[str, Any]:
    """The error object of a refusal in ``v1`` or ``v2``; the hint is for a missing object that
    connected accounts have, whether it exists there or not."""
    failure = as_told(failure, api)
    refusal, message = failure.refusal, failure.message
    missing = refusal == tenancy_refusals.RESOURCE_MISSING
    if missing and failure.words.get("object") in OF_ACCOUNTS:
        message = message if account_hint is None else f"{message}. {account_hint}"
    if api == "v2":
        row = refusals.NOT_FOUND if missing else refusal
        error: dict[str, Any] = {"code": row.code or row.name, "message": message}
        if refusal.v2_type is not None:
            error["type"] = refusal.v2_type
        if failure.param is not None:
            error["param"] = failure.param
        error |= {name: failure.words[name] for name in refusal.members}
        return {"error": error}
    error = {"type": refusal.type, "message": message}
    if refusal.code is not None:
        error["code"] = refusal.code
    if failure.param is not None:
        error["param"] = failure.param
    return {"error": error}


def as_told(failure: Failure, api: str) -> Failure:
    """The refusal in the words of an API: v1 does not tell a deleted account from one that is out
    of the key's reach."""
    if api == "v1" and failure.refusal == tenancy_refusals.ACCOUNT_CLOSED:
        return Failure(tenancy_refusals.ACCOUNT_GONE, account=failure.words["account"])
    return failure


def encoded(failure: Failure, api: str, account_hint: str | None = None) -> tuple[int, bytes]:
    """The status and the JSON body of a refusal."""
    status = as_told(failure, api).refusal.status
    return status, msgspec.json.encode(body_of(failure, api, account_hint))


def answer_to(
    error: Exception, request_id: str, api: str, account_hint: str | None = None
) -> tuple[int, bytes]:
    """The status and the JSON body for what came of a request, expected or not.

    What was raised remembers the whole call with its body, so it is kept in no variable of it.
    """
    failure = error if isinstance(error, Failure) else internal(request_id, error)
    return encoded(failure, api, account_hint)


def internal(request_id: str, error: BaseException) -> Failure:
    """The refusal that hides a defect from the caller; the log has it whole."""
    LOG.error("request %s failed", request_id, exc_info=error)
    return Failure(refusals.INTERNAL, request=request_id)
