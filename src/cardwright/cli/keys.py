"""``cardwright keys``."""

from cyclopts import App

from cardwright.cli import options
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import new_key
from cardwright.roles import keys_file

app = App(name="keys")


@app.default
def show(*, data_dir: options.DataDirectory = None) -> None:
    """Show the test keys, as lines that a shell can read."""
    path = keys_file.path_in(options.directory(data_dir))
    found = keys_file.read(path)
    if found is None:
        raise StartError(f"There are no keys in {path}: no server was started there yet.")
    print(f"{keys_file.SECRET}={found.secret}")
    print(f"{keys_file.PUBLISHABLE}={found.publishable}")


@app.command
def vault() -> None:
    """Make a vault key, for CARDWRIGHT_VAULT_KEY."""
    print(new_key())
