"""``POST /v1/stripecli/sessions``: a command line that wants to listen.

A session is nothing but its id, which is sealed: it says whose session it is and what it wants, and
opens the connection until it ends. Nothing is stored before the connection is there.

The signing secret is that of the account and the device, so that it is the same every time the same
command is run there.
"""

import base64
import re
from typing import Annotated, Literal

import msgspec

from cardwright.events import rules
from cardwright.events.listening import PREFIX, Wish
from cardwright.events.model import ALL
from cardwright.events.signing import SECRET_PREFIX
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.refusal import fail
from cardwright.kernel.vault import Vault, VaultError
from cardwright.request_log.reading import Logged
from cardwright.tenancy import platforms
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters
from cardwright.wire.versions import NEWEST, Body

PATH = "/v1/stripecli/sessions"
SOCKET_PATH = "/v1/stripecli/socket"
SUBPROTOCOL = "stripecli-devproxy-v1"
CONTEXT = "listening session"
LIFETIME_MS = clock.DAY_MS
# How often a command line opens its connection anew.
RECONNECT_SECONDS = 3600

Feature = Literal["webhooks", "v2_events", "request_logs"]
BAD_REQUEST = 400


class NewSession(Parameters):
    """What a command line says of itself. ``events`` and ``thin_events``, the types it wants, are
    not known to the official one, which is sent every event and chooses itself."""

    device_name: Annotated[str, Mark("c", longest=500)] = ""
    events: Annotated[list[str] | None, Mark("c", longest=200)] = None
    filters: Annotated[str | None, Mark("c", longest=10_000)] = None
    forward_connect_to_url: Annotated[str | None, Mark("c", longest=2048)] = None
    forward_thin_connect_to_url: Annotated[str | None, Mark("c", longest=2048)] = None
    forward_thin_to_url: Annotated[str | None, Mark("c", longest=2048)] = None
    forward_to_url: Annotated[str | None, Mark("c", longest=2048)] = None
    thin_events: Annotated[list[str] | None, Mark("c", longest=200)] = None
    websocket_features: Annotated[list[Feature], Mark("c", need="c")]


class LogFilter(msgspec.Struct, frozen=True):
    """Which requests a session is sent: a list for each thing they are told apart by, of which one
    must fit; an empty list is fitted by all."""

    filter_account: list[str] = []
    filter_http_method: list[str] = []
    filter_ip_address: list[str] = []
    filter_request_path: list[str] = []
    filter_request_status: list[str] = []
    filter_source: list[str] = []
    filter_status_code: list[str] = []
    filter_status_code_type: list[str] = []

    def fits(self, logged: Logged, platform_id: str) -> bool:
        """Whether a request is sent. What came to a connected account from elsewhere
        (``connect_in``) does not exist here, and nothing comes through a dashboard."""
        own = logged.acting_id == platform_id
        accounts = {"self" if own else "connect_out", logged.acting_id}
        outcome = "SUCCEEDED" if logged.status < BAD_REQUEST else "FAILED"
        path = logged.path
        return (
            _one_of(self.filter_account, accounts)
            and _one_of(self.filter_http_method, {logged.method})
            and _one_of(self.filter_ip_address, {logged.client_ip or ""})
            and _one_of(self.filter_request_status, {outcome})
            and _one_of(self.filter_source, {"API"})
            and _one_of(self.filter_status_code, {str(logged.status)})
            and _one_of(self.filter_status_code_type, {f"{logged.status // 100}00"})
            and (
                not self.filter_request_path
                or any(path == one or path.startswith(f"{one}/") for one in self._paths())
            )
        )

    def _paths(self) -> list[str]:
        return [one.rstrip("/") for one in self.filter_request_path]


def _one_of(wanted: list[str], found: set[str]) -> bool:
    return not wanted or not found.isdisjoint(wanted)


class Session(msgspec.Struct, frozen=True):
    """What the id of a session says: whose it is, the events it wants, the requests it wants (None:
    none), and the instant of machine time at which it ends."""

    account_id: str
    platform_id: str
    livemode: bool
    secret: str
    wishes: list[Wish]
    requests: LogFilter | None
    ends_ms: int


def secret_of(vault: Vault, account_id: str, device: str) -> str:
    """The signing secret of an account on a device."""
    return SECRET_PREFIX + vault.blind_index(f"{account_id}/{device}", CONTEXT)


def sealed(vault: Vault, session: Session) -> str:
    """The id of a session."""
    return base64.urlsafe_b64encode(vault.seal(msgspec.json.encode(session), CONTEXT)).decode()


def opened(vault: Vault, session_id: str) -> Session | None:
    """The session of an id, or None when it is no id or has ended."""
    try:
        plain = vault.unseal(base64.urlsafe_b64decode(session_id), CONTEXT)
    except (VaultError, ValueError):
        return None
    session = msgspec.json.decode(plain, type=Session)
    return session if session.ends_ms > clock.machine_ms() else None


async def create_session(tx: Tx, call: Call[NewSession]) -> Body:
    """Begin a session."""
    given = call.given.value()
    features = given.websocket_features
    _check_names(given.events, "events", thin=False)
    _check_names(given.thin_events, "thin_events", thin=True)
    wishes = []
    if "webhooks" in features:
        forwards = bool(given.forward_to_url or given.forward_connect_to_url)
        wishes.append(Wish(ids.new_id(PREFIX), names=given.events or [ALL], forwards=forwards))
    if "v2_events" in features:
        forwards = bool(given.forward_thin_to_url or given.forward_thin_connect_to_url)
        wishes.append(Wish(ids.new_id(PREFIX), True, given.thin_events or [ALL], forwards))
    session = Session(
        account_id=tx.account_id,
        platform_id=tx.platform_id,
        livemode=tx.livemode,
        secret=secret_of(tx.vault, tx.account_id, given.device_name),
        wishes=wishes,
        requests=_filter(given.filters) if "request_logs" in features else None,
        ends_ms=clock.machine_ms() + LIFETIME_MS,
    )
    pinned, _settings = await platforms.settings_of(tx.connection, tx.platform_id)
    return {
        "object": "stripecli.session",
        "default_version": pinned,
        "display_connect_filter_warning": False,
        "latest_version": NEWEST,
        "livemode": tx.livemode,
        "reconnect_delay": RECONNECT_SECONDS,
        "secret": session.secret,
        "websocket_authorized_feature": ",".join(features),
        "websocket_id": sealed(tx.vault, session),
        "websocket_url": re.sub("^http", "ws", call.base_url) + SOCKET_PATH,
    }


def _check_names(names: list[str] | None, param: str, *, thin: bool) -> None:
    if names is not None:
        rules.check_names(names, thin=thin, param=param)


def _filter(text: str | None) -> LogFilter:
    try:
        return msgspec.json.decode(text or "{}", type=LogFilter)
    except (msgspec.DecodeError, RecursionError) as error:
        fail(wire_refusals.PARAMETER_PATTERN, param="filters", value=str(error)[:100])


OPERATIONS = (Operation(method="POST", path=PATH, handler=create_session, takes=NewSession),)
