"""A fresh environment for one test, with everything a test of an application needs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe

from cardwright.kernel.clock import monotonic
from cardwright.testing.accounts import Accounts
from cardwright.testing.calls import Caller, CallError
from cardwright.testing.cards import Cards
from cardwright.testing.server import Server
from cardwright.testing.webhooks import Webhooks

ENVIRONMENTS = "/_cardwright/environments"
FAULTS = "/_cardwright/faults"
# A run that is killed removes nothing: on a server that others use, too, the server does.
LASTS_SECONDS = 24 * 3600
ADVANCE_SECONDS = 60.0
LOOK_SECONDS = 0.02


class Clock:
    """The clock of an environment, which stands until it is advanced."""

    def __init__(self, call: Caller, clock_id: str | None) -> None:
        self._call = call
        self._id = clock_id

    @property
    def now(self) -> datetime:
        """Where it stands."""
        return datetime.fromtimestamp(self._shown()["frozen_time"], UTC)

    def advance(
        self, to: datetime | None = None, *, days: float = 0, hours: float = 0, minutes: float = 0
    ) -> datetime:
        """Move it to an instant, or so far, and let happen what is due on the way; it is there, and
        receivers of webhooks were told, when this returns."""
        span = timedelta(days=days, hours=hours, minutes=minutes)
        target = self.now + span if to is None else to
        self._call(
            "POST",
            f"{self._path()}/advance",
            {"frozen_time": _seconds(target), "wait_for_webhooks": True},
        )
        ends = monotonic() + ADVANCE_SECONDS
        while monotonic() < ends:
            status = self._shown()["status"]
            if status == "ready":
                return self.now
            assert status == "advancing", f"the clock has failed: {status}"
            time.sleep(LOOK_SECONDS)
        raise AssertionError(f"the clock did not arrive within {ADVANCE_SECONDS} s")

    def _shown(self) -> Any:
        return self._call("GET", self._path())

    def _path(self) -> str:
        assert self._id is not None, (
            "this environment is on machine time: mark the test with "
            '@pytest.mark.cardwright(clock="2026-01-01")'
        )
        return f"/v1/test_helpers/test_clocks/{self._id}"


class Faults:
    """What goes wrong on purpose."""

    def __init__(self, call: Caller) -> None:
        self._call = call

    def add(self, effect: str, **params: Any) -> str:
        """Switch a fault on, with the members of ``/_cardwright/faults``; returns its id."""
        made: str = self._call("POST", FAULTS, {"effect": effect, **params})["id"]
        return made

    def strikes(self, fault_id: str) -> int:
        """How often a fault has struck."""
        found: int = self._call("GET", f"{FAULTS}/{fault_id}")["strikes"]
        return found

    def clear(self) -> None:
        """Switch all of them off."""
        for fault in self._call("GET", FAULTS, {"limit": 100})["data"]:
            self._call("DELETE", f"{FAULTS}/{fault['id']}")


class Cardwright:
    """A fresh environment: its keys, a client of the official SDK, and helpers."""

    def __init__(self, server: Server, made: dict[str, Any]) -> None:
        self.url = server.url
        self.id: str = made["id"]
        self.account_id: str = made["account"]
        self.secret_key: str = made["secret_key"]
        self.publishable_key: str = made["publishable_key"]
        # Any call with the environment's key: call("GET", "/v1/balance", account="acct_...").
        self.call = Caller(server.url, self.secret_key)
        self._owner = Caller(server.url, server.secret_key)
        self.client = self.new_client()
        self.accounts = Accounts(self.call)
        self.cards = Cards(self.client)
        self.clock = Clock(self.call, made["test_clock"])
        self.faults = Faults(self.call)
        self.webhooks = Webhooks(self.call)

    def new_client(self, **options: Any) -> stripe.StripeClient:
        """Another client of the official SDK, with options such as ``max_network_retries=2``."""
        addresses: Any = dict.fromkeys(("api", "files", "connect"), self.url)
        return stripe.StripeClient(self.secret_key, base_addresses=addresses, **options)

    def reset(self) -> None:
        """Back to how it was made; the keys stay, and what has arrived is forgotten."""
        self._owner("POST", f"{ENVIRONMENTS}/{self.id}/reset")
        self.webhooks.listen()

    def snapshot(self, name: str | None = None) -> str:
        """Copy everything; returns the id that ``restore`` takes."""
        path = f"{ENVIRONMENTS}/{self.id}/snapshots"
        made: str = self._owner("POST", path, {"name": name})["id"]
        return made

    def restore(self, snapshot: str) -> None:
        """Everything as it was when the snapshot was made."""
        self._owner("POST", f"{ENVIRONMENTS}/{self.id}/restore", {"snapshot": snapshot})

    def remove(self) -> None:
        """Remove it with all that it holds."""
        self.webhooks.close()
        with suppress(CallError):
            self._owner("DELETE", f"{ENVIRONMENTS}/{self.id}")


def _seconds(instant: datetime) -> int:
    """An instant as the API takes it; one without a zone is UTC."""
    aware = instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
    return round(aware.timestamp())


@contextmanager
def fresh(server: Server, *, clock: str | datetime | None = None) -> Iterator[Cardwright]:
    """A fresh environment until the block ends; ``clock`` is a date or an instant at which its
    clock stands."""
    frozen = None
    if clock is not None:
        instant = datetime.fromisoformat(clock) if isinstance(clock, str) else clock
        frozen = _seconds(instant)
    made = Caller(server.url, server.secret_key)(
        "POST", ENVIRONMENTS, {"frozen_time": frozen, "expires_in": LASTS_SECONDS}
    )
    environment = Cardwright(server, made)
    try:
        yield environment
    finally:
        environment.remove()
