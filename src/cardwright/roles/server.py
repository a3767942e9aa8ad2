"""``cardwright serve``: the database, the API and the loops, from start to stop."""

import asyncio
import gc
import importlib
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from cardwright.kernel.clock import rfc3339
from cardwright.kernel.data_directory import DataDirectory
from cardwright.kernel.networks import LIVE_NETWORKS
from cardwright.kernel.postgres import Cluster
from cardwright.kernel.startup import StartError
from cardwright.kernel.vault import Vault, installed_vault
from cardwright.settings import Settings

if TYPE_CHECKING:
    from cardwright.roles.keys_file import PlatformKeys
    from cardwright.tenancy.clocks import Clock

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SUPERVISION_SECONDS = 0.5
# How long requests that are running when the server stops have for their answers, and how long the
# connections to the database for what they still do.
ANSWERING_SECONDS = 2.5
CLOSING_SECONDS = 1.0
OLDEST_POSTGRES = 15
# What a server is made of, in pieces: between two of them a database that is ready is started.
MODULES = (
    "asyncpg",
    "litestar",
    "cardwright.events.v2",
    "cardwright.accounts.operations.v2",
    "cardwright.app",
    "cardwright.wire.serving.server",
    "cardwright.roles.application",
    "cardwright.roles.provisioning",
    "uvloop",
)
# Of the three generations of objects; Python's own are 700, 10 and 10.
COLLECTION_THRESHOLDS = (50_000, 20, 50)

Say = Callable[[str], None]


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def serve(settings: Settings, say: Say) -> None:
    """Run a server until it is told to stop; a StartError says why it could not.

    Whatever ends it, PostgreSQL is stopped and the data directory given back before it returns.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)
    data = DataDirectory(settings.data_directory)
    data.acquire()
    cluster: Cluster | None = None
    try:
        with suppress(KeyboardInterrupt):
            vault = installed_vault(data.path, settings.vault_key)
            listener = listen(settings)
            if not settings.database_url:
                cluster = Cluster(data.path, say=say)
            start(cluster)
            Server(settings, data, cluster, vault, say).run(listener)
    finally:
        # From here on nothing may keep us from stopping what we started.
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        if cluster is not None:
            cluster.stop()
        data.release()


def start(cluster: Cluster | None) -> None:
    """Prepare and start the database while Python imports the application."""
    modules = iter(MODULES)
    if cluster is not None:
        with ThreadPoolExecutor(max_workers=1) as executor:
            preparing = executor.submit(cluster.prepare)
            while not preparing.done() and (name := next(modules, None)):
                importlib.import_module(name)
            preparing.result()
        cluster.launch()
    for name in modules:
        importlib.import_module(name)
    if cluster is not None:
        cluster.wait()


def listen(settings: Settings) -> socket.socket:
    """The socket of the API, bound before anything else is started."""
    from cardwright.roles import http

    return http.bind(settings.host, settings.port)


class Server:
    """The part of a server that runs on an event loop, over a database that is up."""

    def __init__(
        self,
        settings: Settings,
        data: DataDirectory,
        cluster: Cluster | None,
        vault: Vault,
        say: Say,
    ) -> None:
        self.settings = settings
        self.data = data
        self.cluster = cluster
        self.vault = vault
        self.say = say
        self._stopping = asyncio.Event()
        self._failure: StartError | None = None

    @property
    def connect(self) -> dict[str, Any]:
        """Connection arguments of the database."""
        if self.cluster is None:
            return {"dsn": self.settings.database_url}
        return self.cluster.connect

    def run(self, listener: socket.socket) -> None:
        """Serve until a signal or a failure."""
        import uvloop

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._run(listener))
        if self._failure is not None:
            raise self._failure

    async def _run(self, listener: socket.socket) -> None:
        from cardwright.events.deliverer import Deliverer
        from cardwright.events.delivery import SCHEDULES
        from cardwright.kernel.blobs import Blobs
        from cardwright.kernel.database import open_pool
        from cardwright.roles.application import Application
        from cardwright.roles.provisioning import provision, set_webhook_address, standing
        from cardwright.wire.serving.names import Names
        from cardwright.wire.serving.server import Server as HttpServer

        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self._stopping.set)
        await self._prepare()
        pool = await open_pool(self.connect, self.vault)
        try:
            blobs = Blobs(self.settings.blobs, self.vault, self.settings.blob_store)
            application = Application(pool, self.vault, blobs, self.settings.mail_server)
            application.part(Deliverer).schedules = SCHEDULES[self.settings.webhook_retries]
            LIVE_NETWORKS[:] = self.settings.networks
            keys = await provision(application.database, self.settings)
            secret = await set_webhook_address(application.database, self.settings)
            found = await standing(application.database)
            await application.start()
            port = listener.getsockname()[1]
            names = Names(self.settings.host, self.settings.public_urls)
            http = HttpServer(application.asgi, names)
            await http.start(listener)
            watching = loop.create_task(self._watch())
            self.data.publish(host=self.settings.host, port=port, database=self.connect)
            self.say(banner(self.settings, port, keys, found, secret))
            relieve_collector()
            await self._stopping.wait()
            watching.cancel()
            await http.stop(ANSWERING_SECONDS)
            await application.stop()
        finally:
            with suppress(TimeoutError):
                await asyncio.wait_for(pool.close(), CLOSING_SECONDS)

    async def _prepare(self) -> None:
        """Bring the database to this version's schema and recognise the vault key."""
        from cardwright.kernel.installation import check_vault
        from cardwright.kernel.migrations import migrate
        from cardwright.roles import access

        async with access.connected(self.connect) as connection:
            major = connection.get_server_version().major
            if major < OLDEST_POSTGRES:
                raise StartError(
                    f"The database is PostgreSQL {major}; {OLDEST_POSTGRES} or newer is needed."
                )
            await migrate(connection)
            await check_vault(connection, self.vault)

    async def _watch(self) -> None:
        """Start the embedded PostgreSQL again should it end without us."""
        while self.cluster is not None:
            await asyncio.sleep(SUPERVISION_SECONDS)
            if self.cluster.running:
                continue
            self.say("PostgreSQL has ended unexpectedly; starting it again.")
            try:
                # Nothing can be answered without it, so the loop may wait.
                self.cluster.start()
            except StartError as error:
                self._failure = error
                self._stopping.set()
                return


def relieve_collector() -> None:
    """Spare the garbage collector what is alive now, and let it look at the rest less often.

    Calls leave few cycles behind, and each look goes through every object that is remembered
    between calls.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTION_THRESHOLDS)


def banner(
    settings: Settings,
    port: int,
    keys: "PlatformKeys | None",
    standing: "Clock | None",
    webhook_secret: str | None = None,
) -> str:
    """What a new user needs to make the first call."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    base = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    lines = [f"cardwright answers on {base}"]
    if keys is not None:
        lines += [
            f"  secret key       {keys.secret}",
            f"  publishable key  {keys.publishable}",
            f"  try              curl {base}/v1/issuing/cardholders -u {keys.secret}:",
        ]
    else:
        lines.append("  the keys were shown, and left in keys.env, by the first start")
    if standing is not None:
        lines.append(f"  clock            {standing.id} stands at {rfc3339(standing.now_ms)}")
    if webhook_secret is not None:
        lines.append(f"  webhook secret   {webhook_secret} signs questions about payments")
    removed = ", removed at the end" if settings.ephemeral else ""
    lines.append(f"  data directory   {settings.data_directory}{removed}")
    lines.append("Ctrl-C stops it.")
    return "\n".join(lines)
