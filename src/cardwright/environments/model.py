"""The environment, and its snapshots."""

from typing import Annotated, ClassVar

from cardwright.kernel import clock
from cardwright.wire.resource import Mark, Parameters, Resource, Timestamp

EARLIEST, LATEST = clock.EARLIEST_MS // clock.SECOND_MS, clock.LATEST_MS // clock.SECOND_MS
LASTS_MAX_SECONDS = 366 * clock.DAY_MS // clock.SECOND_MS


class NewEnvironment(Parameters):
    """What a new environment takes: ``frozen_time`` (seconds) puts it on a clock that stands
    there, ``expires_in`` (seconds) removes it by itself."""

    expires_in: Annotated[int | None, Mark(low=1, high=LASTS_MAX_SECONDS)] = None
    frozen_time: Annotated[int | None, Mark(low=EARLIEST, high=LATEST)] = None
    name: Annotated[str | None, Mark(longest=300)] = None


class Environment(Resource, tag="environment"):
    """An environment as it is kept: ``account`` is the platform that it is, ``test_clock`` the
    clock that this platform follows, ``frozen_time`` where a reset puts it."""

    prefix: ClassVar[str] = "env_"
    table: ClassVar[str] = "environments"

    account: Annotated[str, Mark(column=True)]
    created: Annotated[Timestamp, Mark("l", column=True)]
    livemode: bool
    expires_at: Timestamp | None = None
    frozen_time: Timestamp | None = None
    name: str | None = None
    test_clock: str | None = None


class NewSnapshot(Parameters):
    """What a new snapshot takes."""

    name: Annotated[str | None, Mark(longest=300)] = None


class Snapshot(Resource, tag="environment_snapshot"):
    """A snapshot: ``rows`` says how many rows it holds."""

    prefix: ClassVar[str] = "envs_"
    table: ClassVar[str] = "environment_snapshots"

    created: Annotated[Timestamp, Mark("l", column=True)]
    environment: Annotated[str, Mark(column=True)]
    livemode: bool
    name: str | None = None
    rows: int = 0


class Restoring(Parameters):
    """Which snapshot an environment is put back to."""

    snapshot: Annotated[str, Mark(need="c", longest=255)]
