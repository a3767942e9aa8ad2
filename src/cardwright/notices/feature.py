"""What notices bring."""

from cardwright.features.declaration import Feature
from cardwright.features.process import Process
from cardwright.notices import api, flows
from cardwright.notices.mailer import Mailer


def mailer(process: Process) -> Mailer:
    """The loop of emails."""
    return Mailer(process.database, process.mail_server)


FEATURE = Feature(operations=api.OPERATIONS, deadlines=flows.HANDLERS, parts=(mailer,))
