"""The closed table of refusals: the rows of all rooms."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType

import cardwright
from cardwright.kernel.refusal import Refusal


def modules() -> list[ModuleType]:
    """The modules that say rows."""
    return [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(cardwright.__path__, "cardwright.")
        if module.name.endswith(".refusals")
    ]


def rows_of(module: ModuleType) -> list[Refusal]:
    """The rows that a module says, those of a table of rows included."""
    found: list[Refusal] = []
    for value in vars(module).values():
        if isinstance(value, Refusal):
            found.append(value)
        elif isinstance(value, dict):
            found += [row for row in value.values() if isinstance(row, Refusal)]
    return found


@cache
def closed_table() -> dict[str, Refusal]:
    """Every refusal that a caller can see, by name."""
    return {row.name: row for module in modules() for row in rows_of(module)}
