"""``/v1/issuing/programs``: the operations on card programs, behind their version flag."""

from cardwright.programs import flows
from cardwright.programs.model import Program
from cardwright.wire import standard

OPERATIONS = standard.operations(
    Program,
    "/v1/issuing/programs",
    create=flows.attach_program,
    update=flows.update_program,
    preview=True,
    flag="issuing_program_beta=v2",
)
