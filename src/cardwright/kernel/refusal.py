"""One row of the table of refusals."""

from typing import NamedTuple

INVALID = "invalid_request_error"


class Refusal(NamedTuple):
    """How a refusal looks on the wire; ``{words}`` are filled in where it is raised, and those
    named by ``members`` are members of the error in v2."""

    status: int
    type: str
    code: str | None
    message: str
    v2_type: str | None = None
    members: tuple[str, ...] = ()
