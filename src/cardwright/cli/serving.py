"""How a command finds a server and a key: beside a running server without being told, elsewhere by
``--server`` and ``CARDWRIGHT_SECRET_KEY``."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cardwright.cli import options
from cardwright.kernel.data_directory import DataDirectory
from cardwright.kernel.startup import StartError
from cardwright.local_development.client import Server
from cardwright.roles import keys_file

ServerAddress = Annotated[
    str | None,
    Parameter(
        env_var="CARDWRIGHT_SERVER",
        help="Where the server answers; the default is the one that runs on the data directory.",
    ),
]
Live = Annotated[
    bool,
    Parameter(negative="", help="The platform of live mode; CARDWRIGHT_SECRET_KEY is its key."),
]


def find(server: str | None, data_dir: Path | None, *, live: bool = False) -> Server:
    """The server, with the key of the mode."""
    directory = options.directory(data_dir)
    return Server((server or _published(directory)).rstrip("/"), _key(directory, live=live))


def _published(directory: Path) -> str:
    data = DataDirectory(directory)
    if not data.server_file.exists():
        raise StartError(
            f"No server runs on {directory}: start one with `cardwright serve`, or name it with "
            "--server."
        )
    found = data.published()
    host = "127.0.0.1" if found["host"] in ("0.0.0.0", "::") else found["host"]  # noqa: S104
    return f"http://[{host}]:{found['port']}" if ":" in host else f"http://{host}:{found['port']}"


def _key(directory: Path, *, live: bool) -> str:
    given = options.secret("SECRET_KEY")
    wanted = "sk_live_" if live else "sk_test_"
    if given is not None and given.startswith(wanted):
        return given
    if live:
        raise StartError("Set CARDWRIGHT_SECRET_KEY to a secret key of live mode.")
    kept = keys_file.read(keys_file.path_in(directory))
    if given is not None or kept is None:
        raise StartError("Set CARDWRIGHT_SECRET_KEY to a secret key of test mode.")
    return kept.secret
