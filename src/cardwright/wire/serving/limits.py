"""How much a client may ask of the server, and for how long it may keep it waiting."""

from dataclasses import dataclass

# How many connections wait to be taken.
BACKLOG = 1024
# What a head may hold: the target, one field, all fields, and how many there are.
TARGET_MAX = 16 * 1024
FIELD_MAX = 16 * 1024
HEAD_MAX = 32 * 1024
FIELDS_MAX = 100
# The parser is fed in slices, so that between two of them reading can stop.
SLICE = 4 * 1024
# How many requests may wait behind the one that is answered, and how much of their bodies.
PIPELINED_MAX = 16
BUFFERED_MAX = 64 * 1024
# Chunked bodies have bytes of their own around what they bring.
FRAMING_PER_BYTE = 8
# The rest of a body that nobody wants is read, so that the connection can go on; a longer one ends
# the connection, but is read for a while, so that a client that is still sending hears the answer.
REST_MAX = 64 * 1024
LINGER_MAX = 64 * 1024 * 1024
# WebSocket messages: how long one may be, and how many may wait.
MESSAGE_MAX = 1024 * 1024
MESSAGES_MAX = 16


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Connections, in all and from one address, and seconds.

    ``head`` is from a connection's start, or the first byte of a later request, to the end of the
    head. ``body`` is how long the client may be silent in a body, and how long we wait for it in
    all, beside a second for every ``body_bytes_per_second`` that did come. ``idle`` is between
    requests: longer than the minute that proxies keep a connection. ``unread`` is for a client
    that does not read its answer, ``linger`` for one that goes on sending after it. ``ping`` is
    the silence after which a WebSocket is asked whether it lives, and then closed.
    ``winding_down`` is what is left of all of these for a server that stops.
    """

    connections: int = 10_000
    connections_per_address: int = 2_500
    head: float = 10.0
    body: float = 10.0
    body_bytes_per_second: int = 16 * 1024
    idle: float = 75.0
    unread: float = 20.0
    linger: float = 2.0
    ping: float = 25.0
    winding_down: float = 0.5
