"""``cardwright keys``."""

import asyncio

from cyclopts import App

from cardwright.cli import options
from cardwright.cli.installation import INSTALLATION, Installation
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import installed_vault, new_key
from cardwright.roles import access, keys_file

app = App(name="keys")


@app.default
def show(*, data_dir: options.DataDirectory = None) -> None:
    """Show the test keys, as lines that a shell can read."""
    path = keys_file.path_in(options.directory(data_dir))
    found = keys_file.read(path)
    if found is None:
        raise StartError(f"There are no keys in {path}: no server was started there yet.")
    print_keys(found)


def print_keys(keys: keys_file.PlatformKeys) -> None:
    """One line a key, under the name of its variable."""
    print(f"{keys_file.SECRET}={keys.secret}")
    print(f"{keys_file.PUBLISHABLE}={keys.publishable}")


@app.command
def live(*, installation: Installation = INSTALLATION) -> None:
    """Make the platform of live mode and show its keys, this once; also beside a server."""
    print_keys(asyncio.run(_live(installation)))


async def _live(installation: Installation) -> keys_file.PlatformKeys:
    from cardwright.roles.provisioning import provision_live

    directory = installation.directory
    async with access.installation(directory, installation.database_url, options.warn) as connect:
        vault = installed_vault(directory, options.secret("VAULT_KEY"))
        return await provision_live(connect, vault)


@app.command
def vault() -> None:
    """Make a vault key, for CARDWRIGHT_VAULT_KEY."""
    print(new_key())
