"""``cardwright serve`` from start to stop, as a real process on a real port."""

import errno
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cardwright.kernel import postmaster
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import new_key
from cardwright.roles import http
from tests.support.database import make_database, private_directory

CARDWRIGHT = Path(sys.executable).with_name("cardwright")
VARIABLES = {name: value for name, value in os.environ.items() if "CARDWRIGHT" not in name}


def run(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(
        [CARDWRIGHT, *arguments],
        env=VARIABLES | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def eventually(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether the condition becomes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


@dataclass
class Serve:
    """A running ``cardwright serve``."""

    process: subprocess.Popen[str]
    data: Path

    @property
    def published(self) -> dict[str, Any]:
        """What it wrote for the commands beside it; a file of an earlier server does not count."""
        try:
            found: dict[str, Any] = json.loads((self.data / "server.json").read_text())
        except FileNotFoundError:
            return {}
        return found if found["pid"] == self.process.pid else {}

    def database_pid(self) -> int:
        """The process id of its PostgreSQL."""
        found = postmaster.read_pid_file(self.data / "postgres")
        assert found is not None
        return found.pid

    def call(
        self,
        path: str,
        key: str | None = None,
        form: str | None = None,
        *,
        host: str | None = None,
    ) -> tuple[int, str]:
        """An HTTP call; status 0 means that nothing answered."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.published['port']}{path}",
            data=form.encode() if form is not None else None,
            headers=({"Authorization": f"Bearer {key}"} if key else {})
            | ({"Host": host} if host else {}),
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def healthy(self) -> bool:
        return self.call("/healthz")[0] == 200

    def stop(self, number: int = signal.SIGINT) -> str:
        """Send the signal; the answer is everything it printed."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=30)[0]


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data directory that every start in this file finds as the last one left it."""
    directory = private_directory()
    yield directory / "data"
    shutil.rmtree(directory)


@pytest.fixture
def serve(data: Path) -> Iterator[Callable[..., Serve]]:
    """Start servers; each is ready when it is returned, and gone after the test."""
    started: list[Serve] = []

    def start(*arguments: str | Path, directory: Path = data, **variables: str) -> Serve:
        process = subprocess.Popen(
            [CARDWRIGHT, "serve", "--port", "0", "--data-dir", directory, *arguments],
            env=VARIABLES | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        server = Serve(process, directory)
        started.append(server)
        assert eventually(lambda: process.poll() is not None or bool(server.published))
        if process.poll() is not None:
            pytest.fail(f"the server did not start: {process.communicate()[0]}")
        assert eventually(server.healthy)
        return server

    yield start
    for server in started:
        if server.process.poll() is None:
            server.stop()


def keys_in(data: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (data / "keys.env").read_text().splitlines())


CARDHOLDER = (
    "name=Jenny Rosen&type=individual&billing[address][line1]=123 Main Street"
    "&billing[address][city]=San Francisco&billing[address][state]=CA"
    "&billing[address][postal_code]=94111&billing[address][country]=US"
).replace(" ", "+")


def test_a_start_prints_what_a_first_call_needs_and_control_c_stops_everything(
    serve: Callable[..., Serve], data: Path
) -> None:
    server = serve()
    keys = keys_in(data)
    secret = keys["CARDWRIGHT_SECRET_KEY"]
    for name in ("keys.env", "vault.key", "server.json", "postgres.log"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600, name
    assert server.call("/v1/issuing/cardholders", secret)[0] == 200
    assert server.call("/v1/issuing/cardholders", "sk_test_unknown")[0] == 401
    assert run("keys", "--data-dir", data).stdout == (data / "keys.env").read_text()
    database = server.database_pid()
    printed = server.stop()
    assert server.process.returncode == 0
    assert "curl http://127.0.0.1:" in printed
    assert f"data directory   {data}\n" in printed
    assert printed.endswith(f"Stopped. Data is kept in {data}.\n")
    assert all(key in printed for key in keys.values())
    assert not postmaster.alive(database)
    assert not (data / "server.json").exists()


def test_clients_that_do_nothing_do_not_keep_a_server_up(
    serve: Callable[..., Serve], data: Path
) -> None:
    server = serve()
    secret = keys_in(data)["CARDWRIGHT_SECRET_KEY"]
    head = "POST /v1/issuing/cardholders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000"
    stalled = f"{head}\r\nAuthorization: Bearer {secret}\r\n\r\nname=".encode()
    with ExitStack() as stack:
        for said in (b"", b"GET / HT", stalled, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            address = ("127.0.0.1", server.published["port"])
            client = stack.enter_context(socket.create_connection(address))
            client.sendall(said)
        assert client.recv(15) == b"HTTP/1.1 200 OK"
        # While all of them are still connected.
        server.stop(signal.SIGTERM)
        assert server.process.returncode == 0


def test_links_lead_to_the_public_address_and_strange_names_nowhere(
    serve: Callable[..., Serve], data: Path
) -> None:
    public = "https://cards.example.com,http://cardwright.cards:8080"
    server = serve("--public-url", public)
    secret = keys_in(data)["CARDWRIGHT_SECRET_KEY"]
    form = "device_name=a&websocket_features[]=webhooks"
    status, made = server.call("/v1/stripecli/sessions", secret, form)
    assert status == 200, made
    assert json.loads(made)["websocket_url"].startswith("wss://cards.example.com/")
    for name, status in (("cards.example.com", 200), ("cardwright.cards", 200), ("a.example", 400)):
        assert server.call("/healthz", host=name)[0] == status


def test_a_second_start_keeps_keys_and_data(serve: Callable[..., Serve], data: Path) -> None:
    first = serve()
    keys = keys_in(data)
    secret = keys["CARDWRIGHT_SECRET_KEY"]
    status, made = first.call("/v1/issuing/cardholders", secret, CARDHOLDER)
    assert status == 200, made
    first.stop(signal.SIGTERM)
    assert first.process.returncode == 0
    second = serve()
    assert keys_in(data) == keys
    found = second.call(f"/v1/issuing/cardholders/{json.loads(made)['id']}", secret)
    assert found == (200, made)


def test_after_kill_9_nothing_is_left_and_the_next_start_recovers(
    serve: Callable[..., Serve], data: Path
) -> None:
    killed = serve()
    secret = keys_in(data)["CARDWRIGHT_SECRET_KEY"]
    made = json.loads(killed.call("/v1/issuing/cardholders", secret, CARDHOLDER)[1])
    database = killed.database_pid()
    killed.stop(signal.SIGKILL)
    assert eventually(lambda: not postmaster.alive(database))
    recovered = serve()
    assert recovered.call(f"/v1/issuing/cardholders/{made['id']}", secret)[0] == 200


def test_kill_9_of_server_and_database_at_once(serve: Callable[..., Serve], data: Path) -> None:
    killed = serve()
    secret = keys_in(data)["CARDWRIGHT_SECRET_KEY"]
    made = json.loads(killed.call("/v1/issuing/cardholders", secret, CARDHOLDER)[1])
    os.kill(killed.database_pid(), signal.SIGKILL)
    killed.stop(signal.SIGKILL)
    recovered = serve()
    assert recovered.call(f"/v1/issuing/cardholders/{made['id']}", secret)[0] == 200


def test_a_database_that_ends_is_started_again(serve: Callable[..., Serve]) -> None:
    server = serve()
    before = server.database_pid()
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: server.healthy() and server.database_pid() != before)
    assert "starting it again" in server.stop()


def test_live_keys_are_shown_once(serve: Callable[..., Serve], data: Path) -> None:
    server = serve()
    made = run("keys", "live", "--data-dir", data)
    assert made.returncode == 0, made.stderr
    keys = dict(line.split("=", 1) for line in made.stdout.splitlines())
    secret = keys["CARDWRIGHT_SECRET_KEY"]
    assert secret.startswith("sk_live_")
    assert server.call("/v1/issuing/cardholders", secret)[0] == 200
    again = run("keys", "live", "--data-dir", data)
    assert again.returncode == 1
    assert "already" in again.stderr
    assert secret not in (data / "keys.env").read_text()
    command = ("authorization-webhook", "--live", "--data-dir", data)
    assert "has to be https" in run(*command, "--url", "http://127.0.0.1/").stderr
    assert "url: none" in run(*command).stdout


def test_where_payments_are_asked_is_changed_beside_a_server(
    serve: Callable[..., Serve], data: Path
) -> None:
    server = serve()
    command = ("authorization-webhook", "--data-dir", data)
    assert "url: none" in run(*command).stdout
    made = run(*command, "--url", "http://127.0.0.1:1/ask", "--on-silence", "approve")
    assert "signing secret: whsec_" in made.stdout, made.stderr
    path = "/_cardwright/authorization_webhook"
    status, body = server.call(path, keys_in(data)["CARDWRIGHT_SECRET_KEY"])
    assert status == 200
    found = json.loads(body)
    assert (found["url"], found["on_silence"]) == ("http://127.0.0.1:1/ask", "approve")
    refused = run(*command, "--url", "nowhere")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Invalid URL" in refused.stderr
    server.stop()
    assert run(*command, "--off").stdout == (
        "url: none, payments are decided without asking\non silence: approve\n"
    )


def test_a_second_server_on_the_directory_is_refused(
    serve: Callable[..., Serve], data: Path
) -> None:
    first = serve()
    second = run("serve", "--port", "0", "--data-dir", data)
    assert second.returncode == 1
    assert f"in use by pid {first.process.pid}" in second.stderr
    assert first.healthy()
    assert (data / "server.json").exists()


def test_a_taken_port_is_refused_before_anything_starts() -> None:
    directory = private_directory()
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as taken:
        port = str(taken.getsockname()[1])
        refused = run("serve", "--port", port, "--data-dir", directory / "data")
    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in refused.stderr
    assert not (directory / "data" / "postgres").exists()
    shutil.rmtree(directory)


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        (["--port", "99999"], {}, "--port must be between 0 and 65535."),
        (["--port", "-1"], {}, "--port must be between 0 and 65535."),
        ([], {"CARDWRIGHT_PORT": "65536"}, "--port must be between 0 and 65535."),
        (["--public-url", "cards.example.com"], {}, "--public-url is an address without a path"),
        ([], {"CARDWRIGHT_PUBLIC_URL": "https://a/b"}, "got 'https://a/b'"),
        (["--host", "300.1.1.1"], {}, "300.1.1.1 is neither an address nor a name"),
        (["--host", "a..b"], {}, "a..b is neither an address nor a name"),
        (["--host", "192.0.2.1"], {}, "192.0.2.1 is not an address of this machine."),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_words(
    arguments: list[str], variables: dict[str, str], words: str
) -> None:
    refused = run("serve", "--ephemeral", *arguments, **variables)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("cardwright: ")
    assert refused.stderr.count("\n") == 1
    assert words in refused.stderr


def test_a_privileged_port_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_listener: socket.socket, _address: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("socket.socket.bind", refuse)
    with pytest.raises(StartError, match=r"Port 80 on 127\.0\.0\.1 is for privileged users"):
        http.bind("127.0.0.1", 80)


def test_words_are_no_port() -> None:
    refused = run("serve", CARDWRIGHT_PORT="many")
    assert refused.returncode != 0
    assert "CARDWRIGHT_PORT" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_server_whose_reader_is_gone_goes_on_and_stops_quietly() -> None:
    directory = private_directory()
    process = subprocess.Popen(
        [CARDWRIGHT, "serve", "--port", "0", "--data-dir", directory / "data"],
        env=VARIABLES,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("cardwright answers on")
    process.stdout.close()
    assert Serve(process, directory / "data").healthy()
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    with process.stderr as stderr:
        assert stderr.read() == ""
    assert process.wait(30) == 0
    shutil.rmtree(directory)


def test_another_vault_key_is_refused(serve: Callable[..., Serve], data: Path) -> None:
    serve().stop()
    refused = run("serve", "--port", "0", "--data-dir", data, CARDWRIGHT_VAULT_KEY=new_key())
    assert refused.returncode == 1
    assert "not the vault key of this database" in refused.stderr
    (data / "vault.key").rename(data / "vault.away")
    refused = run("serve", "--port", "0", "--data-dir", data)
    (data / "vault.away").rename(data / "vault.key")
    assert refused.returncode == 1
    assert "vault.key is missing" in refused.stderr
    assert postmaster.read_pid_file(data / "postgres") is None


def test_the_ledger_is_proved_beside_a_server_and_without_one(
    serve: Callable[..., Serve], data: Path
) -> None:
    server = serve()
    beside = run("ledger", "verify", "--data-dir", data)
    assert (beside.returncode, beside.stderr) == (0, "")
    server.stop()
    alone = run("ledger", "verify", "--data-dir", data)
    assert (alone.returncode, alone.stdout) == (0, beside.stdout)
    assert postmaster.read_pid_file(data / "postgres") is None
    nowhere = run("ledger", "verify", "--data-dir", data / "nowhere")
    assert nowhere.returncode == 1
    assert "There is no database" in nowhere.stderr


async def test_two_servers_share_an_own_database(
    serve: Callable[..., Serve], server: dict[str, Any]
) -> None:
    connect = await make_database(server, f"{server['database']}_own")
    url = f"postgresql://{connect['user']}@/{connect['database']}?host={connect['host']}"
    refused = run("serve", "--database-url", url)
    assert refused.returncode == 1
    assert "CARDWRIGHT_VAULT_KEY" in refused.stderr
    directory = private_directory()
    variables = {
        "CARDWRIGHT_VAULT_KEY": new_key(),
        "CARDWRIGHT_DATABASE_URL": url,
        "CARDWRIGHT_SECRET_KEY": "sk_test_0123456789abcdef",
    }
    first = serve(directory=directory / "first", **variables)
    second = serve(directory=directory / "second", **variables)
    status, made = first.call("/v1/issuing/cardholders", "sk_test_0123456789abcdef", CARDHOLDER)
    assert status == 200
    path = f"/v1/issuing/cardholders/{json.loads(made)['id']}"
    assert second.call(path, "sk_test_0123456789abcdef") == (200, made)
    assert not (directory / "first" / "postgres").exists()
    first.stop()
    second.stop()
    shutil.rmtree(directory)


def test_an_ephemeral_server_leaves_nothing(tmp_path: Path) -> None:
    parent = private_directory()
    process = subprocess.Popen(
        [CARDWRIGHT, "serve", "--ephemeral", "--port", "0"],
        env=VARIABLES | {"TMPDIR": str(parent)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("cardwright answers on http://127.0.0.1:")
    assert len(list(parent.iterdir())) == 1
    process.send_signal(signal.SIGINT)
    with process.stdout as stdout:
        printed = stdout.read()
    process.wait(30)
    assert ", removed at the end\n" in printed
    assert printed.endswith("Stopped.\n")
    assert process.returncode == 0
    assert list(parent.iterdir()) == []
    parent.rmdir()
