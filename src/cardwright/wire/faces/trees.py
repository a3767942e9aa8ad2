"""Trees of what was given, and the dotted paths in them."""

from collections.abc import Iterable, Iterator
from typing import Any

Tree = dict[str, Any]


def beginnings(path: str) -> Iterator[str]:
    """``a`` and ``a.b`` of ``a.b.c``, the shortest first."""
    place = path.find(".")
    while place >= 0:
        yield path[:place]
        place = path.find(".", place + 1)


def keep(given: Tree, paths: Iterable[str], held: Tree) -> Tree:
    """What is held at some paths as it is after a call: hashes join, null takes away."""
    for path in paths:
        found, value = take(given, path)
        if found:
            changes: Tree = {}
            put(changes, path, value)
            held = _joined(held, changes)
    return held


def _joined(before: Tree, changes: Tree) -> Tree:
    after = dict(before)
    for name, value in changes.items():
        if value is None:
            after.pop(name, None)
        elif isinstance(value, dict):
            held = after.get(name)
            after[name] = _joined(held if isinstance(held, dict) else {}, value)
        else:
            after[name] = value
    return after


def bracketed(path: str) -> str:
    """A dotted path as a parameter of a form."""
    head, *steps = path.split(".")
    return head + "".join(f"[{step}]" for step in steps)


def take(tree: Tree, path: str) -> tuple[bool, Any]:
    """Whether a dotted path was given, and its value."""
    node: Any = tree
    for step in path.split("."):
        if not isinstance(node, dict) or step not in node:
            return False, None
        node = node[step]
    return True, node


def put(tree: Tree, path: str, value: Any) -> None:
    """Set a dotted path, making the hashes on the way."""
    put_at(tree, tuple(path.split(".")), value)


def put_at(tree: Tree, steps: tuple[str, ...], value: Any) -> None:
    """The same by the steps of the path."""
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
    tree[steps[-1]] = value
