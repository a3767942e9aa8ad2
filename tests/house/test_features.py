"""What rooms bring: nothing that they have is forgotten, nothing is given twice, and the registries
that it goes into do not change any more."""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import asyncpg
import pytest
from tools.rooms import LINE, SOURCE

import cardwright
from cardwright import app
from cardwright.features import declaration
from cardwright.features.declaration import Feature
from cardwright.features.process import Process
from cardwright.kernel.loop import Part
from cardwright.kernel.registries import Keyed, Ordered, RegistryError, fill
from cardwright.kernel.vault import Vault
from cardwright.roles.application import Application
from cardwright.tenancy import deadlines
from cardwright.wire import expand, front, versions
from cardwright.wire.operation import Operation
from tests.test_house import resources

MODULES: list[ModuleType] = [
    importlib.import_module(module.name)
    for module in pkgutil.walk_packages(cardwright.__path__, "cardwright.")
    if not module.name.endswith("__main__")
]
# What stands in a module under these names, one of the features brings.
OPERATIONS, HANDLERS = "OPERATIONS", "HANDLERS"


def room_of(module: str) -> str:
    return module.split(".")[1]


def said_by_rooms(name: str) -> Iterator[Any]:
    """What is in the tables of a name, in whatever module; not the registries themselves."""
    for module in MODULES:
        found = getattr(module, name, ())
        if not isinstance(found, Keyed):
            yield from found.items() if isinstance(found, dict) else found


@pytest.fixture(autouse=True)
def installed() -> None:
    app.install()


def test_the_list_has_every_feature_in_the_order_of_the_line() -> None:
    rooms = [room for room in LINE if (SOURCE / room / "feature.py").exists()]
    declared = [importlib.import_module(f"cardwright.{room}.feature").FEATURE for room in rooms]
    assert [id(feature) for feature in app.FEATURES] == [id(feature) for feature in declared]


def test_every_room_with_an_operation_has_a_feature_that_brings_it() -> None:
    said = [
        module.__name__ for module in MODULES if isinstance(vars(module).get(OPERATIONS), tuple)
    ]
    rooms = {room_of(module) for module in said}
    assert rooms
    assert not [room for room in rooms if not (SOURCE / room / "feature.py").exists()]
    brought = {id(operation) for operation in app.operations()}
    forgotten = [one.path for one in said_by_rooms(OPERATIONS) if id(one) not in brought]
    assert not forgotten, forgotten


def test_every_handler_of_a_deadline_is_brought() -> None:
    said = {kind: handler for kind, handler in said_by_rooms(HANDLERS) if isinstance(kind, str)}
    assert said
    assert said == deadlines.HANDLERS


def test_edits_and_loaders_are_of_objects() -> None:
    tags = {shape.__struct_config__.tag for shape in resources()}
    assert set(versions.EDITS) <= tags
    # Some are of several kinds of objects, or of objects that are not stored as they are shown.
    assert len(set(expand.LOADERS) & tags) > 10


def test_every_registry_is_filled() -> None:
    registries = {
        id(value): f"{module.__name__}.{name}"
        for module in MODULES
        for name, value in vars(module).items()
        if isinstance(value, (Keyed, Ordered)) and not list(value)
    }
    assert not registries, registries.values()


def test_nothing_is_registered_again() -> None:
    before = len(front.OPERATIONS)
    with pytest.raises(RegistryError, match="filled already"):
        declaration.install(app.FEATURES)
    assert len(front.OPERATIONS) == before


async def answer(_tx: Any, _call: Any) -> dict[str, Any]:
    return {}


def test_an_operation_stands_at_a_path_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the parameter is called, in one feature or in two."""
    one = Operation(method="GET", path="/v1/notes/{id}", handler=answer)
    same = Operation(method="GET", path="/v1/notes/{note}", handler=answer)
    for features in ([Feature(operations=(one, same))], [Feature(operations=(one,))] * 2):
        operations: Keyed[tuple[str, str], Operation] = Keyed("operations")
        monkeypatch.setattr(front, "OPERATIONS", operations)
        given = [each for feature in features for each in feature.entries()]
        with pytest.raises(RegistryError, match="given twice"):
            fill(each for each in given if each.registry is operations)


def test_a_kind_of_deadline_has_one_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    async def meet(_tx: Any, _subject: str) -> None: ...

    handlers: Keyed[str, deadlines.Handler] = Keyed("handlers of deadlines")
    monkeypatch.setattr(declaration, "HANDLERS", handlers)
    features = [Feature(deadlines={"end": meet}), Feature(deadlines={"end": meet})]
    given = [each for feature in features for each in feature.entries()]
    with pytest.raises(RegistryError, match="handlers of deadlines: end is given twice"):
        fill(each for each in given if each.registry is handlers)


def test_a_command_on_the_database_imports_no_framework_for_pages() -> None:
    script = """
import sys
from cardwright import app
app.install()
print(sorted({"litestar", "granian", "uvloop"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


class Told(Part):
    """A part that writes down when it is started and stopped."""

    def __init__(self, name: str, told: list[str]) -> None:
        self.name, self.told = name, told

    @property
    def trouble(self) -> str | None:
        return f"{self.name} is slow" if "slow" in self.told else None

    async def start(self) -> None:
        self.told.append(f"{self.name} starts")

    async def stop(self) -> None:
        self.told.append(f"{self.name} stops")


class Below(Told):
    pass


async def test_parts_start_from_the_ground_up_and_stop_from_the_top_down(
    pool: "asyncpg.Pool[asyncpg.Record]", vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def below(_process: Process) -> Part:
        return Below("below", told)

    def above(process: Process) -> Part:
        return Told(f"above {process.part(Below).name}", told)

    monkeypatch.setattr(app, "FEATURES", (Feature(parts=(below,)), Feature(parts=(above,))))
    application = Application(pool, vault)
    assert (await application.readiness()).reasons == ["the server is starting or stopping"]
    await application.start()
    assert (await application.readiness()).ready
    told.append("slow")
    slow = (await application.readiness()).reasons
    assert slow == ["below is slow", "above below is slow"]
    told.remove("slow")
    await application.stop()
    assert not (await application.readiness()).ready
    assert told == ["below starts", "above below starts", "above below stops", "below stops"]
