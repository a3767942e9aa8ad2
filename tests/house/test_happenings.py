"""Whatever happens has a type of its own, is told somewhere, and is heard by handlers that take
exactly that."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import pytest

import cardwright
from cardwright import app
from cardwright.accounts.record.model import AccountClosing
from cardwright.cards.model import CardCanceled
from cardwright.features import happenings
from cardwright.features.happenings import Happening, Listener, on
from cardwright.kernel.database import Tx
from cardwright.kernel.registries import RegistryError

SOURCE = Path(cardwright.__file__).parent

for module in pkgutil.walk_packages(cardwright.__path__, "cardwright."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)


LISTENERS = [listener for feature in app.FEATURES for listener in feature.listeners]


def types() -> dict[str, type[Happening]]:
    return {
        kind.__name__: kind
        for kind in Happening.__subclasses__()
        if kind.__module__.startswith("cardwright.")
    }


def dispatched() -> Iterator[tuple[str, str | None]]:
    """Every place that tells of something, with the name of the type that is made there."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(
                node.func, (ast.Name, ast.Attribute)
            ):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name == "dispatch":
                made = node.args[1] if len(node.args) == 2 else None
                typed = isinstance(made, ast.Call) and isinstance(made.func, ast.Name)
                place = f"{file.relative_to(SOURCE)}:{node.lineno}"
                yield place, made.func.id if typed else None  # type: ignore[union-attr]


def wrong(listener: Listener) -> str | None:
    """What is wrong with a handler: it takes the transaction and just what it waits for."""
    parameters = list(inspect.signature(listener.handler).parameters)
    hints = get_type_hints(listener.handler)
    taken = [hints.get(name) for name in parameters]
    if taken == [Tx, listener.happening]:
        return None
    return f"{listener.handler.__qualname__} takes {taken}, not {listener.happening.__name__}"


def test_what_is_told_has_a_type() -> None:
    assert not [place for place, name in dispatched() if name not in types()]


def test_every_type_is_told_and_heard() -> None:
    told = {name for _, name in dispatched()}
    assert told == set(types())
    assert {listener.happening for listener in LISTENERS} == set(types().values())


def test_every_handler_takes_what_it_waits_for() -> None:
    assert not [said for listener in LISTENERS if (said := wrong(listener))]


def test_a_handler_of_another_shape_is_seen() -> None:
    async def of_nothing(tx: Tx) -> None: ...

    async def of_another(tx: Tx, closing: AccountClosing) -> None: ...

    assert wrong(Listener(CardCanceled, of_nothing)) is not None  # type: ignore[arg-type]
    assert wrong(Listener(CardCanceled, of_another)) is not None
    assert wrong(on(AccountClosing, of_another)) is None


def test_one_handler_hears_of_a_thing_once() -> None:
    async def heard(tx: Tx, closing: AccountClosing) -> None: ...

    with pytest.raises(RegistryError, match="AccountClosing twice"):
        happenings.entries([on(AccountClosing, heard), on(AccountClosing, heard)])
