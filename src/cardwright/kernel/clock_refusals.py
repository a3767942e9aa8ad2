"""The part of the table of refusals that is about virtual clocks."""

from cardwright.kernel.refusal import INVALID, Refusal

CLOCK_REFUSALS: dict[str, Refusal] = {
    "clock_advancing": Refusal(
        429, INVALID, "lock_timeout", "The account's clock is advancing. Retry when it is ready."
    ),
    "clock_backwards": Refusal(
        400,
        INVALID,
        None,
        "A clock can only be advanced to an instant after the one it shows: {shown}.",
    ),
    "clock_too_far": Refusal(
        400,
        INVALID,
        None,
        "A clock can be advanced by at most two years at once: to {latest} at the latest.",
    ),
    "clock_in_use": Refusal(
        400,
        INVALID,
        None,
        "The clock cannot be deleted while open accounts follow it: {count}. Close them first.",
    ),
    "clock_before_account": Refusal(
        400,
        INVALID,
        None,
        "The clock shows {shown}, the account is at {account} already. Its time cannot go back: "
        "advance the clock first.",
    ),
    "test_clock_invalid": Refusal(400, INVALID, "test_clock_invalid", "No such test clock: '{id}'"),
    "test_clock_disallowed_on_live_mode": Refusal(
        400,
        INVALID,
        "test_clock_disallowed_on_live_mode",
        "Test clocks are for the test environment: an account of live mode follows none.",
    ),
}
