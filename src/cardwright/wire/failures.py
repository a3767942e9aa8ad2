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


def encoded(failure: Failure, api: str, account_hint: str | None = None) -> tuple[int, bytes]:
    """The status and the JSON body of a refusal."""
    return failure.refusal.status, msgspec.json.encode(body_of(failure, api, account_hint))


def internal(request_id: str, error: BaseException) -> Failure:
    """The refusal that hides a defect from the caller; the log has it whole."""
    LOG.error("request %s failed", request_id, exc_info=error)
    return Failure(refusals.INTERNAL, request=request_id)
