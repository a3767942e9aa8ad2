"""Answers against the typed classes of the official SDK: what the classes promise is there.

Run as a program, because the stable and the preview release of the SDK cannot be loaded into one
process: reads ``[[class, body], ...]`` as JSON, writes the list of what is amiss.
"""

import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import stripe

PLACES = (stripe.issuing, stripe.v2.core, stripe)


def class_of(name: str) -> Any:
    """The class of a dotted name within the SDK: ``issuing.Card``."""
    found: Any = stripe
    for step in name.split("."):
        found = getattr(found, step)
    return found


def alternatives(kind: Any) -> list[Any]:
    """The types that an annotation allows; what only names a class becomes the class."""
    if get_origin(kind) is Union:
        return [each for part in get_args(kind) for each in alternatives(part)]
    name = kind.__forward_arg__ if isinstance(kind, ForwardRef) else kind
    if isinstance(name, str):
        known = (getattr(place, name.rpartition(".")[2], None) for place in PLACES)
        return [next((found for found in known if found is not None), Any)]
    return [kind]


def amiss(body: dict[str, Any], shape: Any, path: str) -> Iterator[str]:
    """The members that the class promises and the body lacks, or has as something else."""
    for name, kind in getattr(shape, "__annotations__", {}).items():
        if name.startswith("_") or "ClassVar" in str(kind):
            continue
        kinds = alternatives(kind)
        if body.get(name) is not None:
            yield from _amiss_value(body[name], kinds, f"{path}.{name}")
        elif type(None) not in kinds:
            yield f"{path}.{name} is {'null' if name in body else 'not there'}"


def _amiss_value(value: Any, kinds: list[Any], path: str) -> Iterator[str]:
    if not any(_fits(value, kind) for kind in kinds):
        yield f"{path} is {value!r}"
    for kind in kinds:
        if isinstance(value, dict) and isinstance(kind, type):
            yield from amiss(value, kind, path)
        if isinstance(value, list) and get_origin(kind) is list:
            for index, item in enumerate(value):
                yield from _amiss_value(item, alternatives(get_args(kind)[0]), f"{path}[{index}]")


def _fits(value: Any, kind: Any) -> bool:
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if kind in (str, bool):
        return type(value) is kind
    if kind in (int, float):
        # v2 writes integers of 64 bits as text, and so do decimals everywhere.
        return type(value) in (int, kind) or (isinstance(value, str) and value.isdigit())
    if kind is Decimal:
        return isinstance(value, str)
    if isinstance(value, list):
        return get_origin(kind) is list
    # An object, or the id of one that was not expanded.
    return kind is Any or isinstance(value, (dict, str))


if __name__ == "__main__":
    answers = json.load(sys.stdin)
    found = [each for name, body in answers for each in amiss(body, class_of(name), name)]
    sys.stdout.write(json.dumps({"release": stripe.VERSION, "amiss": found}))
