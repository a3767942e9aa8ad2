"""Who hears of an event, and what may be asked for: decided without storage."""

import msgspec
from yarl import URL

from cardwright.events import catalogue, refusals
from cardwright.events.model import ALL, EventDestination, WebhookEndpoint
from cardwright.kernel import outbound
from cardwright.kernel.networks import permitted
from cardwright.kernel.refusal import Failure, fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.versions import Version, parse_version

ENDPOINTS_MAX = 16
SELF, ACCOUNTS = "@self", "@accounts"


class Listener(msgspec.Struct, frozen=True):
    """A destination of either kind, as delivery sees it. ``account_id`` owns it; ``hears`` is
    ``@self``, ``@accounts`` or both; ``thin`` says which face of events it gets."""

    account_id: str
    id: str
    url: str
    names: frozenset[str]
    hears: frozenset[str]
    thin: bool
    api_version: str | None
    enabled: bool


def listener_of(account_id: str, destination: WebhookEndpoint | EventDestination) -> Listener:
    """Either kind of destination as delivery sees it."""
    if isinstance(destination, WebhookEndpoint):
        return Listener(
            account_id=account_id,
            id=destination.id,
            url=destination.url,
            names=frozenset(destination.enabled_events),
            hears=frozenset([ACCOUNTS if destination.connect else SELF]),
            thin=False,
            api_version=destination.api_version,
            enabled=not destination.disabled,
        )
    return Listener(
        account_id=account_id,
        id=destination.id,
        url=destination.webhook_endpoint.url,
        names=frozenset(destination.enabled_events),
        hears=frozenset(destination.events_from),
        thin=destination.event_payload == "thin",
        api_version=destination.snapshot_api_version,
        enabled=destination.status == "enabled",
    )


def hears(
    listener: Listener, event_type: str, *, account_id: str, platform_id: str, object_id: str
) -> bool:
    """Whether an event of ``account_id`` is delivered to the listener."""
    if not listener.enabled or event_type == catalogue.REAL_TIME:
        return False
    if event_type == catalogue.PING:
        return listener.id == object_id
    return reaches(listener, account_id, platform_id) and asks_for(listener, event_type)


def reaches(listener: Listener, account_id: str, platform_id: str) -> bool:
    """Whether events of an account reach the listener at all."""
    if listener.account_id == account_id:
        return SELF in listener.hears
    return listener.account_id == platform_id and ACCOUNTS in listener.hears


def asks_for(listener: Listener, event_type: str) -> bool:
    """Whether the listener wants events of a type."""
    if catalogue.is_v2(event_type):
        return listener.thin and not listener.names.isdisjoint((event_type, ALL))
    name = f"v1.{event_type}" if listener.thin else event_type
    return not listener.names.isdisjoint((name, ALL))


def check_url(url: str, *, livemode: bool, param: str) -> None:
    """Refuse an address that could never be delivered to."""
    try:
        parts = URL(url)
        host = parts.host
        # Names are looked up in this form; what has none can never be found.
        (host or "").encode("idna")
    except ValueError:
        fail(refusals.WEBHOOK_URL_INVALID, param=param, reason="it is not a URL")
    if parts.scheme not in ("http", "https") or not host or not url.isprintable() or " " in url:
        fail(
            refusals.WEBHOOK_URL_INVALID,
            param=param,
            reason="it needs a scheme, http or https, and a host",
        )
    if livemode and parts.scheme != "https":
        fail(refusals.WEBHOOK_URL_INVALID, param=param, reason="in live mode it has to be https")
    address = outbound.literal(parts)
    if address is not None and not permitted(address, livemode=livemode):
        fail(refusals.WEBHOOK_URL_INVALID, param=param, reason="the address is not permitted")


def check_names(names: list[str], *, thin: bool, param: str = "enabled_events") -> None:
    """Refuse an empty list and names of events that do not exist."""
    if not names:
        fail(refusals.EVENT_NAMES_EMPTY, param=param)
    known = catalogue.is_thin_name if thin else catalogue.is_v1_name
    for name in names:
        if name != ALL and not known(name):
            fail(refusals.EVENT_TYPE_UNKNOWN, param=param, type=name)


def check_version(text: str | None, *, param: str) -> Version | None:
    """Refuse a version that does not exist."""
    if text is None:
        return None
    try:
        return parse_version(text)
    except Failure:
        fail(wire_refusals.VERSION_INVALID, param=param, version=text)


def check_destination(destination: EventDestination) -> None:
    """Refuse a destination that contradicts itself or that this server cannot deliver to."""
    if destination.type != "webhook_endpoint":
        fail(refusals.DESTINATION_TYPE_UNSUPPORTED, param="type", type=destination.type)
    if destination.event_payload == "thin" and destination.snapshot_api_version is not None:
        fail(refusals.THIN_EVENTS_WITHOUT_VERSION, param="snapshot_api_version")
    unknown = [scope for scope in destination.events_from if scope not in (SELF, ACCOUNTS)]
    if unknown or not destination.events_from:
        fail(refusals.EVENTS_FROM_INVALID, param="events_from", own=SELF, others=ACCOUNTS)
    check_version(destination.snapshot_api_version, param="snapshot_api_version")
    check_names(destination.enabled_events, thin=destination.event_payload == "thin")
    check_url(
        destination.webhook_endpoint.url,
        livemode=destination.livemode,
        param="webhook_endpoint.url",
    )
