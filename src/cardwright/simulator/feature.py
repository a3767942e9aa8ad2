"""What the simulator brings."""

from cardwright.features.declaration import Feature
from cardwright.simulator import (
    api,
    disputes,
    physical_cards,
    test_clocks,
    transactions,
    upcoming,
)

FEATURE = Feature(
    operations=(
        *api.OPERATIONS,
        *transactions.OPERATIONS,
        *disputes.OPERATIONS,
        *physical_cards.OPERATIONS,
        *test_clocks.OPERATIONS,
        *upcoming.OPERATIONS,
    ),
    deadlines=test_clocks.HANDLERS,
)
