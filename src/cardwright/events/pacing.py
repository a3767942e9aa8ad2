"""The pace of deliveries to one destination: how many at once, and how many in a second.

A destination that fails is given fewer places at once, down to one, so that a receiver in trouble
is not flooded while it recovers; each success gives a place back.
"""

from cardwright.kernel import clock

# Posts to one destination at once: a slow receiver fills its own places and nobody else's.
PLACES = 16
# Posts to one destination in a second, on average and in a burst.
RATE = 1000.0
# A destination with a backlog is served again when this many places are free.
REFILL = 4


class Pace:
    """One destination as this process serves it."""

    def __init__(self, rate: float = RATE) -> None:
        self.rate = rate
        self.places = PLACES
        self.busy = 0
        self._tokens = rate
        self._counted_at = clock.monotonic()

    @property
    def idle(self) -> bool:
        """Whether nothing would be lost if this were forgotten."""
        return not self.busy and self.places == PLACES and self._refilled() >= self.rate

    def free(self) -> int:
        """How many deliveries may be taken now: none until it is worth a look."""
        free = min(self.places - self.busy, int(self._refilled()))
        return free if free >= min(REFILL, self.places) else 0

    def wait_seconds(self) -> float:
        """How long until the rate lets deliveries be taken again."""
        return max(0.0, (min(REFILL, self.places) - self._refilled()) / self.rate)

    def take(self, count: int) -> None:
        """Deliveries are being posted."""
        self._tokens = self._refilled() - count
        self._counted_at = clock.monotonic()
        self.busy += count

    def give_back(self) -> None:
        """A delivery is posted, or could not be."""
        self.busy -= 1

    def note(self, accepted: bool) -> None:
        """Learn from what came of a try."""
        self.places = min(PLACES, self.places + 1) if accepted else max(1, self.places // 2)

    def _refilled(self) -> float:
        passed = clock.monotonic() - self._counted_at
        return min(self.rate, self._tokens + passed * self.rate)
