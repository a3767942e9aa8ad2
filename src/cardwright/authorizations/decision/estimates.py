"""Fuel pumps ask for one unit of the currency before they know the amount: what is held then."""

import msgspec

from cardwright.authorizations.request import AuthorizationRequest

PUMPS = "automated_fuel_dispensers"
# What a pump asks for, and how many times as much is held until the amount is known.
TOKEN_MINOR, FACTOR = 100, 100


def whole(request: AuthorizationRequest) -> AuthorizationRequest:
    """The request with the amount to hold: a hundred units where a pump asks for one, in whichever
    currency the merchant is paid."""
    merchant = request.merchant_amount_minor
    asked = request.amount_minor if merchant is None else merchant
    if request.merchant_data.category != PUMPS or asked != TOKEN_MINOR:
        return request
    return msgspec.structs.replace(
        request,
        amount_minor=request.amount_minor * FACTOR,
        merchant_amount_minor=None if merchant is None else merchant * FACTOR,
    )
