"""The reconciliation of a day: by program, by movement, and every difference."""

import csv
import io
from typing import Any

import pytest

from cardwright.kernel import clock
from cardwright.ledger import flows, transfers
from cardwright.tenancy import gates, registry
from tests.support.issuing import issuing_account
from tests.support.server import Platform

PATH = "/_cardwright/reconciliation"
# Days on which nothing else happens.
FIRST_MS = 1_750_204_800_000
FIRST, SECOND, THIRD = "2025-06-18", "2025-06-19", "2025-06-20"


async def post(platform: Platform, day_ms: int, transfer: transfers.Transfer) -> None:
    """Post a transfer at noon of a day."""
    database = platform.live.application.database
    async with registry.transaction(database, transfer.account_id) as tx:
        await gates.lock(tx, transfer.account_id)
        tx.now_ms = day_ms + clock.HOUR_MS * 12
        await flows.post(tx, transfer)


async def report(platform: Platform, day: str, **more: str) -> Any:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    status, body = await platform.call("GET", f"{PATH}?date={day}{query}")
    assert status == 200, body
    return body


def book_of(report: Any, group: str, book: str) -> Any:
    """A book of a program or of an account without one."""
    [found] = [one for one in report["data"] if group in (one["program"], one["account"])]
    return next((each for each in found["books"] if each["book"] == book), None)


async def with_two_days(platform: Platform) -> tuple[str, str]:
    """An account with a program and one without, each with two days behind it."""
    one = await issuing_account(platform)
    other = await issuing_account(platform, program=False)
    second_ms = FIRST_MS + clock.DAY_MS
    await post(platform, FIRST_MS, transfers.incoming(one, "issuing", "gbp", 10_000))
    await post(platform, second_ms, transfers.hold(one, "iauth_1", "gbp", 3_000))
    await post(platform, second_ms, transfers.release(one, "iauth_1", "gbp", 3_000))
    await post(platform, second_ms, transfers.spend(one, "ipi_1", "gbp", 2_500))
    await post(platform, second_ms, transfers.spend(one, "ipi_2", "gbp", 500))
    await post(platform, second_ms, transfers.incoming(other, "payments", "gbp", 70))
    return one, other


async def test_a_day_opens_moves_and_closes(platform: Platform) -> None:
    one, other = await with_two_days(platform)
    status, programs = await platform.call(
        "GET",
        "/v1/issuing/programs",
        account=one,
        version="2026-05-27.preview; issuing_program_beta=v2",
    )
    assert status == 200
    program = programs["data"][0]["platform_program"]
    first, second, third = [await report(platform, day) for day in (FIRST, SECOND, THIRD)]
    assert [day["differences"] for day in (first, second, third)] == [0, 0, 0]
    assert book_of(first, program, "issuing") == {
        "book": "issuing",
        "closing": 10_000,
        "currency": "gbp",
        "difference": 0,
        "movements": [{"amount": 10_000, "transfers": 1, "type": "topup"}],
        "opening": 0,
    }
    spent = book_of(second, program, "issuing")
    assert (spent["opening"], spent["closing"]) == (10_000, 7_000)
    assert {one["type"]: (one["amount"], one["transfers"]) for one in spent["movements"]} == {
        # What is held is in the book too, so a hold moves nothing out of it.
        "issuing_authorization_hold": (0, 1),
        "issuing_authorization_release": (0, 1),
        "issuing_transaction": (-3_000, 2),
    }
    assert book_of(third, program, "issuing")["opening"] == 7_000
    assert book_of(third, program, "issuing")["movements"] == []
    assert book_of(second, other, "payments")["closing"] == 70
    assert book_of(first, other, "payments") is None


async def test_a_difference_is_told(platform: Platform) -> None:
    one, _ = await with_two_days(platform)
    pool = platform.live.application.database.pool
    damage = "update balances set available_minor = available_minor + $2 where account_id = $1"
    await pool.execute(f"{damage} and book = 'issuing'", one, 5)
    found = await report(platform, SECOND)
    assert found["differences"] == 1
    assert [
        (book["book"], book["difference"])
        for group in found["data"]
        for book in group["books"]
        if book["difference"]
    ] == [("issuing", 5)]
    await pool.execute(f"{damage} and book = 'issuing'", one, -5)
    assert (await report(platform, SECOND))["differences"] == 0


async def test_as_a_table(platform: Platform) -> None:
    _, other = await with_two_days(platform)
    body = await report(platform, SECOND, format="csv")
    lines = list(csv.DictReader(io.StringIO(body["content"])))
    mine = [line for line in lines if line["account"] == other and line["book"] == "payments"]
    assert [(line["line"], line["amount"]) for line in mine] == [
        ("opening", "0.00"),
        ("topup", "0.70"),
        ("closing", "0.70"),
        ("difference", "0.00"),
    ]


@pytest.mark.parametrize(
    "query", ["", "?date=yesterday", "?date=2025-02-30", "?date=2025-06-18&format=pdf"]
)
async def test_what_is_no_day_is_refused(platform: Platform, query: str) -> None:
    assert (await platform.call("GET", PATH + query))[0] == 400


async def test_each_platform_sees_its_own(platform: Platform) -> None:
    found = await report(platform, FIRST)
    assert found["data"] == []
    account = await issuing_account(platform, program=False)
    assert (await platform.call("GET", f"{PATH}?date={FIRST}", account=account))[0] == 400
