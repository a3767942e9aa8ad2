"""What the simulator refuses."""

from cardwright.kernel.refusal import Refusal

VERSION_TOO_OLD = Refusal(
    "version_too_old",
    "This endpoint needs the version {first} or a newer one in the Stripe-Version header; "
    "got '{version}'.",
    code="api_version_invalid",
)
CASHBACK_TOO_LARGE = Refusal(
    "cashback_too_large", "The cashback is more than the amount of {amount}."
)
INQUIRY_WITH_AMOUNT = Refusal("inquiry_with_amount", "An inquiry has an amount of 0.")
