"""What is refused about tokens of cards."""

from cardwright.kernel.refusal import Refusal

TOKEN_STEP = Refusal(
    "token_step",
    "The token is {status}; the next statuses are: {steps}.",
    code="status_transition_invalid",
)
TOKEN_CARD_NOT_ACTIVE = Refusal(
    "token_card_not_active", "The card is {status}; only an active card is put into a wallet."
)
TOKEN_OF_OTHER_CARD = Refusal("token_of_other_card", "The token {token} stands for another card.")
TOKEN_NOT_ACTIVE = Refusal(
    "token_not_active", "The token is {status}; the network lets only active tokens pay."
)
TOKEN_OF_OTHER_NETWORK = Refusal("token_of_other_network", "The card's network is {network}.")
