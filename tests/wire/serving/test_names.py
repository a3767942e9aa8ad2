"""Which names a server answers to, and which address its links have."""

import pytest

from cardwright.wire.serving.names import Names

ALWAYS = [
    "localhost",
    "localhost:12111",
    "LOCALHOST",
    "localhost.",
    "app.localhost:80",
    "127.0.0.1:12111",
    "192.0.2.7",
    "[::1]:12111",
    "[2001:db8::1]",
    "host.docker.internal:12111",
    "host.containers.internal",
]
PRIVATE = ["cardwright:12111", "card_wright", "cardwright.cards.svc.cluster.local", "a.internal"]
NEVER = ["attacker.example.com", "localhost.attacker.example", "cardwright.com", "127.0.0.1.nip.io"]
NO_HOST = ["", " ", "a b", "a/b", "http://a", "a:b", "a:99999", "[::1", "::1", "a@b", "a,b", "-a"]


def base(names: Names, host: str) -> str | None:
    return names.base_url(host.encode())


@pytest.mark.parametrize("host", ALWAYS)
@pytest.mark.parametrize("listening_on", ["127.0.0.1", "localhost", "::1", "0.0.0.0", "::"])
def test_this_machine_and_addresses(listening_on: str, host: str) -> None:
    assert base(Names(listening_on), host) == f"http://{host}"


@pytest.mark.parametrize("host", PRIVATE)
def test_names_of_a_private_network_where_there_is_one(host: str) -> None:
    assert base(Names("127.0.0.1"), host) is None
    for listening_on in ("0.0.0.0", "::", "10.0.0.1", "cardwright"):
        assert base(Names(listening_on), host) == f"http://{host}"


@pytest.mark.parametrize("host", NEVER)
@pytest.mark.parametrize("listening_on", ["127.0.0.1", "0.0.0.0"])
def test_names_that_somebody_else_can_own(listening_on: str, host: str) -> None:
    assert base(Names(listening_on), host) is None


@pytest.mark.parametrize("host", NO_HOST)
def test_no_host_at_all(host: str) -> None:
    with pytest.raises(ValueError, match="not a host"):
        base(Names("0.0.0.0"), host)


def test_the_name_that_it_was_told_to_listen_on() -> None:
    assert base(Names("cards.example.com"), "Cards.example.com:80") == "http://Cards.example.com:80"


def test_public_names_and_the_links_that_are_made_from_the_first() -> None:
    names = Names("127.0.0.1", ["https://cards.example.com/", "http://cardwright.cards:8080"])
    for host in ("cards.example.com", "CARDS.example.com:443", "cardwright.cards", "127.0.0.1:1"):
        assert base(names, host) == "https://cards.example.com"
    assert base(names, "example.com") is None


def test_a_proxy_says_that_it_ended_tls() -> None:
    assert Names().base_url(b"localhost:1", secure=True) == "https://localhost:1"
