"""What tenancy refuses: what an account has not, closed accounts, virtual clocks."""

from cardwright.kernel.refusal import Refusal

# Objects and state.
RESOURCE_MISSING = Refusal(
    "resource_missing", "No such {object}: '{id}'", code="resource_missing", status=404
)
ACCOUNT_CLOSED = Refusal(
    "account_closed", "The account '{account}' is closed.", code="account_closed"
)
CLOCK_ADVANCING = Refusal(
    "clock_advancing",
    "The account's clock is advancing. Retry when it is ready.",
    code="lock_timeout",
    status=429,
)
CLOCK_BACKWARDS = Refusal(
    "clock_backwards", "A clock can only be advanced to an instant after the one it shows: {shown}."
)
CLOCK_TOO_FAR = Refusal(
    "clock_too_far",
    "A clock can be advanced by at most two years at once: to {latest} at the latest.",
)
CLOCK_IN_USE = Refusal(
    "clock_in_use",
    "The clock cannot be deleted while open accounts follow it: {count}. Close them first.",
)
CLOCK_BEFORE_ACCOUNT = Refusal(
    "clock_before_account",
    "The clock shows {shown}, the account is at {account} already. Its time cannot go back: "
    "advance the clock first.",
)
TEST_CLOCK_INVALID = Refusal(
    "test_clock_invalid", "No such test clock: '{id}'", code="test_clock_invalid"
)
TEST_CLOCK_DISALLOWED_ON_LIVE_MODE = Refusal(
    "test_clock_disallowed_on_live_mode",
    "Test clocks are for the test environment: an account of live mode follows none.",
    code="test_clock_disallowed_on_live_mode",
)
ACCOUNT_GONE = Refusal(
    "account_gone",
    "The account '{account}' does not exist any more.",
    code="account_invalid",
    status=403,
)
