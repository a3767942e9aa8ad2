"""What a country asks of its accounts: data, one file a country, the euro countries share one."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

Role = Literal["representative", "owner", "director", "executive"]
# How the needs of a role's persons are written in the path of an entry.
ROLE_PATHS: dict[str, str] = {
    "representative": "representative",
    "owner": "owners",
    "director": "directors",
    "executive": "executives",
}
INDIVIDUAL_PATH = "identity.individual"
DIRECTORY = Path(__file__).with_name("requirements_by_country")


class Need(msgspec.Struct, frozen=True):
    """A member that must be there: its path, and others that serve as well."""

    path: str
    alternatives: tuple[str, ...] = ()


class NeedSet(msgspec.Struct, frozen=True, kw_only=True):
    """Needs of some entity types for some capabilities; ``person`` says whose members they are."""

    entity_types: frozenset[str]
    capabilities: tuple[str, ...]
    person: Role | None
    needs: tuple[Need, ...]

    def concerns(self, capability: str) -> bool:
        """Whether a capability of this path has these needs."""
        return capability.startswith(self.capabilities)


class Catalogue(msgspec.Struct, frozen=True):
    """What a country asks; ``registry_number`` is the id number its companies have."""

    country: str
    registry_number: str
    sets: tuple[NeedSet, ...]


@cache
def catalogue_of(country: str) -> Catalogue | None:
    """The catalogue of a country, or None where accounts cannot be served."""
    for content in _contents():
        if country in content["countries"]:
            registry = content["registry_numbers"][country]
            sets = tuple(_set(line, registry) for line in content["set"])
            return Catalogue(country, registry, sets)
    return None


@cache
def _contents() -> list[dict[str, Any]]:
    return [tomllib.loads(file.read_text()) for file in sorted(DIRECTORY.glob("*.toml"))]


def _set(line: dict[str, Any], registry: str) -> NeedSet:
    needs = []
    for text in line["needs"]:
        path, *alternatives = [part.strip() for part in text.format(registry=registry).split("|")]
        needs.append(Need(path, tuple(alternatives)))
    return NeedSet(
        entity_types=frozenset(line["entity_types"]),
        capabilities=tuple(line["capabilities"]),
        person=line.get("person"),
        needs=tuple(needs),
    )
