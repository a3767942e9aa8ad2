"""Tables have owners: what SQL touches goes down the line, as imports do."""

import asyncpg
import pytest
from tools import tables_page
from tools.rooms import LINE
from tools.tables_page import EXEMPT, OWNED, Survey, Use, claims, is_exempt, owners

from cardwright.environments.model import Snapshot
from cardwright.kernel import queries
from cardwright.wire import rows
from cardwright.wire.resource import Timestamp
from tests.test_house import SOURCE


@pytest.fixture(scope="module")
async def found(pool: "asyncpg.Pool[asyncpg.Record]") -> Survey:
    async with pool.acquire() as connection:
        return await tables_page.survey(connection)


def wrong_with(use: Use, owner: str) -> str | None:
    """What a statement may not do with a table of a room."""
    if use.operations and use.room != owner:
        return f"{use.statement} writes {use.table}, which {owner} owns: let a function of {owner}"
    if LINE.index(owner) > LINE.index(use.room):
        return f"{use.statement} reads {use.table} of {owner}, a room above its own"
    return None


def test_every_statement_is_looked_at(found: Survey) -> None:
    # Migrations make the tables, and the settings of a cluster come before there are any.
    elsewhere = {*(SOURCE / "migrations").iterdir(), SOURCE / "kernel" / "cluster.sql"}
    unread = {*SOURCE.rglob("*.sql")} - elsewhere - {loaded.file for loaded in queries.LOADED}
    assert not unread, f"no module loads {sorted(map(str, unread))}"
    writing = {use.statement for use in found.uses if use.operations}
    # One of each kind, so that a survey that sees nothing is found out.
    assert {
        "tenancy/queries.sql:insert_gate",
        "tenancy/queries.sql:close_tenant",
        "tenancy/deadlines.sql:claim_due",
        "authorizations/lane/queries.sql:write_decisions",
    } <= writing
    assert "tenancy/queries.sql:lock_gate" not in writing


def test_every_table_has_one_owner(found: Survey) -> None:
    wrong = [
        f"{table}: {', '.join(sorted(rooms)) or 'no room names it or inserts into it'}"
        for table, rooms in claims(found).items()
        if len(rooms) != 1
    ]
    assert not wrong, "\n".join(wrong)


def test_statements_write_their_own_tables_and_read_those_below(found: Survey) -> None:
    owner_of = owners(found)
    wrong = [
        said
        for use in found.uses
        if not is_exempt(use) and (said := wrong_with(use, owner_of[use.table])) is not None
    ]
    assert not wrong, "\n".join(wrong)


def test_views_and_foreign_keys_name_tables_of_their_room_and_below(found: Survey) -> None:
    owner_of = owners(found)
    wrong = [
        f"{name} of {owner_of[name]} names {table} of {owner_of[table]}, a room above"
        for name, table in (*found.views, *found.references)
        if table in owner_of and LINE.index(owner_of[table]) > LINE.index(owner_of[name])
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_exempt_without_need(found: Survey) -> None:
    owner_of = owners(found)
    needed = {
        (use.statement, use.table)
        for use in found.uses
        if wrong_with(use, owner_of[use.table]) is not None
    }
    listed = {(name, table) for name, one in EXEMPT.items() for table in one.tables}
    assert listed <= needed, f"take it from EXEMPT: {sorted(listed - needed)}"
    filled = {use.table for use in found.uses if "Insert" in use.operations}
    named = {shape.table for shape in tables_page.resources()}
    assert not (filled | named) & set(OWNED), "take it from OWNED: its owner is known"


def test_the_page_of_tables_is_up_to_date(found: Survey) -> None:
    assert tables_page.PAGE.read_text() == tables_page.page(found), "run make docs"


def test_a_resource_is_written_by_its_room_alone() -> None:
    """The watch over rows, which is on in every test, sees who writes."""
    made = Snapshot(
        id="envsnap_1", created=Timestamp(0), environment="env_1", livemode=False, name=None
    )
    write = "rows.save(None, made).close()"
    exec(write, {"__name__": "cardwright.environments.flows", "rows": rows, "made": made})
    with pytest.raises(AssertionError, match="writes a Snapshot, which environments owns"):
        exec(write, {"__name__": "cardwright.faults.flows", "rows": rows, "made": made})
