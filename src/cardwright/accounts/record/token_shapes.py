"""What tokens of v2 bring: the members of accounts and persons, where agreements only say that
they were shown and accepted; when and from where follows from the token."""

from functools import cache
from typing import Annotated, Any, cast

import msgspec

from cardwright.accounts.record.identity import (
    Acceptance,
    Attestations,
    BusinessDetails,
    EntityType,
    Person,
)
from cardwright.accounts.record.model import Account
from cardwright.wire.resource import KeywordOnly, Mark, Parameters, Shape, members

Tree = dict[str, Any]


class Shown(Shape):
    """Whether terms were shown and accepted."""

    shown_and_accepted: bool | None = None


class Attested(Shape):
    """Whether something was declared to be so."""

    attested: bool | None = None


_SAID = (*Shown.__struct_fields__, *Attested.__struct_fields__)


@cache
def _holds(shape: type[msgspec.Struct]) -> bool:
    """Whether there are acceptances in it."""
    return any(
        member.type is Acceptance or (_is_shape(member.type) and _holds(member.type))
        for member in members(shape).values()
    )


def _is_shape(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


@cache
def _derived(shape: type[msgspec.Struct], base: type[msgspec.Struct]) -> type[Shape]:
    """The shape with every acceptance in it replaced; declarations are attested, terms shown."""
    annotations: dict[str, Any] = {}
    namespace: dict[str, Any] = {"__module__": __name__, "__annotations__": annotations}
    for name, member in members(shape).items():
        kind = member.type
        if kind is Acceptance:
            kind = Attested if shape is Attestations else Shown
        elif _is_shape(kind) and _holds(kind):
            kind = _derived(kind, Shape)
        annotations[name] = Annotated[kind | None, member.mark or Mark()]
        namespace[name] = None
    return cast("type[Shape]", KeywordOnly(f"Token{shape.__name__}", (base,), namespace))


class TokenIdentity(Shape):
    """Who an account is, as its token brings it."""

    attestations: _derived(Attestations, Shape) | None = None  # type: ignore[valid-type]
    business_details: BusinessDetails | None = None
    entity_type: EntityType | None = None
    individual: _derived(Person, Shape) | None = None  # type: ignore[valid-type]


class AccountTokenParameters(Parameters):
    """``POST /v2/core/account_tokens``."""

    contact_email: Annotated[str | None, Mark(longest=800)] = None
    contact_phone: Annotated[str | None, Mark(longest=50)] = None
    display_name: Annotated[str | None, Mark(longest=200)] = None
    identity: TokenIdentity | None = None


# ``POST /v2/core/accounts/:id/person_tokens``.
PersonTokenParameters = _derived(Person, Parameters)


class AccountGiven(Account, tag="v2.core.account"):
    """An account as a call gives it: who it is may come by a token."""

    account_token: Annotated[str | None, Mark("cu", longest=100)] = None


class PersonGiven(Person, tag="v2.core.account_person"):
    """A person as a call gives it: all of it may come by a token."""

    person_token: Annotated[str | None, Mark("cu", longest=100)] = None


def accepted(tree: Tree, acceptance: Tree) -> Tree:
    """What a token brought, with the acceptance in the place of every word that there was one."""
    result: Tree = {}
    for name, value in tree.items():
        if not isinstance(value, dict):
            result[name] = value
        elif len(value) == 1 and next(iter(value)) in _SAID:
            if next(iter(value.values())):
                result[name] = acceptance
        else:
            result[name] = accepted(value, acceptance)
    return result
