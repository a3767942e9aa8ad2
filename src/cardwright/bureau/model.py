"""Files for the card bureau, and what it reports, said once. The public API has no such thing."""

from typing import Annotated, ClassVar

from cardwright.files import refusals as files_refusals
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals as wire_refusals
from cardwright.wire.operation import Call
from cardwright.wire.resource import Mark, Parameters, Resource, Timestamp, Upload

PEM_LONGEST = 10_000


class BureauFile(Resource, tag="card_bureau_file"):
    """Cards that were handed to the bureau together, encrypted to the key that ``key_id`` names."""

    prefix: ClassVar[str] = "cbf_"
    table: ClassVar[str] = "bureau_files"

    cards: list[str]
    count: int
    created: Annotated[Timestamp, Mark("l", column=True)]
    key_id: str
    livemode: bool


class BureauKey(Parameters):
    """The bureau's public key, in PEM."""

    public_key: Annotated[str, Mark(need="c", longest=PEM_LONGEST)]


class BureauReport(Parameters):
    """What the bureau reports, as CSV in a multipart form."""

    file: Annotated[Upload, Mark(need="c")]


def check_report(call: Call[BureauReport]) -> None:
    """Refuse a call without a file, or with an empty one, before anything of it is kept."""
    if call.upload is None:
        fail(wire_refusals.UPLOAD_EXPECTED, param="file")
    if not call.upload.size:
        fail(files_refusals.FILE_EMPTY)
