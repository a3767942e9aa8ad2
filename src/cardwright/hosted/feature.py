"""What hosted onboarding brings."""

from cardwright.features.declaration import Feature, Pages
from cardwright.features.process import Process
from cardwright.hosted import api


def pages(process: Process) -> Pages:
    """The pages behind account links."""
    from cardwright.hosted import pages

    return pages.handlers(process.database)


FEATURE = Feature(operations=api.OPERATIONS, pages=pages)
