"""Cards leave for the bureau and come back as reports, through the API and by commands."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwe
from joserfc.jwk import RSAKey

from cardwright.roles.provisioning import create_platform
from tests.bureau.test_rules import pem, private_pem
from tests.support.operator import command
from tests.support.physical import Issuer
from tests.support.server import Platform

KEY = "/_cardwright/card_bureau/key"
FILES = "/_cardwright/card_bureau/files"
REPORTS = "/_cardwright/card_bureau/reports"
ALGORITHMS = ["RSA-OAEP-256", "A256GCM"]
PRIVATE = rsa.generate_private_key(65537, 2048)


def opened(content: str) -> list[dict[str, Any]]:
    """The lines of a file, as the bureau reads them with its private key."""
    key = RSAKey.import_key(private_pem(PRIVATE))
    found = jwe.decrypt_compact(content, key, algorithms=ALGORITHMS)
    assert found.plaintext is not None
    return [json.loads(line) for line in found.plaintext.splitlines()]


class Bureau:
    """The platform's door to its bureau."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer

    async def key(self) -> Any:
        return await self.issuer.done("POST", KEY, {"public_key": pem(PRIVATE)}, account=None)

    async def export(self) -> Any:
        return await self.issuer.done("POST", FILES, account=None)

    async def lines(self, file_id: str) -> list[dict[str, Any]]:
        body = await self.issuer.done("GET", f"{FILES}/{file_id}/content", account=None)
        return opened(body["content"])

    async def report(self, *rows: str, header: str = "card,status") -> tuple[int, Any]:
        content = "\n".join((header, *rows)) + "\n"
        data = (
            "--edge\r\nContent-Disposition: form-data; name=file; filename=report.csv\r\n"
            f"Content-Type: text/csv\r\n\r\n{content}\r\n--edge--\r\n"
        )
        return await self.issuer.call(
            "POST",
            REPORTS,
            account=None,
            data=data.encode(),
            headers={"Content-Type": "multipart/form-data; boundary=edge"},
        )


@pytest.fixture
async def issuer(platform: Platform) -> Issuer:
    return await Issuer.of(platform)


async def test_a_file_for_the_bureau(issuer: Issuer) -> None:
    bureau = Bureau(issuer)
    other = await Issuer.of(issuer.platform, "us_spend_card")
    error = await issuer.refused("POST", FILES, account=None)
    assert "no key" in error["message"]
    named = await bureau.key()
    assert named == await issuer.done("GET", KEY, account=None)
    assert "No card waits" in (await issuer.refused("POST", FILES, account=None))["message"]
    design = await issuer.design(name="Rocket")
    first = await issuer.card(second_line="ROCKET RIDES")
    waiting = await issuer.card(personalization_design=design["id"])
    canceled = await issuer.card()
    await issuer.done("POST", f"/v1/issuing/cards/{canceled['id']}", {"status": "canceled"})
    abroad = await other.card(currency="usd", shipping__service="express")

    made = await bureau.export()
    assert (made["count"], set(made["cards"])) == (2, {first["id"], abroad["id"]})
    assert made["key_id"] == named["key_id"]
    header, *cards, trailer = await bureau.lines(made["id"])
    assert (header["file"], header["livemode"], trailer["count"]) == (made["id"], False, 2)
    by_id = {line["card"]: line for line in cards}
    line = by_id[first["id"]]
    assert (line["account"], line["name"]) == (issuer.account_id, "Jenny Rosen")
    assert line["number"].endswith(first["last4"])
    assert (line["exp_month"], line["exp_year"]) == (first["exp_month"], first["exp_year"])
    assert (line["second_line"], line["design"]) == ("ROCKET RIDES", None)
    assert line["shipping"]["address"]["line1"] == "10 Downing Street"
    seen = await issuer.done("GET", f"/v1/issuing/cards/{first['id']}")
    assert seen["shipping"]["status"] == "submitted"

    # Nothing waits but the card whose design is reviewed; it comes once, and once only.
    assert await issuer.refused("POST", FILES, account=None)
    await issuer.review(design["id"], "activate")
    second = await bureau.export()
    assert second["cards"] == [waiting["id"]]
    assert (await bureau.lines(second["id"]))[1]["design"]["name"] == "Rocket"
    listed = await issuer.done("GET", FILES, account=None)
    assert [one["id"] for one in listed["data"]] == [second["id"], made["id"]]
    assert await issuer.done("GET", f"{FILES}/{made['id']}", account=None) == made
    missing = await issuer.refused("GET", f"{FILES}/cbf_none/content", account=None)
    assert missing["code"] == "resource_missing"


async def test_cards_for_one_office_are_one_parcel(issuer: Issuer) -> None:
    bureau = Bureau(issuer)
    await bureau.key()
    bulk = {"shipping__type": "bulk", "shipping__customs__eori_number": "GB123456789000"}
    office = [(await issuer.card(**bulk))["id"]]
    alone = (await issuer.card())["id"]
    # Another cardholder, whose telephone number says nothing of the parcel.
    holder = await issuer.done("GET", f"/v1/issuing/cardholders/{issuer.holder}")
    form = {"name": "Jane Roe", "type": "individual", "phone_number": "+447700900000"}
    address = holder["billing"]["address"]
    form |= {f"billing[address][{name}]": text for name, text in address.items() if text}
    issuer.holder = (await issuer.done("POST", "/v1/issuing/cardholders", form))["id"]
    office.append((await issuer.card(**bulk))["id"])
    made = await bureau.export()
    _, *cards, trailer = await bureau.lines(made["id"])
    packed = [(line["card"], line["parcel"]) for line in cards]
    assert packed == [(alone, None), (office[0], 1), (office[1], 1)]
    assert (trailer["count"], trailer["parcels"]) == (3, 1)


async def test_files_are_sealed_at_rest(issuer: Issuer) -> None:
    bureau = Bureau(issuer)
    await bureau.key()
    await issuer.card()
    made = await bureau.export()
    [_, line, _] = await bureau.lines(made["id"])
    body = await issuer.done("GET", f"{FILES}/{made['id']}/content", account=None)
    pool = issuer.platform.live.application.database.pool
    tables = await pool.fetch(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    for table in tables:
        for text in (line["number"], body["content"]):
            found = await pool.fetchval(
                f"select count(*) from {table['relname']} as row where row::text like $1",
                f"%{text}%",
            )
            assert found == 0, table["relname"]


async def test_every_card_leaves_once(issuer: Issuer) -> None:
    bureau = Bureau(issuer)
    await bureau.key()
    ordered = [(await issuer.card())["id"] for _ in range(5)]
    answers = await asyncio.gather(*(issuer.call("POST", FILES, account=None) for _ in range(4)))
    made = [body for status, body in answers if status == 200]
    assert sorted(card for body in made for card in body["cards"]) == sorted(ordered)
    assert {status for status, _ in answers} <= {200, 400}


async def test_a_report_is_taken_line_by_line(issuer: Issuer) -> None:
    bureau = Bureau(issuer)
    await bureau.key()
    cards = [(await issuer.card())["id"] for _ in range(4)]
    await bureau.export()
    waiting = await issuer.card()
    stranger = await Issuer.of(
        Platform(
            issuer.platform.live, await create_platform(issuer.platform.live.application.database)
        )
    )
    theirs = await stranger.card()
    header = "card,status,carrier,tracking_number,eta"
    rows = (
        f"{cards[0]},shipped,royal_mail,AB 1 GB,2040-01-02",
        f"{cards[1]},failed,,,",
        f"{cards[2]},delivered,,,",
        f"{waiting['id']},shipped,,,",
        f"{theirs['id']},shipped,,,",
        f"{cards[3]},shipped,pigeon,,",
        f"{cards[3]},shipped",
        f"{cards[0]},delivered,,,",
    )
    status, body = await bureau.report(*rows, header=header)
    assert (status, body["applied"], body["unchanged"]) == (200, 3, 0)
    assert [(one["line"], one["card"]) for one in body["refused"]] == [
        (4, cards[2]),
        (5, waiting["id"]),
        (6, theirs["id"]),
        (7, cards[3]),
        (8, cards[3]),
    ]
    reasons = [one["reason"] for one in body["refused"]]
    assert "The shipment is submitted and cannot become delivered" in reasons[0]
    assert reasons[1] == f"The bureau was given no card with the id '{waiting['id']}'."
    assert reasons[2] == f"The bureau was given no card with the id '{theirs['id']}'."
    first = await issuer.done("GET", f"/v1/issuing/cards/{cards[0]}")
    shipping = first["shipping"]
    assert (shipping["status"], shipping["carrier"]) == ("delivered", "royal_mail")
    assert (shipping["tracking_number"], shipping["eta"]) == ("AB 1 GB", 2_209_075_200)
    failed = await issuer.done("GET", f"/v1/issuing/cards/{cards[1]}")
    assert (failed["status"], failed["cancellation_reason"]) == ("canceled", "fulfillment_error")

    told = len(await issuer.events("issuing_card"))
    status, body = await bureau.report(*rows, header=header)
    assert (body["applied"], body["unchanged"], len(body["refused"])) == (0, 3, 5)
    assert len(await issuer.events("issuing_card")) == told


async def test_files_and_keys_that_are_refused(issuer: Issuer) -> None:
    bureau = Bureau(issuer)
    for form in ({}, {"public_key": "x"}, {"public_key": private_pem(PRIVATE)}):
        assert (await issuer.refused("POST", KEY, form, account=None))["param"] == "public_key"
    assert (await issuer.done("GET", KEY, account=None))["public_key"] is None
    status, body = await bureau.report(header="id,state")
    assert (status, body["error"]["param"]) == (400, "file")
    assert (await issuer.refused("POST", REPORTS, {}, account=None))["param"] == "file"
    assert await issuer.refused("POST", FILES)


async def test_an_operator_works_with_the_bureau_by_commands(
    served: Platform, data: Path, tmp_path: Path
) -> None:
    async def run(*words: str) -> str:
        return await asyncio.to_thread(command, data, *words)

    issuer = await Issuer.of(served)
    key, out, report = tmp_path / "key.pem", tmp_path / "cards.jwe", tmp_path / "report.csv"
    key.write_text(pem(PRIVATE))
    assert "refused" in await run("bureau", "export", "--to", str(out))
    assert "refused" in await run("bureau", "key", str(tmp_path / "none.pem"))
    assert (await run("bureau", "key", str(key))).startswith("key: ")
    card = await issuer.card()
    assert await run("bureau", "list") == "No file was made yet.\n"
    made = await run("bureau", "export", "--to", str(out))
    file_id = made.partition(":")[0]
    assert made == f"{file_id}: 1 cards\n"
    assert opened(out.read_text())[1]["card"] == card["id"]
    assert "refused" in await run("bureau", "export", "--to", str(out))
    again = tmp_path / "again.jwe"
    assert await run("bureau", "write", file_id, "--to", str(again)) == ""
    assert again.read_text() == out.read_text()
    assert file_id in await run("bureau", "list")
    report.write_text(f"card,status\n{card['id']},shipped\n")
    assert await run("bureau", "import", str(report)) == "applied: 1  unchanged: 0\n"
    assert await run("bureau", "import", str(report)) == "applied: 0  unchanged: 1\n"
    report.write_text(f"card,status\n{card['id']},delivered\nic_none,shipped\n")
    assert "1 lines were refused" in await run("bureau", "import", str(report))
    seen = await issuer.done("GET", f"/v1/issuing/cards/{card['id']}")
    assert seen["shipping"]["status"] == "delivered"
