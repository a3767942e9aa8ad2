"""What is refused about test environments."""

from cardwright.kernel.refusal import Refusal

ENVIRONMENT_NESTED = Refusal(
    "environment_nested",
    "This key belongs to an environment itself. Use the key of the platform that made it.",
)
SNAPSHOT_OF_ANOTHER = Refusal(
    "snapshot_of_another", "The snapshot '{snapshot}' is of another environment: {environment}."
)
