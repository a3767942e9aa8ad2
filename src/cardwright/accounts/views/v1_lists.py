"""Where v1 has single members and the record has lists, and what v1 alone says: pure."""

from collections.abc import Sequence
from typing import Any

import msgspec

from cardwright.accounts.record.identity import (
    AdditionalBusinessAddress,
    AdditionalName,
    AdditionalPersonAddress,
)

Tree = dict[str, Any]


def take(tree: Tree, dotted: str) -> tuple[bool, Any]:
    """Whether a path was given, and its value."""
    node: Any = tree
    for step in dotted.split("."):
        if not isinstance(node, dict) or step not in node:
            return False, None
        node = node[step]
    return True, node


def put(tree: Tree, dotted: str, value: Any) -> None:
    """Set a path, making the hashes on the way."""
    *branches, leaf = dotted.split(".")
    for step in branches:
        tree = tree.setdefault(step, {})
    tree[leaf] = value


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


def kept(given: Tree, places: Sequence[str], before: Tree) -> Tree | None:
    """What v1 alone says as it is after the call, if the call gives any of it: hashes merge,
    null takes away."""
    after = before
    for place in places:
        found, value = take(given, place)
        if found:
            *branches, leaf = place.split(".")
            changes: Tree = {leaf: value}
            for step in reversed(branches):
                changes = {step: changes}
            after = _merged(after, changes)
    return None if after is before else after


def _merged(before: Tree, changes: Tree) -> Tree:
    after = dict(before)
    for name, value in changes.items():
        if value is None:
            after.pop(name, None)
        elif isinstance(value, dict):
            held = after.get(name)
            after[name] = _merged(held if isinstance(held, dict) else {}, value)
        else:
            after[name] = value
    return after


def _is(name: AdditionalName, purpose: str) -> bool:
    return name.purpose == purpose


def _said(address: Tree) -> bool:
    return any(value for name, value in address.items() if name != "purpose")


def _filled(tree: Tree) -> Tree:
    return {name: value for name, value in tree.items() if value is not None}
