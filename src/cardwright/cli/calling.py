"""How a command finds a server that runs, with its key, and calls it: beside it without being told,
elsewhere by ``--server`` and ``CARDWRIGHT_SECRET_KEY``."""

import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from cyclopts import Parameter

from cardwright.cli import options
from cardwright.kernel.data_directory import DataDirectory
from cardwright.kernel.startup import StartError
from cardwright.local_development.client import Server
from cardwright.roles import keys_file

TIMEOUT_SECONDS = 90.0
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


@Parameter(name="*")
@dataclass(frozen=True)
class RunningServer:
    """The options of a command that calls a server."""

    server: ServerAddress = None
    data_dir: options.DataDirectory = None

    def find(self, *, live: bool = False) -> Server:
        """Where the server is, with the key of the mode."""
        directory = options.directory(self.data_dir)
        base = (self.server or _published(directory)).rstrip("/")
        return Server(base, _key(directory, live=live))

    def call(self, method: str, path: str, /, **form: object) -> dict[str, Any]:
        """The answer of a call in test mode; a refusal is a StartError. Members that are None are
        left out."""
        server = self.find()
        given = urlencode({name: value for name, value in form.items() if value is not None})
        request = urllib.request.Request(  # noqa: S310 - the operator names the server
            server.base + path,
            data=given.encode() if method == "POST" else None,
            headers={"Authorization": f"Bearer {server.key}"},
            method=method,
        )
        # A server of one's own is reached without the proxies of the environment.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                answer: dict[str, Any] = msgspec.json.decode(response.read())
                return answer
        except urllib.error.HTTPError as refused:
            raise StartError(_reason(refused)) from None
        except OSError as error:
            raise StartError(f"{server.base} does not answer: {error}.") from None

    def call_all(self, path: str) -> list[dict[str, Any]]:
        """Everything that a list has, newest first."""
        found: list[dict[str, Any]] = []
        while True:
            after = f"&starting_after={found[-1]['id']}" if found else ""
            page = self.call("GET", f"{path}?limit=100{after}")
            found += page["data"]
            if not page["has_more"]:
                return found


SERVER = RunningServer()


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


def _reason(refused: urllib.error.HTTPError) -> str:
    try:
        message: str = msgspec.json.decode(refused.read())["error"]["message"]
    except (msgspec.DecodeError, KeyError, TypeError):
        return f"The server answered with status {refused.code}."
    return message
