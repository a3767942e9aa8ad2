"""``/v1/test_helpers/issuing/disputes``: what a card network says of disputes, in test mode only.

Every helper calls the flows that the operator calls.
"""

from typing import Annotated, Any

from cardwright.disputes import flows
from cardwright.disputes.model import NetworkStepName, ShownDispute, Verdict
from cardwright.disputes.operator import CreditDeadlines
from cardwright.disputes.verbs import FILES_MAX
from cardwright.kernel import ids
from cardwright.kernel.database import Tx
from cardwright.wire.operation import Call, Operation
from cardwright.wire.resource import Mark, Parameters, Shape

PATH = "/v1/test_helpers/issuing/disputes/{id}"


class DisputeOutcome(Parameters):
    """How the network decided."""

    status: Annotated[Verdict, Mark(need="c")]


class EvidenceFiles(Shape):
    """How many files the merchant's bank sends; they are names without content."""

    number_to_generate: Annotated[int, Mark(need="c", low=1, high=FILES_MAX)]


class NetworkStep(Parameters):
    """What the merchant's bank sends."""

    merchant_evidence_files: Annotated[EvidenceFiles, Mark(need="c")]


async def close(tx: Tx, call: Call[DisputeOutcome]) -> ShownDispute:
    """Close a dispute as won or lost."""
    return await flows.close_dispute(tx, call.path["id"], call.given.value().status)


async def provisional_credit(tx: Tx, call: Call[CreditDeadlines]) -> ShownDispute:
    """Set the deadlines of the provisional credit of a dispute."""
    given = call.given.value()
    return await flows.set_credit_deadlines(
        tx, call.path["id"], given.grant_deadline, given.revocable_after
    )


def _step(name: NetworkStepName) -> Operation:
    async def simulate(tx: Tx, call: Call[NetworkStep]) -> ShownDispute:
        count = call.given.value().merchant_evidence_files.number_to_generate
        files = [ids.new_id("file_") for _ in range(count)]
        return await flows.record_network_step(tx, call.path["id"], name, files)

    return _operation(f"simulate_network_lifecycle_{name}", simulate, NetworkStep)


def _operation(verb: str, handler: Any, takes: type[Parameters]) -> Operation:
    return Operation(
        method="POST",
        path=f"{PATH}/{verb}",
        handler=handler,
        takes=takes,
        returns=ShownDispute,
        preview=True,
        test_only=True,
    )


OPERATIONS = (
    _operation("close", close, DisputeOutcome),
    _operation("provisional_credit", provisional_credit, CreditDeadlines),
    _step("dispute_response"),
    _step("pre_arbitration_response"),
    _step("pre_arbitration_submission"),
)
