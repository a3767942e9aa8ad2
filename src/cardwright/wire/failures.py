"""Refusals as bodies: the v1 and the v2 form of one row of the table."""

import logging
from typing import Any

import msgspec

from cardwright.kernel.errors import REFUSALS, Failure

LOG = logging.getLogger("cardwright")
RETRYABLE_STATUSES = frozenset({409, 429, 503})


def body_of(failure: Failure, api: str) -> dict[str, Any]:
    """The error object of a refusal in ``v1`` or ``v2``."""
    refusal = failure.refusal
    if api == "v2":
        name = "not_found" if failure.name == "resource_missing" else failure.name
        error = {"code": REFUSALS[name].code or name, "message": failure.message}
        if refusal.v2_type is not None:
            error["type"] = refusal.v2_type
        if failure.param is not None:
            error["param"] = failure.param
        return {"error": error}
    error = {"type": refusal.type, "message": failure.message}
    if refusal.code is not None:
        error["code"] = refusal.code
    if failure.param is not None:
        error["param"] = failure.param
    return {"error": error}


def encoded(failure: Failure, api: str) -> tuple[int, bytes]:
    """The status and the JSON body of a refusal."""
    return failure.refusal.status, msgspec.json.encode(body_of(failure, api))


def internal(request_id: str, error: BaseException) -> Failure:
    """The refusal that hides a defect from the caller; the log has it whole."""
    LOG.error("request %s failed", request_id, exc_info=error)
    return Failure("internal", request=request_id)
