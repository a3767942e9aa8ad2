"""What was bought, where a merchant tells: the details of a capture."""

from typing import Annotated

from msgspec import field

from cardwright.authorizations.model import Fleet, Fuel
from cardwright.wire.resource import DecimalText, Mark, Shape, Timestamp


class Segment(Shape):
    """One leg of a flight."""

    arrival_airport_code: Annotated[str | None, Mark(longest=3)] = None
    carrier: Annotated[str | None, Mark(longest=5000)] = None
    departure_airport_code: Annotated[str | None, Mark(longest=3)] = None
    flight_number: str | None = None
    service_class: str | None = None
    stopover_allowed: bool | None = None


class Flight(Shape):
    """A journey by air."""

    departure_at: Timestamp | None = None
    passenger_name: str | None = None
    refundable: bool | None = None
    segments: list[Segment] = field(default_factory=list)
    travel_agency: str | None = None


class Lodging(Shape):
    """A stay."""

    check_in_at: Timestamp | None = None
    nights: Annotated[int | None, Mark(low=0)] = None


class ReceiptLine(Shape):
    """One line of the receipt; amounts are minor units, the quantity a decimal number."""

    description: Annotated[str | None, Mark(longest=26)] = None
    quantity: DecimalText | None = None
    total: int | None = None
    unit_cost: int | None = None


class PurchaseDetails(Shape):
    """What was bought."""

    fleet: Fleet | None = None
    flight: Flight | None = None
    fuel: Fuel | None = None
    lodging: Lodging | None = None
    receipt: list[ReceiptLine] = field(default_factory=list)
    reference: str | None = None
