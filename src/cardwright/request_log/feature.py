"""What the log of requests brings."""

from cardwright.features.declaration import Feature
from cardwright.features.process import Process
from cardwright.request_log import api, recording
from cardwright.request_log.recording import Recorder


def recorder(process: Process) -> Recorder:
    """The loop that writes the log of what was answered."""
    made = Recorder(process.database)
    process.pipe.observers.append(made.note)
    return made


FEATURE = Feature(
    operations=api.OPERATIONS,
    purges={"requests": recording.purge},
    parts=(recorder,),
)
