"""What the database remembers about the installation, among it how to recognise a start with the
wrong key."""

from typing import NamedTuple

from cardwright.kernel.database import Connection
from cardwright.kernel.migrations import LOCK, LOCK_KEY, QUERIES
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import Vault

_VAULT_KEY = "vault_key_"


class Fact(NamedTuple):
    """A row of installation."""

    name: str
    value: str


_VALUES = QUERIES.many("installation_values", Fact)
_VALUE = QUERIES.value("installation_value", str)
_RECORD = QUERIES.run("record_installation_value")


async def fact(connection: Connection, name: str) -> str | None:
    """What is recorded under a name, or None."""
    return await _VALUE(connection, name=name)


async def record(connection: Connection, name: str, value: str) -> None:
    """Record a fact; of two under one name the first stays."""
    await _RECORD(connection, name=name, value=value)


async def check_vault(connection: Connection, vault: Vault) -> None:
    """Refuse, with words, a vault key other than the one this database was written with.

    The first start records the fingerprint of each key version, later ones add new versions.
    """
    async with connection.transaction():
        await LOCK(connection, key=LOCK_KEY)
        recorded = {
            int(fact.name.removeprefix(_VAULT_KEY)): fact.value
            for fact in await _VALUES(connection)
            if fact.name.startswith(_VAULT_KEY)
        }
        given = vault.fingerprints
        for version, fingerprint in recorded.items():
            if given.get(version) != fingerprint:
                raise StartError(
                    f"This is not the vault key of this database: version {version} has the "
                    f"fingerprint {given.get(version, 'none')}, and the database was written with "
                    f"{fingerprint}. Restore vault.key, or set CARDWRIGHT_VAULT_KEY to the right "
                    "key; without it the stored secrets cannot be read."
                )
        for version in sorted(given.keys() - recorded.keys()):
            await record(connection, f"{_VAULT_KEY}{version}", given[version])
