"""What a bureau's key and its reports may be, and what a file says, without a database."""

import json
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from cardwright.bureau import encryption, personalization, statuses
from cardwright.cardholders.model import Billing, Cardholder
from cardwright.cards import shipping_rules, verification_values
from cardwright.cards.shipping_shapes import AddressValidation, NormalizedAddress, Shipping
from cardwright.designs.model import CarrierText, Design, Features, PhysicalBundle
from cardwright.kernel.refusal import Failure
from cardwright.kernel.vault import Vault, new_key
from cardwright.wire.resource import Country, Timestamp
from tests.cards.test_rules import ADDRESS, NOW, card

NUMBER = "4000009800000006"


def pem(key: Any) -> str:
    """The public half of a key."""
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return str(public.decode())


def private_pem(key: Any) -> str:
    return str(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
    )


def test_keys_that_are_no_good() -> None:
    good = rsa.generate_private_key(65537, 2048)
    assert encryption.read_key(pem(good)).raw_value.key_size == 2048
    for text, words in (
        (private_pem(good), "belongs to the bureau alone"),
        (pem(rsa.generate_private_key(65537, 1024)), "it has 1024 bits"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "no RSA public key"),
        ("ssh-rsa AAAA", "no RSA public key"),
        ("", "no RSA public key"),
        ("é", "no RSA public key"),
    ):
        with pytest.raises(Failure) as refused:
            encryption.read_key(text)
        assert words in refused.value.message
        assert refused.value.param == "public_key"


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ({"status": "shipped", "carrier": "usps", "tracking_number": "9400"}, "shipped", None),
        ({"status": "shipped", "eta": "2025-06-30"}, "shipped", None),
        ({"status": "delivered"}, "delivered", None),
        ({"status": "returned"}, "returned", None),
        ({"status": "failed"}, "failure", None),
        ({"status": "failure"}, None, "The status must be one of"),
        ({"status": "submitted"}, None, "The status must be one of"),
        ({"status": ""}, None, "The line has no status"),
        ({"status": "shipped", "card": ""}, None, "The line has no card"),
        ({"status": "shipped", "carrier": "pigeon"}, None, "carrier"),
        ({"status": "shipped", "tracking_number": "<b>"}, None, "tracking_number"),
        ({"status": "shipped", "tracking_url": "ftp://example.com"}, None, "tracking_url"),
        ({"status": "shipped", "eta": "30/06/2025"}, None, "The eta must be a day"),
        ({"status": "shipped", "": "surplus"}, None, "another number of columns"),
    ],
)
def test_lines_of_a_report(line: dict[str, str], status: str | None, words: str | None) -> None:
    whole = {"card": "ic_1", **line}
    if status is not None:
        told = statuses.report_of(whole)
        assert told.status == status
        assert told.eta == (1_751_241_600 if "eta" in line else None)
        return
    with pytest.raises(Failure) as refused:
        statuses.report_of(whole)
    assert words is not None
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"\n \n", "it is empty"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b"card,status\nic_1,ship\0ped\n", "NUL"),
        (b"card,state\nic_1,shipped\n", "must name columns"),
        (b"card\nic_1\n", "must name columns"),
        (b"card,status,card\nic_1,shipped,ic_1\n", "must name columns"),
        (b'card,status\n"ic_1,shipped\n', "line 2"),
        (b"card,status\n" + b"ic_1,shipped\n" * 10_001, "more than 10000 lines"),
    ],
)
def test_files_that_are_no_reports(content: bytes, words: str) -> None:
    with pytest.raises(Failure) as refused:
        list(statuses.read(content))
    assert words in refused.value.message
    assert refused.value.param == "file"


def test_lines_keep_their_numbers() -> None:
    content = b"\xef\xbb\xbf status , card\r\n\r\nshipped,ic_1\r\ndelivered\r\n"
    first, second = statuses.read(content)
    assert (first.number, first.values) == (3, {"status": "shipped", "card": "ic_1"})
    assert (second.number, "" in second.values) == (4, True)


def shipment(**changes: Any) -> Shipping:
    return Shipping(**{"address": ADDRESS, "name": "Jenny Rosen", **changes})


@pytest.mark.parametrize(
    ("changes", "design", "made"),
    [
        ({}, None, True),
        ({}, "active", True),
        ({}, "review", False),
        ({}, "inactive", False),
        ({"status": "canceled"}, None, False),
        ({"shipping": None}, None, False),
        ({"shipping": shipment(status="submitted")}, None, False),
    ],
)
def test_cards_that_can_be_made(changes: dict[str, Any], design: Any, made: bool) -> None:
    asked = card(**{"type": "physical", "shipping": shipment(), **changes})
    assert shipping_rules.can_be_made(asked, design) is made


@pytest.mark.parametrize(
    ("status", "shipped_at", "passed"),
    [
        ("pending", None, False),
        ("submitted", None, False),
        ("shipped", NOW, False),
        ("delivered", NOW, True),
        ("returned", NOW, True),
        ("failure", NOW, True),
        ("failure", None, False),
    ],
)
def test_reports_of_the_past(status: Any, shipped_at: Any, passed: bool) -> None:
    asked = shipment(status=status, shipped_at=shipped_at)
    assert shipping_rules.has_passed(asked, "shipped") is passed
    assert not shipping_rules.has_passed(asked, "delivered")


def test_what_a_line_says_of_a_card() -> None:
    vault = Vault.open(new_key())
    written = NormalizedAddress(line1="10 DOWNING STREET", city="LONDON", country=Country("GB"))
    checked = AddressValidation(mode="normalization_only", normalized_address=written)
    holder = Cardholder(
        id="ich_1",
        billing=Billing(address=ADDRESS),
        created=Timestamp(NOW),
        livemode=False,
        name="Jenny Rosen",
        phone_number="+447700900000",
        type="individual",
    )
    asked = card(type="physical", shipping=shipment(address_validation=checked), second_line="R")
    design = Design(
        id="ipd_1",
        account="acct_1",
        carrier_text=CarrierText(header_title="Hello"),
        created=NOW,
        livemode=False,
        physical_bundle="ics_1",
        platform_id="acct_0",
        status="active",
    )
    features = Features(card_logo="optional", carrier_text="optional", second_line="optional")
    bundle = PhysicalBundle(
        id="ics_1", created=NOW, features=features, livemode=False, name="Standard card"
    )
    line = personalization.line_of(vault, "acct_1", asked, holder, NUMBER, (design, bundle))
    codes = line["cvc"]
    month, year = asked.exp_month, asked.exp_year
    assert codes["printed"] == verification_values.cvc(vault, NUMBER, month, year)
    assert all(len(code) == 3 and code.isdigit() for code in codes.values())
    again = verification_values.track_cvc(vault, NUMBER, month, year, "201")
    assert codes["magnetic_stripe"] == again
    assert (line["number"], line["name"], line["second_line"]) == (NUMBER, "Jenny Rosen", "R")
    assert line["design"]["physical_bundle"]["name"] == "Standard card"
    assert line["design"]["carrier_text"]["header_title"] == "Hello"
    assert line["shipping"]["address"]["line1"] == "10 DOWNING STREET"
    assert line["shipping"]["phone_number"] == "+447700900000"
    bare = msgspec.structs.replace(asked, shipping=shipment(phone_number="+44"))
    plain = personalization.line_of(vault, "acct_1", bare, holder, NUMBER, None)
    assert plain["design"] is None
    assert plain["shipping"]["address"] == msgspec.to_builtins(ADDRESS)
    assert plain["shipping"]["phone_number"] == "+44"
    clear = personalization.content("cbf_1", NOW, False, [line, plain])
    header, *cards, trailer = [json.loads(text) for text in clear.splitlines()]
    assert (header["file"], header["version"], trailer["count"]) == ("cbf_1", 1, len(cards))


def test_bulk_shipments_of_one_place_are_one_parcel() -> None:
    def line(card: str, account: str = "acct_1", **changes: Any) -> dict[str, Any]:
        sent = {"type": "bulk", "name": "Rocket Rides", "service": "express", **changes}
        return {"card": card, "account": account, "shipping": sent}

    cards = [
        line("first"),
        line("elsewhere", name="Rocket Boats"),
        line("alone", type="individual"),
        line("second"),
        line("alone too", type="individual"),
        line("of another", account="acct_2"),
        line("third"),
        line("slower", service="standard"),
    ]
    assert [(one["card"], one["parcel"]) for one in personalization.in_parcels(cards)] == [
        ("alone", None),
        ("alone too", None),
        ("first", 1),
        ("second", 1),
        ("third", 1),
        ("elsewhere", 2),
        ("of another", 3),
        ("slower", 4),
    ]
    clear = personalization.content("cbf_1", NOW, False, cards)
    assert json.loads(clear.splitlines()[-1]) == {"type": "trailer", "count": 8, "parcels": 4}
