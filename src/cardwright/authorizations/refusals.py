"""What is refused about authorizations and the answers they wait for."""

from cardwright.kernel.refusal import Refusal

AUTHORIZATION_NOT_WAITING = Refusal(
    "authorization_not_waiting", "The authorization is not waiting for an answer."
)
AUTHORIZATION_WAITING = Refusal(
    "authorization_waiting", "The authorization is waiting for an answer and cannot be changed yet."
)
AUTHORIZATION_DECLINED = Refusal(
    "authorization_declined",
    "Only an approved authorization can be changed ({verb}); this one was declined.",
)
AUTHORIZATION_OVER = Refusal(
    "authorization_over", "The authorization is {status} and cannot be changed."
)
AUTHORIZATION_AMOUNT_FIXED = Refusal(
    "authorization_amount_fixed", "The amount of this authorization is not controllable."
)
AUTHORIZATION_NOT_CHALLENGED = Refusal(
    "authorization_not_challenged", "The authorization has no fraud challenge that is pending."
)
REVERSE_AMOUNT_TOO_LARGE = Refusal(
    "reverse_amount_too_large", "Only {held} can be reversed.", code="amount_too_large"
)
TOKEN_OF_OTHER_WALLET = Refusal(
    "token_of_other_wallet", "The token {token} is not one of {wallet}."
)
