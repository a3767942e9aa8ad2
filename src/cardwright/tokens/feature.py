"""What cards in digital wallets bring."""

from cardwright.cards.model import CardCanceled
from cardwright.features.declaration import Feature
from cardwright.features.happenings import on
from cardwright.tokens import api, flows
from cardwright.tokens.model import Token
from cardwright.wire import expand

FEATURE = Feature(
    operations=api.OPERATIONS,
    loaders={"issuing.token": expand.loader(Token)},
    listeners=(on(CardCanceled, flows.follow_card),),
)
