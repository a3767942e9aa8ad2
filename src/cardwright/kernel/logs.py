"""What the server tells its operator while it runs, through structlog.

structlog takes a quarter of a second to import, so it is loaded with the first sentence.
"""

from contextlib import suppress
from typing import Any


class Log:
    """Writes events with their facts; a log that nobody reads any more is no error."""

    def info(self, event: str, /, **facts: Any) -> None:
        """Something worth knowing."""
        _write("info", event, facts)

    def warning(self, event: str, /, **facts: Any) -> None:
        """Something that will pass, or that somebody should look at."""
        _write("warning", event, facts)

    def exception(self, event: str, /, **facts: Any) -> None:
        """A defect, with the exception that is being handled."""
        _write("exception", event, facts)


def _write(level: str, event: str, facts: dict[str, Any]) -> None:
    import structlog

    with suppress(OSError):
        getattr(structlog.get_logger(), level)(event, **facts)


log = Log()
