"""What an operator does, as verbs that declare what is at stake.

A verb is a flow. Every door to it, an operation under ``/_cardwright``, a command, later a page,
calls the flow and nothing beside it, so that what depends on the kind of a verb, as the approval of
a second person does, is decided in one place.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar

# What weighs most when several are true: the order in which they stand here.
Kind = Literal["moves_money", "widens_risk", "reveals", "none"]
FlowT = TypeVar("FlowT", bound=Callable[..., Awaitable[Any]])


def operator_verb(*, kind: Kind) -> Callable[[FlowT], FlowT]:
    """Declare that a flow is a verb of the operator.

    ``moves_money`` books entries or hands a file to a bank; ``widens_risk`` lets somebody do more
    than before, or pay by other rules; ``reveals`` shows what is sealed, or a new secret; ``none``
    does nothing of this.
    """

    def declared(flow: FlowT) -> FlowT:
        flow.operator_kind = kind  # type: ignore[attr-defined]
        return flow

    return declared


def kind_of(flow: object) -> Kind | None:
    """The kind that a verb declares; None for what is no verb."""
    kind: Kind | None = getattr(flow, "operator_kind", None)
    return kind
