"""Where v1 has single members and the record has lists, and what v1 alone says: pure."""

from collections.abc import Sequence

import msgspec

from cardwright.accounts.record.identity import (
    AdditionalBusinessAddress,
    AdditionalName,
    AdditionalPersonAddress,
)
from cardwright.wire.faces.trees import Tree, take


def addresses(
    given: Tree,
    places: Sequence[tuple[str, str]],
    before: Sequence[AdditionalBusinessAddress] | Sequence[AdditionalPersonAddress],
) -> list[Tree] | None:
    """The whole list of further addresses, if the call gives one of them; ``places`` says which
    purpose a v1 member has."""
    known: dict[str, Tree] = {address.purpose: msgspec.to_builtins(address) for address in before}
    touched = False
    for source, purpose in places:
        found, address = take(given, source)
        if not found:
            continue
        touched = True
        merged = {**known.get(purpose, {}), **(address or {}), "purpose": purpose}
        if address is None or not _said(merged):
            known.pop(purpose, None)
        else:
            known[purpose] = merged
    return [_filled(address) for address in known.values()] if touched else None


def address_of(
    addresses: Sequence[AdditionalBusinessAddress] | Sequence[AdditionalPersonAddress], purpose: str
) -> AdditionalBusinessAddress | AdditionalPersonAddress | None:
    """The further address of a purpose."""
    return next((address for address in addresses if address.purpose == purpose), None)


def names(given: Tree, before: Sequence[AdditionalName]) -> list[Tree] | None:
    """The whole list of further names, if the call gives aliases or a maiden name."""
    aliases: list[Tree] = [_filled(msgspec.to_builtins(one)) for one in before if _is(one, "alias")]
    maiden: list[Tree] = [_filled(msgspec.to_builtins(one)) for one in before if _is(one, "maiden")]
    if "full_name_aliases" not in given and "maiden_name" not in given:
        return None
    if "full_name_aliases" in given:
        wanted = given["full_name_aliases"] or []
        aliases = [{"purpose": "alias", "full_name": name} for name in wanted]
    if "maiden_name" in given:
        name = given["maiden_name"]
        maiden = [{"purpose": "maiden", "surname": name}] if name else []
    return aliases + maiden


def aliases_of(found: Sequence[AdditionalName]) -> list[str]:
    """Further names as v1 lists them."""
    return [whole_name(one) for one in found if _is(one, "alias")]


def maiden_name_of(found: Sequence[AdditionalName]) -> str | None:
    """The name before marriage, as v1 has it."""
    return next((one.surname or whole_name(one) for one in found if _is(one, "maiden")), None)


def whole_name(name: AdditionalName) -> str:
    """A further name in one piece."""
    return name.full_name or " ".join(part for part in (name.given_name, name.surname) if part)


def _is(name: AdditionalName, purpose: str) -> bool:
    return name.purpose == purpose


def _said(address: Tree) -> bool:
    return any(value for name, value in address.items() if name != "purpose")


def _filled(tree: Tree) -> Tree:
    return {name: value for name, value in tree.items() if value is not None}
