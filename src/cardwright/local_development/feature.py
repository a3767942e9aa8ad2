"""What local development brings."""

from cardwright.authorizations.real_time.asking import Asker
from cardwright.events.resending import LISTENING
from cardwright.features.declaration import Feature, Sockets
from cardwright.features.process import Process
from cardwright.local_development import sessions
from cardwright.local_development.hub import Hub
from cardwright.local_development.resending import send_to_listening


def hub(process: Process) -> Hub:
    """The command lines that listen; they may answer questions about payments."""
    made = Hub(process.database)
    process.part(Asker).listening = made
    return made


def sockets(process: Process) -> Sockets:
    """Where they stay connected."""
    return {sessions.SOCKET_PATH: process.part(Hub).socket}


FEATURE = Feature(
    operations=sessions.OPERATIONS,
    extensions=(LISTENING.entries(send_to_listening),),
    parts=(hub,),
    sockets=sockets,
)
