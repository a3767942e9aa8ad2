"""Which addresses calls may go out to.

The live environment reaches public addresses and the private networks that the operator named; a
test environment also reaches loopback and every private network, where a developer's receiver
runs. Neither reaches link-local addresses, where clouds keep their credentials.
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Private networks that the live environment may reach, as the operator's settings name them.
LIVE_NETWORKS: list[Network] = []

# Prefixes through which an IPv6 address reaches an IPv4 address that would not be checked.
_TRANSLATED = tuple(
    map(
        ipaddress.IPv6Network,
        ("::/96", "::ffff:0:0:0/96", "64:ff9b::/32", "2002::/16", "2001::/32"),
    )
)
# Everything public in IPv6 is in here; old site-local addresses, for one, are not.
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")


def networks(text: str) -> list[Network]:
    """``10.1.0.0/16,10.2.3.4`` as networks; raises ValueError."""
    return [ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()]


def permitted(address: Address, *, livemode: bool) -> bool:
    """Whether an environment may connect to an address."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return permitted(address.ipv4_mapped, livemode=livemode)
        if not address.is_loopback and any(address in network for network in _TRANSLATED):
            return False
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return not livemode or _is_public(address) or any(address in known for known in LIVE_NETWORKS)


def _is_public(address: Address) -> bool:
    return address.is_global and (address.version == 4 or address in _PUBLIC_IPV6)
