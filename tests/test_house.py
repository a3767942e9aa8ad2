"""The rules of the house, as failing tests: what a reader may rely on everywhere."""

import ast
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import asyncpg
import msgspec
import pytest
from tools import rooms
from tools.rooms import LINE

import cardwright
from cardwright import app
from cardwright.events import catalogue
from cardwright.kernel import queries
from cardwright.wire import expand, rows
from cardwright.wire.resource import Resource, members

for module in pkgutil.walk_packages(cardwright.__path__, "cardwright."):
    # Every module binds its queries when it is imported.
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "cardwright"
FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
FOLDER_FILES_MAX = 25
# The clock may be read here only; elsewhere time is an argument.
CLOCK = SOURCE / "kernel" / "clock.py"
CALENDAR_READS = re.compile(
    r"\btime\.(time|time_ns|localtime|mktime|ctime)\b|\bdatetime\.(now|utcnow|today)\b|\bdate\.today\b"
)
CLOCK_READS = re.compile(rf"\btime\.(monotonic|perf_counter)\(|{CALENDAR_READS.pattern}")
# What of the tests may read the calendar of the machine, and why.
TESTS_WITH_A_CALENDAR = {
    "tests/dates/__main__.py": "how far ahead another day is",
    "tests/dates/ahead/sitecustomize.py": "it is machine time, on another day",
}
SQL_CLOCK = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp)\(\)|\bcurrent_timestamp\b", re.I
)
# Tables that belong to no account: what the installation knows of itself, and routing lookups
# from a hash to an account, which are made before any transaction of an account.
NO_TENANT = {"schema_migrations", "installation", "api_keys"}


def python_files(*folders: Path) -> list[Path]:
    return sorted(file for folder in folders for file in folder.rglob("*.py"))


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def part_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imported(file: Path) -> Iterator[str]:
    """The modules of ours that a file imports, inside functions too."""
    return rooms.imported(parsed(file))


def missing_part(part: str) -> str:
    return f"part '{part}' is not in LINE of tools/rooms.py: put it after what it imports"


def test_imports_only_go_down_the_line() -> None:
    wrong = []
    for file in python_files(SOURCE):
        part = file.relative_to(SOURCE).parts[0].removesuffix(".py")
        if part in ("__init__", "__main__"):
            continue
        assert part in LINE, missing_part(part)
        for module in imported(file):
            target = part_of(module)
            assert target in LINE, missing_part(target)
            if LINE.index(target) > LINE.index(part):
                wrong.append(f"{file.relative_to(ROOT)} imports {module}")
    assert not wrong, "\n".join(wrong)


def test_no_import_cycle_within_a_part() -> None:
    graph: dict[str, set[str]] = {}
    modules = {
        ".".join(("cardwright", *file.relative_to(SOURCE).with_suffix("").parts)): file
        for file in python_files(SOURCE)
    }
    for name, file in modules.items():
        graph[name] = set()
        for module in imported(file):
            target = module if module in modules else module.rpartition(".")[0]
            if target in modules and target != name:
                graph[name].add(target)
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path[path.index(name) :], name))
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_files_and_functions_stay_short() -> None:
    long = []
    for file in python_files(SOURCE, ROOT / "tests", ROOT / "bench"):
        count = len(file.read_text().splitlines())
        if count > FILE_LINES_MAX:
            long.append(f"{file.relative_to(ROOT)} has {count} lines")
        for node in ast.walk(parsed(file)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    long.append(f"{file.relative_to(ROOT)}: {node.name} has {lines} lines")
    assert not long, "\n".join(long)


def test_no_folder_has_too_many_modules() -> None:
    count = Counter(
        str(file.parent.relative_to(ROOT))
        for file in python_files(SOURCE, ROOT / "tests", ROOT / "tools", ROOT / "bench")
        if file.name != "__init__.py"
    )
    crowded = {folder: many for folder, many in count.items() if many > FOLDER_FILES_MAX}
    assert not crowded, f"more than {FOLDER_FILES_MAX} modules, make drawers: {crowded}"


def test_the_clock_is_read_in_one_place() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in python_files(SOURCE)
        if file != CLOCK
        for match in CLOCK_READS.finditer(file.read_text())
    ]
    wrong += [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in sorted(SOURCE.rglob("*.sql"))
        for match in SQL_CLOCK.finditer(file.read_text())
    ]
    assert not wrong, "\n".join(wrong)


def test_no_test_depends_on_the_day() -> None:
    """A test takes the product's word for what time it is, and is run on other days."""
    wrong = []
    for file in python_files(ROOT / "tests"):
        name, text = str(file.relative_to(ROOT)), file.read_text()
        if name not in TESTS_WITH_A_CALENDAR:
            wrong += [
                f"{name}: {match.group()}: use machine_ms of kernel/clock, or better a test clock"
                for match in CALENDAR_READS.finditer(text)
            ]
        marked = "pytest.mark.calendar" in text
        if file.name.startswith("test_") and "machine_ms()" in text and not marked:
            wrong.append(f"{name}: mark what asks for machine_ms() with pytest.mark.calendar")
    assert not wrong, "\n".join(wrong)


def test_sql_is_written_in_sql_files() -> None:
    statement = re.compile(
        r"^\s*(select|insert into|update|delete from)\s.*\b(from|values|set)\b", re.I
    )
    # The generated statements of resources, lists and snapshots.
    generators = {"wire/rows.py", "wire/pages.py", "environments/tables.py"}
    wrong = []
    for file in python_files(SOURCE):
        if str(file.relative_to(SOURCE)) in generators:
            continue
        for node in ast.walk(parsed(file)):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            if statement.match(node.value):
                wrong.append(f"{file.relative_to(ROOT)}:{node.lineno} {node.value[:60]}")
    assert not wrong, "\n".join(wrong)


def test_no_dead_query() -> None:
    bound = {(bound.statement.file, bound.statement.name) for bound in queries.BOUND}
    dead = [
        f"{loaded.file.relative_to(ROOT)}: {name}"
        for loaded in queries.LOADED
        for name in loaded.statements
        if (loaded.file, name) not in bound
    ]
    assert not dead, "\n".join(dead)


def test_every_query_says_what_it_is_for() -> None:
    for loaded in queries.LOADED:
        for statement in loaded.statements.values():
            assert statement.sentence.endswith("."), f"{loaded.file.name}: {statement.name}"
            assert not re.search(r"select\s+\*|returning\s+\*", statement.sql), statement.name


async def test_every_query_fits_the_schema_and_its_row(
    pool: "asyncpg.Pool[asyncpg.Record]",
) -> None:
    async with pool.acquire() as connection:
        for statement, row in queries.BOUND:
            prepared = await connection.prepare(statement.sql)
            names = [attribute.name for attribute in prepared.get_attributes()]
            if isinstance(row, type) and issubclass(row, msgspec.Struct):
                assert list(row.__struct_fields__) == names, statement.name
            elif hasattr(row, "_fields"):
                assert list(row._fields) == names, statement.name
            elif row is not None:
                assert len(names) == getattr(row, "WIDTH", 1), statement.name


def resources() -> list[type[Resource]]:
    found: list[type[Resource]] = []
    waiting: list[type[Resource]] = [Resource]
    while waiting:
        for shape in waiting.pop().__subclasses__():
            waiting.append(shape)
            if shape.__module__.startswith("cardwright.") and shape.table:
                found.append(shape)
    return found


async def test_every_resource_fits_its_table(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    assert resources()
    async with pool.acquire() as connection:
        tables = {row["table_name"] for row in await connection.fetch(TABLES)}
        for shape in resources():
            layout = rows.layout(shape)
            reads = (layout.get, layout.lock, layout.batch)
            # A view, such as that of balance transactions, is only read.
            writes = (layout.insert, layout.update) if shape.table in tables else ()
            for sql in (*reads, *writes):
                await connection.prepare(sql)


def test_a_list_filter_is_a_column() -> None:
    wrong = [
        f"{shape.__name__}.{name}"
        for shape in resources()
        for name, member in members(shape).items()
        if member.mark is not None
        and "l" in (member.mark.operations or "")
        and not member.mark.column
    ]
    assert not wrong, wrong


def test_every_expansion_has_a_loader() -> None:
    tags = {
        member.mark.expand
        for shape in resources()
        for member in members(shape).values()
        if member.mark is not None and member.mark.expand is not None
    }
    app.install()
    known = expand.LOADERS.keys() | expand.ABSENT
    assert tags <= known, tags - known


TABLES = """
select table_name from information_schema.tables
 where table_schema = 'public' and table_type = 'BASE TABLE' order by 1
"""
KEYS = """
select class.relname as table_name, constraint_.conname as name, constraint_.contype::text as kind,
       (select array_agg(attribute.attname::text order by position.n)
          from unnest(constraint_.conkey) with ordinality position(number, n)
          join pg_attribute attribute
            on attribute.attrelid = class.oid and attribute.attnum = position.number) as columns
  from pg_constraint constraint_
  join pg_class class on class.oid = constraint_.conrelid
 where class.relnamespace = 'public'::regnamespace and constraint_.contype in ('p', 'u', 'f')
"""
INDEXES = """
select table_class.relname as table_name, index_class.relname as name,
       (select attribute.attname::text
          from pg_attribute attribute
         where attribute.attrelid = table_class.oid
           and attribute.attnum = index_.indkey[0]) as first
  from pg_index index_
  join pg_class index_class on index_class.oid = index_.indexrelid
  join pg_class table_class on table_class.oid = index_.indrelid
 where table_class.relnamespace = 'public'::regnamespace and index_.indisunique
"""
COLUMNS = """
select table_name, column_name, data_type, collation_name, column_default, is_identity
  from information_schema.columns where table_schema = 'public'
"""


def is_tenant_table(name: str) -> bool:
    return name not in NO_TENANT and not name.endswith("_routes")


async def test_tenancy_is_in_every_key(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    tables = [row["table_name"] for row in await pool.fetch(TABLES)]
    primary = {}
    wrong = []
    for row in await pool.fetch(KEYS):
        table, columns = row["table_name"], row["columns"]
        if not is_tenant_table(table):
            continue
        if row["kind"] == "p":
            primary[table] = columns
        if columns[0] != "account_id":
            wrong.append(f"{table}.{row['name']} does not begin with account_id: {columns}")
    wrong += [
        f"unique index {row['name']} does not begin with account_id"
        for row in await pool.fetch(INDEXES)
        if is_tenant_table(row["table_name"]) and row["first"] != "account_id"
    ]
    wrong += [
        f"{table} has no primary key"
        for table in tables
        if is_tenant_table(table) and table not in primary
    ]
    assert not wrong, "\n".join(wrong)


async def test_ids_are_ours_and_sort_by_bytes(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    wrong = []
    for row in await pool.fetch(COLUMNS):
        name = f"{row['table_name']}.{row['column_name']}"
        is_id = row["column_name"] == "id" or row["column_name"].endswith("_id")
        if is_id and row["data_type"] == "text" and row["collation_name"] != "C":
            wrong.append(f'{name} is not collate "C"')
        if row["is_identity"] == "YES" or "nextval" in (row["column_default"] or ""):
            wrong.append(f"{name} takes its value from a sequence")
    triggers = await pool.fetch("select tgname from pg_trigger where not tgisinternal")
    wrong += [f"trigger {row['tgname']}" for row in triggers]
    assert not wrong, "\n".join(wrong)


def test_every_object_of_an_event_has_a_url() -> None:
    """A thin event, and the thin face of a v1 event, says where its object is read."""
    tags = {*catalogue.V1.values(), *(tag for tag in catalogue.V2.values() if tag is not None)}
    without = sorted(tags - set(catalogue.URLS))
    assert not without, f"{without} have no row in URLS of events/catalogue.py"


def test_every_event_that_is_emitted_has_a_type() -> None:
    unknown = sorted(catalogue.EMITTED - set(catalogue.V1) - set(catalogue.V2))
    assert not unknown, f"{unknown} are in EMITTED, but neither in V1 nor in V2"


def test_every_event_is_emitted_somewhere() -> None:
    text = "\n".join(
        file.read_text() for file in python_files(SOURCE) if "events/catalogue" not in str(file)
    )
    silent = [name for name in catalogue.EMITTED if not catalogue.is_mentioned(name, text)]
    assert not silent, silent


def test_what_emits_is_in_the_catalogue() -> None:
    unlisted = sorted(
        f"{file.relative_to(ROOT)}:{node.lineno} emits {name.value!r}"
        for file in python_files(SOURCE)
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "emit"
        and node.args
        and isinstance(name := node.args[0], ast.Constant)
        and name.value not in catalogue.EMITTED
    )
    assert not unlisted, f"not in EMITTED of events/catalogue.py: {unlisted}"


FORBIDDEN = re.compile(
    r"TODO|FIXME|XXX|NotImplementedError|pragma: no cover|pytest\.mark\.(skip\b|xfail)"
)


@pytest.mark.parametrize("file", python_files(SOURCE, ROOT / "tests"), ids=lambda file: file.name)
def test_nothing_is_left_for_later(file: Path) -> None:
    if file != Path(__file__):
        assert not FORBIDDEN.search(file.read_text())
