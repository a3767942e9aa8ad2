"""Days on which banks move money: Monday to Friday, by UTC. Bank holidays are not observed."""

from cardwright.kernel.clock import DAY_MS, moment

SATURDAY = 5


def after(now_ms: int, days: int) -> int:
    """The midnight, in milliseconds, that opens the day so many business days after ``now_ms``."""
    midnight_ms = now_ms - now_ms % DAY_MS
    while days:
        midnight_ms += DAY_MS
        days -= moment(midnight_ms).weekday() < SATURDAY
    return midnight_ms
