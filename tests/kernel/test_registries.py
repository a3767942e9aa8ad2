"""Registries are filled once, take no key twice, and do not change afterwards."""

from collections.abc import Callable

import pytest

from cardwright.kernel.registries import Keyed, Ordered, RegistryError, fill


def test_what_several_give_is_found_in_one() -> None:
    words: Keyed[str, int] = Keyed("numbers of words")
    steps: Ordered[str] = Ordered("steps")
    first = (words.entries({"one": 1}), steps.entries("wash"))
    fill([*first, words.entries({"two": 2}), steps.entries("rinse", "dry")])
    assert words == {"one": 1, "two": 2}
    assert list(steps) == ["wash", "rinse", "dry"]


def test_a_key_that_is_given_twice_is_refused() -> None:
    words: Keyed[str, int] = Keyed("numbers of words")
    with pytest.raises(RegistryError, match="numbers of words: one is given twice"):
        fill([words.entries({"one": 1}), words.entries({"one": 1})])


def test_an_item_that_is_given_twice_is_refused() -> None:
    steps: Ordered[str] = Ordered("steps")
    with pytest.raises(RegistryError, match="steps: wash is given twice"):
        fill([steps.entries("wash"), steps.entries("dry", "wash")])


def test_a_registry_is_filled_once() -> None:
    words: Keyed[str, int] = Keyed("numbers of words")
    steps: Ordered[str] = Ordered("steps")
    fill([words.entries({"one": 1}), steps.entries("wash")])
    with pytest.raises(RegistryError, match="filled already"):
        fill([words.entries({"two": 2})])
    with pytest.raises(RegistryError, match="filled already"):
        fill([steps.entries("dry")])
    assert words == {"one": 1}
    assert list(steps) == ["wash"]


@pytest.mark.parametrize(
    "change",
    [
        lambda words: words.__setitem__("two", 2),
        lambda words: words.__delitem__("one"),
        lambda words: words.update(two=2),
        lambda words: words.setdefault("two", 2),
        lambda words: words.pop("one"),
        lambda words: words.popitem(),
        lambda words: words.clear(),
        lambda words: words.__ior__({"two": 2}),
    ],
)
def test_nothing_else_changes_one(change: Callable[[Keyed[str, int]], object]) -> None:
    words: Keyed[str, int] = Keyed("numbers of words")
    fill([words.entries({"one": 1})])
    with pytest.raises(RegistryError, match="only features"):
        change(words)
    assert words == {"one": 1}
