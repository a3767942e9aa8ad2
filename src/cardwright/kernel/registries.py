"""Registries: what rooms further up the line put into a room below, by a key or in order.

A registry stands where it is read. It is filled once in a process, from what the features declare,
and frozen from then on. A key that is given twice is refused.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, Generic, NoReturn, Protocol, TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")
ItemT = TypeVar("ItemT")


class RegistryError(Exception):
    """A registry was filled again, changed after it was filled, or given a key or an item twice."""


class Registry(Protocol):
    """What entries can be gathered for."""

    def fill(self, given: Iterable[Any]) -> None:
        """Take everything that there is, once."""


class Entries(Generic[ItemT]):
    """What a feature puts into a registry."""

    def __init__(self, registry: Registry, given: Iterable[ItemT]) -> None:
        self.registry = registry
        self.given = tuple(given)


class Keyed(dict[KeyT, ValueT]):
    """What is registered by a key; ``what`` names it in errors. It is read as any dictionary."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what
        self._filled = False

    def entries(self, given: Mapping[KeyT, ValueT]) -> Entries[tuple[KeyT, ValueT]]:
        """What a feature registers."""
        return Entries(self, given.items())

    def fill(self, given: Iterable[tuple[KeyT, ValueT]]) -> None:
        """Take everything that there is, once."""
        if self._filled:
            raise RegistryError(f"{self._what}: filled already")
        self._filled = True
        for key, value in given:
            if key in self:
                raise RegistryError(f"{self._what}: {key} is given twice")
            super().__setitem__(key, value)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise RegistryError(f"{self._what}: only features put something here")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


class Ordered(Generic[ItemT]):
    """What is registered in the order of the features; ``what`` names it in errors."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._items: tuple[ItemT, ...] | None = None

    def __iter__(self) -> Iterator[ItemT]:
        return iter(self._items or ())

    def entries(self, *given: ItemT) -> Entries[ItemT]:
        """What a feature registers."""
        return Entries(self, given)

    def fill(self, given: Iterable[ItemT]) -> None:
        """Take everything that there is, once."""
        if self._items is not None:
            raise RegistryError(f"{self._what}: filled already")
        items = tuple(given)
        for at, item in enumerate(items):
            if item in items[:at]:
                raise RegistryError(f"{self._what}: {item} is given twice")
        self._items = items


def fill(entries: Iterable[Entries[Any]]) -> None:
    """Fill every registry that something is given for."""
    gathered: dict[int, tuple[Registry, list[Any]]] = {}
    for each in entries:
        _, given = gathered.setdefault(id(each.registry), (each.registry, []))
        given.extend(each.given)
    for registry, given in gathered.values():
        registry.fill(given)
