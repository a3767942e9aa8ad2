"""How a caller is refused: a row of the closed table, and the exception that carries it.

Each room says its rows as constants in a ``refusals.py``; ``wire/refusals.py`` has the general
ones. An expected failure is raised with ``fail``; an impossible state asserts.
"""

from typing import NamedTuple, NoReturn

INVALID = "invalid_request_error"


class Refusal(NamedTuple):
    """How a refusal looks on the wire; ``{words}`` of the message are filled in where it is
    raised, and those named by ``members`` are members of the error in v2.

    ``code`` is of both versions; where there is none, v2 says the ``name``. ``type`` is of v1; v2
    has one only for the typed errors (``v2_type``).
    """

    name: str
    message: str
    code: str | None = None
    status: int = 400
    type: str = INVALID
    v2_type: str | None = None
    members: tuple[str, ...] = ()


class Failure(Exception):  # noqa: N818 - an expected answer, not a defect
    """An expected refusal: a row of the table with its words filled in."""

    def __init__(
        self,
        refusal: Refusal,
        /,
        *,
        param: str | None = None,
        hint: str | None = None,
        **words: object,
    ) -> None:
        self.refusal = refusal
        self.param = param
        self.words = words
        self.hint = hint
        self.message = refusal.message.format(param=param, **words)
        if hint is not None:
            self.message = f"{self.message.removesuffix('.')}. {hint}"
        super().__init__(self.message)


class RecordedFailure(Failure):
    """A refusal that is on record: what its flow wrote before it stays."""


def fail(
    refusal: Refusal, /, *, param: str | None = None, hint: str | None = None, **words: object
) -> NoReturn:
    """Refuse; ``param`` is the bracket path (v1) or dotted path (v2). ``hint`` is a sentence behind
    the message that says what would help."""
    raise Failure(refusal, param=param, hint=hint, **words)
