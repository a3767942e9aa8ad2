"""What transactions bring."""

from cardwright.authorizations.lane.payment_counts import UNAUTHORIZED
from cardwright.features.declaration import Feature
from cardwright.transactions import api, payments

FEATURE = Feature(
    operations=api.OPERATIONS,
    loaders={"issuing.transaction": api.LOADER},
    extensions=(UNAUTHORIZED.entries(payments.count_force_captures),),
)
