"""Lists on the screen: heads, columns that stand below each other, a sentence for nothing, JSON."""

import json
from typing import NamedTuple

from cardwright.cli.tables import Amount, Cell, Columns, line, table


class Row(NamedTuple):
    name: str | None
    cards: int
    paid: Amount
    kinds: list[str]


COLUMNS: Columns[Row] = {
    "name": lambda row: row.name,
    "cards": lambda row: row.cards,
    "paid": lambda row: row.paid,
    "kinds": lambda row: row.kinds,
}
ROWS = [Row("first", 7, Amount(1000, "gbp"), ["a", "b"]), Row(None, 120, Amount(5, "jpy"), [])]


def test_columns_stand_under_their_heads() -> None:
    assert table(ROWS, COLUMNS, none="Nothing.").splitlines() == [
        "name   cards       paid  kinds",
        "first      7  10.00 gbp  a,b",
        "-        120      5 jpy  -",
    ]


def test_nothing_is_one_sentence() -> None:
    assert table([], COLUMNS, none="There is nothing.") == "There is nothing."


def test_what_is_left_out_is_said() -> None:
    said = table(ROWS, COLUMNS, none="Nothing.", more=True)
    assert said.splitlines()[-1] == "... and more; the newest 100 are shown"


def test_a_program_reads_json() -> None:
    assert json.loads(table(ROWS, COLUMNS, none="Nothing.", json=True, more=True)) == {
        "data": [
            {
                "name": "first",
                "cards": 7,
                "paid": {"amount": 1000, "currency": "gbp"},
                "kinds": ["a", "b"],
            },
            {"name": None, "cards": 120, "paid": {"amount": 5, "currency": "jpy"}, "kinds": []},
        ],
        "has_more": True,
    }
    assert json.loads(table([], COLUMNS, none="Nothing.", json=True)) == {
        "data": [],
        "has_more": False,
    }


def test_words_of_others_steer_no_terminal() -> None:
    columns: Columns[str] = {"words": _itself}
    assert table(["\x1b[31mred\r\n"], columns, none="Nothing.").splitlines() == ["words", "[31mred"]


def _itself(row: str) -> Cell:
    return row


def test_wide_characters_take_two_places() -> None:
    columns: Columns[tuple[str, str]] = {"name": lambda row: row[0], "id": lambda row: row[1]}
    assert table([("日本", "a"), ("abcd", "b")], columns, none="Nothing.").splitlines() == [
        "name  id",
        "日本  a",
        "abcd  b",
    ]


def test_one_row_leaves_out_what_is_not_there() -> None:
    assert line(ROWS[0], COLUMNS) == "first  7  10.00 gbp  a,b"
    assert line(ROWS[1], COLUMNS) == "120  5 jpy"
