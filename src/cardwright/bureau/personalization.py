"""What the bureau needs to make a card and send it: lines of JSON, before they are encrypted.

A file is a header, a line for each card, and a trailer that counts them. Cards that are sent in
bulk to one place follow each other, with the number of their parcel.
"""

from typing import Any

import msgspec

from cardwright.cardholders.model import Cardholder
from cardwright.cards import verification_values
from cardwright.cards.model import Card
from cardwright.cards.shipping_shapes import Shipping
from cardwright.designs.model import Design, PhysicalBundle
from cardwright.kernel.vault import Vault

FORMAT, VERSION = "cardwright-personalization", 1
# International, chip first, no restrictions (ISO 7813); what the code of the chip is made with.
SERVICE_CODE, CHIP_CODE = "201", "999"

Line = dict[str, Any]


def content(file_id: str, created: int, livemode: bool, cards: list[Line]) -> bytes:
    """The whole file in clear."""
    packed = in_parcels(cards)
    header = {
        "type": "header",
        "format": FORMAT,
        "version": VERSION,
        "file": file_id,
        "created": created,
        "livemode": livemode,
    }
    parcels = {line["parcel"] for line in packed} - {None}
    trailer = {"type": "trailer", "count": len(packed), "parcels": len(parcels)}
    return b"".join(msgspec.json.encode(line) + b"\n" for line in (header, *packed, trailer))


def in_parcels(cards: list[Line]) -> list[Line]:
    """The cards as they are packed: those that one account sends in bulk to the same place, by the
    same service, in one parcel of a number; the others of no number, each alone, before them."""
    alone: list[Line] = []
    parcels: dict[bytes, list[Line]] = {}
    for line in cards:
        if line["shipping"]["type"] == "bulk":
            place = msgspec.json.encode((line["account"], line["shipping"]))
            parcels.setdefault(place, []).append(line)
        else:
            alone.append({**line, "parcel": None})
    numbered = enumerate(parcels.values(), start=1)
    return alone + [{**line, "parcel": number} for number, lines in numbered for line in lines]


def line_of(
    vault: Vault,
    account_id: str,
    card: Card,
    holder: Cardholder,
    number: str,
    design: tuple[Design, PhysicalBundle] | None,
) -> Line:
    """The line of one card."""
    assert card.shipping is not None, "only a physical card is made"
    month, year = card.exp_month, card.exp_year
    printed = verification_values.cvc(vault, number, month, year)
    stripe, chip = (
        verification_values.track_cvc(vault, number, month, year, code)
        for code in (SERVICE_CODE, CHIP_CODE)
    )
    return {
        "type": "card",
        "card": card.id,
        "account": account_id,
        "brand": card.brand,
        "number": number,
        "exp_month": month,
        "exp_year": year,
        "service_code": SERVICE_CODE,
        "cvc": {"printed": printed, "magnetic_stripe": stripe, "chip": chip},
        "name": holder.name,
        "second_line": card.second_line,
        "design": _design(design),
        "shipping": _shipping(card.shipping, holder),
    }


def _design(chosen: tuple[Design, PhysicalBundle] | None) -> Line | None:
    if chosen is None:
        return None
    design, bundle = chosen
    return {
        "id": design.id,
        "name": design.name,
        "card_logo": design.card_logo,
        "carrier_text": msgspec.to_builtins(design.carrier_text),
        "physical_bundle": {"id": bundle.id, "name": bundle.name, "type": bundle.type},
    }


def _shipping(shipping: Shipping, holder: Cardholder) -> Line:
    """Where the card goes: to the address as the post writes it, where it was looked at."""
    checked = shipping.address_validation
    written = checked.normalized_address if checked is not None else None
    customs = shipping.customs
    # A parcel of many cards goes to none of their holders.
    of_holder = holder.phone_number if shipping.type == "individual" else None
    return {
        "name": shipping.name,
        "business_name": shipping.business_name,
        "address": msgspec.to_builtins(written or shipping.address),
        "phone_number": shipping.phone_number or of_holder,
        "service": shipping.service,
        "type": shipping.type,
        "require_signature": bool(shipping.require_signature),
        "eori_number": customs.eori_number if customs is not None else None,
    }
