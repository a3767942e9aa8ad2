"""What Issuing Elements brings."""

from cardwright.features.declaration import Feature, Pages
from cardwright.features.process import Process


def pages(_process: Process) -> Pages:
    """The script of a page, and the frames it opens."""
    from cardwright.issuing_elements import pages

    return pages.handlers()


FEATURE = Feature(pages=pages)
