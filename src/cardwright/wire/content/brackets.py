"""The v1 form reader: ``a[b][0][c]=x`` into a tree of dictionaries, lists and strings.

Limits: depth 8, 1,000 fields, list index 999, strict UTF-8; a name that is both a value and a
hash is refused. ``a[]=x`` appends; ``a[][k]=v`` opens a new element when ``k`` comes again.
"""

import re
from typing import Any
from urllib.parse import unquote_to_bytes

from cardwright.kernel.refusal import fail
from cardwright.wire import refusals

DEPTH_MAX = 8
FIELDS_MAX = 1000
INDEX_MAX = 999

# Digits of other scripts are digits too, but no indices.
_INDEX = re.compile(r"[0-9]+")

Tree = dict[str, Any]


def _text(raw: bytes) -> str:
    if b"%" in raw or b"+" in raw:
        raw = unquote_to_bytes(raw.replace(b"+", b" "))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        fail(refusals.BODY_NOT_UTF8)


def read(encoded: bytes) -> Tree:
    """Parse an ``application/x-www-form-urlencoded`` body or query string."""
    tree: Tree = {}
    if not encoded:
        return tree
    parts = encoded.split(b"&")
    if len(parts) > FIELDS_MAX:
        fail(refusals.PARAMETERS_TOO_MANY, limit=FIELDS_MAX)
    for part in parts:
        if not part:
            continue
        name, _, value = part.partition(b"=")
        place(tree, _text(name), _text(value))
    return tree


def split(name: str) -> list[str]:
    """``a[b][0]`` as ``["a", "b", "0"]``; an empty step is an appended element."""
    head, bracket, rest = name.partition("[")
    if not head or "]" in head:
        fail(refusals.FORM_MALFORMED, param=name[:200], name=name[:200], reason="it has no name")
    if not bracket:
        return [head]
    if not rest.endswith("]"):
        fail(
            refusals.FORM_MALFORMED,
            param=name[:200],
            name=name[:200],
            reason="a bracket is not closed",
        )
    steps = rest[:-1].split("][")
    if any("[" in step or "]" in step for step in steps):
        fail(
            refusals.FORM_MALFORMED,
            param=name[:200],
            name=name[:200],
            reason="brackets do not match",
        )
    if len(steps) >= DEPTH_MAX:
        fail(
            refusals.FORM_MALFORMED,
            param=name[:200],
            name=name[:200],
            reason=f"deeper than {DEPTH_MAX} levels",
        )
    return [head, *steps]


def place(tree: Tree, name: str, value: Any) -> None:
    """Put one field into the tree."""
    steps = split(name)
    node: Any = tree
    for position, step in enumerate(steps[:-1]):
        following = steps[position + 1]
        node = _descend(node, step, following, steps[position + 2 :], name)
    _put(node, steps[-1], value, name)


def _descend(node: Any, step: str, following: str, beyond: list[str], name: str) -> Any:
    """The child that holds the next step, made if it is not there."""
    fresh: Any = [] if following == "" else {}
    if isinstance(node, list):
        # a[][k]=v: the last element takes k unless it has it already.
        if step != "" or following == "":
            _conflict(name)
        last = node[-1] if node else None
        if not isinstance(last, dict) or (following in last and not beyond):
            node.append(fresh)
        return node[-1]
    _check_index(step, name)
    child = node.setdefault(step, fresh)
    if type(child) is not type(fresh):
        _conflict(name)
    return child


def _put(node: Any, step: str, value: Any, name: str) -> None:
    if isinstance(node, list):
        if step != "":
            _conflict(name)
        if len(node) > INDEX_MAX:
            fail(
                refusals.FORM_MALFORMED,
                param=name,
                name=name,
                reason=f"more than {INDEX_MAX} elements",
            )
        node.append(value)
        return
    _check_index(step, name)
    if isinstance(node.get(step), (dict, list)):
        _conflict(name)
    node[step] = value


def numbered(value: Any) -> Any:
    """A hash whose names are all indices as the list it stands for; anything else as it is."""
    if isinstance(value, dict) and value and all(_INDEX.fullmatch(key) for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value


def _check_index(step: str, name: str) -> None:
    if _INDEX.fullmatch(step) and (len(step) > 3 or int(step) > INDEX_MAX):
        fail(
            refusals.FORM_MALFORMED,
            param=name,
            name=name,
            reason=f"an index is at most {INDEX_MAX}",
        )


def _conflict(name: str) -> None:
    fail(refusals.FORM_MALFORMED, param=name, name=name, reason="it is given as two kinds of value")
