"""What files bring."""

from cardwright.features.declaration import Feature, Pages
from cardwright.features.process import Process
from cardwright.files import api


def pages(process: Process) -> Pages:
    """The addresses of file links."""
    from cardwright.files import public

    return () if process.blobs is None else public.handlers(process.database, process.blobs)


FEATURE = Feature(operations=api.OPERATIONS, loaders={"file": api.LOADER}, pages=pages)
