"""The part of the table of refusals that is about test environments."""

from cardwright.kernel.refusal import INVALID, Refusal

ENVIRONMENT_REFUSALS: dict[str, Refusal] = {
    "account_gone": Refusal(
        403, INVALID, "account_invalid", "The account '{account}' does not exist any more."
    ),
    "environment_nested": Refusal(
        400,
        INVALID,
        None,
        "This key belongs to an environment itself. Use the key of the platform that made it.",
    ),
    "snapshot_of_another": Refusal(
        400,
        INVALID,
        None,
        "The snapshot '{snapshot}' is of another environment: {environment}.",
    ),
}
