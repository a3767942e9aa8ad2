"""What cardholders bring."""

from cardwright.cardholders import api, operator
from cardwright.cardholders.model import Cardholder
from cardwright.features.declaration import Feature
from cardwright.wire import expand

FEATURE = Feature(
    operations=(*api.OPERATIONS, *operator.OPERATIONS),
    loaders={"issuing.cardholder": expand.loader(Cardholder)},
)
