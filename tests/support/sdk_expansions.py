"""What the typed classes of the official SDK say may be expanded, by the tag of the object.

Run as a program, because the stable and the preview release of the SDK cannot be loaded into one
process: writes ``{"release": ..., "expandable": {tag: [path, ...]}}`` as JSON.
"""

import importlib
import inspect
import json
import sys
from collections.abc import Iterator
from typing import Any, ForwardRef, Union, get_args, get_origin

import stripe
from stripe import StripeObject
from stripe._object_classes import OBJECT_CLASSES


def resources() -> Iterator[tuple[str, Any]]:
    """Every class of an API object that the SDK has, by its tag."""
    for tag, (module, name) in OBJECT_CLASSES.items():
        yield tag, getattr(importlib.import_module(module), name)


def expandable(shape: Any, path: str = "") -> Iterator[str]:
    """The members of a class and of the hashes in it that hold an id or the object it names."""
    for name, kind in getattr(shape, "__annotations__", {}).items():
        if not name.startswith("_") and "ClassVar" not in str(kind):
            yield from _expandable(kind, f"{path}.{name}".removeprefix("."))


def _expandable(kind: Any, path: str) -> Iterator[str]:
    parts = get_args(kind)
    if get_origin(kind) is Union:
        named = any(isinstance(part, ForwardRef) or _is_hash(part) for part in parts)
        if str in parts and named:
            yield path
            return
    for part in parts:
        yield from _expandable(part, path)
    if _is_hash(kind) and not getattr(kind, "OBJECT_NAME", None):
        yield from expandable(kind, path)


def _is_hash(kind: Any) -> bool:
    return inspect.isclass(kind) and issubclass(kind, StripeObject)


if __name__ == "__main__":
    found: dict[str, list[str]] = {tag: sorted(set(expandable(each))) for tag, each in resources()}
    sys.stdout.write(json.dumps({"release": stripe.VERSION, "expandable": found}))
