"""What the server tells its operator while it runs, through structlog.

structlog takes a quarter of a second to import, so it is loaded with the first sentence.
"""

from contextlib import suppress
from functools import cache
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


@cache
def _logger() -> Any:
    import structlog

    # The default shows the local variables of every frame, card numbers and keys among them.
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], renderer])
    return structlog.get_logger()


def _write(level: str, event: str, facts: dict[str, Any]) -> None:
    with suppress(OSError):
        getattr(_logger(), level)(event, **facts)


log = Log()
