"""``/v1/issuing/cardholders``: the operations on cardholders."""

from cardwright.cardholders import flows
from cardwright.cardholders.model import Cardholder
from cardwright.wire import standard

OPERATIONS = standard.operations(
    Cardholder,
    "/v1/issuing/cardholders",
    create=flows.create_cardholder,
    update=flows.update_cardholder,
)
