"""What a country asks of its accounts: data, one file a country, the euro countries share one.

How a set of needs is written is said at the top of each file.
"""

import tomllib
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from cardwright.kernel.clock import DAY_MS

Role = Literal["representative", "owner", "director", "executive"]
# How the needs of a role's persons are written in the path of an entry.
ROLE_PATHS: dict[str, str] = {
    "representative": "representative",
    "owner": "owners",
    "director": "directors",
    "executive": "executives",
}
INDIVIDUAL_PATH = "identity.individual"
DIRECTORY = Path(__file__).with_name("by_country")
_EPOCH = date(1970, 1, 1)

Steps = tuple[str, ...]


class Need(msgspec.Struct, frozen=True):
    """A member that must be there.

    ``alternatives`` serve as well and are offered; ``equivalents`` serve without being offered.
    """

    path: str
    alternatives: tuple[str, ...] = ()
    equivalents: tuple[str, ...] = ()


class Threshold(msgspec.Struct, frozen=True):
    """A cumulative volume (minor units by currency) that makes needs due, ``days`` later.

    From ``announced_percent`` of the volume on they are eventually due; below that nobody is asked.
    """

    volume: dict[str, int]
    days: int
    announced_percent: int

    def announced(self, currency: str) -> int:
        """The volume from which on the needs are announced."""
        return self.volume[currency] * self.announced_percent // 100


class NeedSet(msgspec.Struct, frozen=True, kw_only=True):
    """Needs of some entity types for some capabilities; ``person`` says whose members they are.

    A set without ``since_ms`` and ``threshold`` is needed from the start. From ``since_ms`` on
    (before that it is a future requirement) there are ``days`` to provide it.
    """

    name: str
    about: str
    entity_types: frozenset[str]
    structures: frozenset[str]
    except_structures: frozenset[str]
    capabilities: tuple[str, ...]
    person: Role | None
    since_ms: int | None
    days: int
    threshold: Threshold | None
    needs: tuple[Need, ...]

    def concerns(self, capability: str) -> bool:
        """Whether a capability of this path has these needs."""
        return capability.startswith(self.capabilities)

    def is_about(self, entity_type: str, structure: str | None) -> bool:
        """Whether a business of this kind has these needs."""
        if entity_type not in self.entity_types or structure in self.except_structures:
            return False
        return not self.structures or structure in self.structures


class WantedEntry(msgspec.Struct, frozen=True):
    """A need as it is looked for: the path of its entry and those that are offered instead, and
    the steps from the account or the person to each member that serves."""

    path: str
    offered: list[str]
    options: tuple[Steps, ...]


class Line(msgspec.Struct, frozen=True):
    """A set as it applies to an account, with the requested capabilities that it holds back."""

    set: NeedSet
    capabilities: tuple[str, ...]
    asked: tuple[WantedEntry, ...]


class Catalogue(msgspec.Struct, frozen=True):
    """What a country asks; ``registry_number`` is the id number its companies have."""

    country: str
    registry_number: str
    sets: tuple[NeedSet, ...]

    def lines(
        self, entity_type: str, structure: str | None, capabilities: tuple[str, ...]
    ) -> tuple[Line, ...]:
        """What applies to a business of this kind that asked for these capabilities."""
        return _lines(self, entity_type, structure, capabilities)

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=4096)
def _lines(
    catalogue: Catalogue, entity_type: str, structure: str | None, capabilities: tuple[str, ...]
) -> tuple[Line, ...]:
    """Few kinds of business ask for few combinations of capabilities, again and again."""
    found = []
    for needed in catalogue.sets:
        held = tuple(path for path in capabilities if needed.concerns(path))
        if held and needed.is_about(entity_type, structure):
            found.append(Line(needed, held, tuple(_asked(needed, need) for need in needed.needs)))
    return tuple(found)


def _asked(needed: NeedSet, need: Need) -> WantedEntry:
    prefix = "" if needed.person is None else f"{ROLE_PATHS[needed.person]}."
    serving = (need.path, *need.alternatives, *need.equivalents)
    return WantedEntry(
        prefix + need.path,
        [prefix + path for path in need.alternatives],
        tuple(tuple(path.split(".")) for path in serving),
    )


@cache
def catalogue_of(country: str) -> Catalogue | None:
    """The catalogue of a country, or None where accounts cannot be served."""
    for content in _contents():
        if country in content["countries"]:
            return catalogue_from(content, country)
    return None


def countries() -> list[str]:
    """Every country with a catalogue, by name."""
    return sorted(country for content in _contents() for country in content["countries"])


def catalogue_from(content: dict[str, Any], country: str) -> Catalogue:
    """The catalogue of one of the countries of a decoded file."""
    registry = content["registry_numbers"][country]
    sets = tuple(_set(line, registry) for line in content["set"])
    assert len({one.name for one in sets}) == len(sets), "sets are told apart by their names"
    return Catalogue(country, registry, sets)


@cache
def _contents() -> list[dict[str, Any]]:
    return [tomllib.loads(file.read_text()) for file in sorted(DIRECTORY.glob("*.toml"))]


def _set(line: dict[str, Any], registry: str) -> NeedSet:
    since, threshold = line.get("since"), line.get("threshold")
    return NeedSet(
        name=line["name"],
        about=line["about"],
        entity_types=frozenset(line["entity_types"]),
        structures=frozenset(line.get("structures", ())),
        except_structures=frozenset(line.get("except_structures", ())),
        capabilities=tuple(line["capabilities"]),
        person=line.get("person"),
        since_ms=None if since is None else _midnight_ms(since),
        days=line.get("days", 0),
        threshold=None if threshold is None else msgspec.convert(threshold, Threshold),
        needs=tuple(need_from(text.format(registry=registry)) for text in line["needs"]),
    )


def _midnight_ms(day: date) -> int:
    return (day - _EPOCH).days * DAY_MS


def need_from(text: str) -> Need:
    """A need as the files write it: ``path | offered instead ~ as good``."""
    offered, *equivalents = [part.strip() for part in text.split("~")]
    path, *alternatives = [part.strip() for part in offered.split("|")]
    return Need(path, tuple(alternatives), tuple(equivalents))
