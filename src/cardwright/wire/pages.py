"""Lists: v1 cursors (``starting_after``) and v2 page tokens, over rows ordered by creation.

Newest first, by ``(created, id)``: on a frozen clock only the id keeps the order. A filter is a
member marked ``l``, which must be a column.
"""

import base64
import binascii
import hashlib
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec

from cardwright.kernel.database import Connection
from cardwright.kernel.refusal import fail
from cardwright.wire import refusals, rows
from cardwright.wire.given import Given
from cardwright.wire.resource import Resource

LIMIT_DEFAULT, LIMIT_MAX = 10, 100
_COMPARE = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
# A bound of ``fixed`` alone: an instant that never comes is later than any other.
_NEVER_OR_GT = "never_or_gt"

ItemT = TypeVar("ItemT")
ResourceT = TypeVar("ResourceT", bound=Resource)


class PageRequest(msgspec.Struct, frozen=True):
    """Which page: v1 gives a cursor id, v2 an opaque token (here already opened as a cursor, with
    the digest of the filters that it was made for)."""

    limit: int = LIMIT_DEFAULT
    starting_after: str | None = None
    ending_before: str | None = None
    filters: str | None = None


class Page(msgspec.Struct, Generic[ItemT]):
    """One page, newest first; ``has_more`` looks on in the direction that was asked for."""

    data: list[ItemT]
    has_more: bool
    request: PageRequest = PageRequest()

    @property
    def has_next(self) -> bool:
        """Whether older rows follow this page."""
        return self.has_more if self.request.ending_before is None else bool(self.data)

    @property
    def has_previous(self) -> bool:
        """Whether newer rows come before this page."""
        if self.request.ending_before is not None:
            return self.has_more
        return self.request.starting_after is not None and bool(self.data)


async def list_page(
    connection: Connection,
    shape: type[ResourceT],
    account_id: str,
    given: Given[Any] | None,
    request: PageRequest,
    *,
    owner: str = "account_id",
    fixed: dict[str, Any] | None = None,
    cursor_param: bool = True,
) -> Page[ResourceT]:
    """A page of the account's rows that match the given filters and the ``fixed`` columns.

    ``owner`` is the column that holds ``account_id``; accounts are listed by their platform.
    """
    layout = rows.layout(shape)
    select = layout.select.replace("account_id = $1", f"{owner} = $1")
    arguments: list[Any] = [account_id]
    clauses: list[str] = []

    def compare(column: str, operator: str, value: Any) -> None:
        arguments.append(value)
        clauses.append(f"{column} {operator} ${len(arguments)}")

    for name, value in {**(given.tree if given else {}), **(fixed or {})}.items():
        assert name in layout.columns, f"{shape.__name__}.{name} is a filter without a column"
        if isinstance(value, dict):
            for bound, instant in value.items():
                compare(name, _COMPARE[bound.removeprefix("never_or_")], instant)
                if bound == _NEVER_OR_GT:
                    clauses[-1] = f"({name} is null or {clauses[-1]})"
        elif isinstance(value, list):
            compare(name, "@>", value)
        elif isinstance(value, frozenset):
            arguments.append(sorted(value))
            clauses.append(f"{name} = any(${len(arguments)})")
        elif value is not None:
            compare(name, "=", value)
    cursor = request.starting_after or request.ending_before
    backwards = request.ending_before is not None
    if cursor is not None:
        found = await connection.fetchval(
            select.replace(select[7 : select.index(" from ")], "created") + " and id = $2",
            account_id,
            cursor,
        )
        if found is None:
            param = "ending_before" if backwards else "starting_after"
            rows.missing(shape, cursor, param if cursor_param else "page")
        arguments.extend((found, cursor))
        side = ">" if backwards else "<"
        clauses.append(f"(created, id) {side} (${len(arguments) - 1}, ${len(arguments)})")
    direction = "asc" if backwards else "desc"
    where = "".join(f" and {clause}" for clause in clauses)
    arguments.append(request.limit + 1)
    order = f" order by created {direction}, id {direction} limit ${len(arguments)}"
    records = await connection.fetch(select + where + order, *arguments)
    found_rows = [rows.decode(shape, record, connection) for record in records[: request.limit]]
    if backwards:
        found_rows.reverse()
    return Page(found_rows, len(records) > request.limit, request)


def request_of(api: str, raw: dict[str, Any]) -> PageRequest:
    """Take which page is wanted out of the parameters of a list."""
    return page_request(raw) if api == "v1" else page_request_v2(raw)


def page_request(raw: dict[str, Any]) -> PageRequest:
    """Take ``limit``, ``starting_after`` and ``ending_before`` out of v1 list parameters."""
    after, before = raw.pop("starting_after", None), raw.pop("ending_before", None)
    for name, value in (("starting_after", after), ("ending_before", before)):
        if value == "":
            fail(refusals.PARAMETER_EMPTY, param=name)
        if value is not None and not is_cursor(value):
            shown = msgspec.json.encode(value).decode()[:80]
            fail(refusals.PARAMETER_STRING, param=name, value=shown)
    if after is not None and before is not None:
        fail(
            refusals.PARAMETER_EXCLUSIVE,
            param="ending_before",
            params="starting_after, ending_before",
        )
    return PageRequest(_limit(raw), after, before)


def page_request_v2(raw: dict[str, Any]) -> PageRequest:
    """Take ``limit`` and ``page`` out of v2 list parameters."""
    token = raw.pop("page", None)
    limit = _limit(raw)
    if token is None:
        return PageRequest(limit)
    side, cursor, filters = _open_token(token)
    if side == "n":
        return PageRequest(limit, starting_after=cursor, filters=filters)
    return PageRequest(limit, ending_before=cursor, filters=filters)


def checked(request: PageRequest, filters: dict[str, Any]) -> PageRequest:
    """The request, unless it is for a page of a list that was begun with other filters."""
    if request.filters is not None and request.filters != _digest(filters):
        fail(refusals.PAGE_OF_OTHER_FILTERS, param="page")
    return request


def is_cursor(value: Any) -> bool:
    """Whether a value can be an id, which no database statement trips over."""
    return isinstance(value, str) and 0 < len(value) <= 200 and "\x00" not in value


def _limit(raw: dict[str, Any]) -> int:
    text = raw.pop("limit", None)
    if text is None or text == "":
        return LIMIT_DEFAULT
    if not (isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 9):
        shown = text if isinstance(text, str) else msgspec.json.encode(text).decode()
        fail(refusals.PARAMETER_INTEGER, param="limit", value=shown[:80])
    limit = int(text)
    if not 1 <= limit <= LIMIT_MAX:
        rule = f"between 1 and {LIMIT_MAX}"
        fail(refusals.PARAMETER_INTEGER_RANGE, param="limit", rule=rule, value=limit)
    return limit


def page_token(side: str, cursor: str, filters: str) -> str:
    """An opaque page token: ``n`` next or ``p`` previous, the id the page starts behind, and the
    digest of the list's filters."""
    return base64.urlsafe_b64encode(f"{side}{cursor}.{filters}".encode()).decode().rstrip("=")


def _digest(filters: dict[str, Any]) -> str:
    """A short digest of the filters of a list, whatever their order."""
    text = repr(sorted(_flat(filters)))
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def _open_token(token: Any) -> tuple[str, str, str]:
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii")
    except (TypeError, ValueError, binascii.Error):
        text = ""
    cursor, _, filters = text[1:].partition(".")
    whole = cursor.replace("_", "").isalnum() and filters.isalnum()
    if text[:1] not in ("n", "p") or not whole:
        fail(refusals.PAGE_INVALID, param="page")
    return text[0], cursor, filters


def page_url(url: str, page: PageRequest, filters: dict[str, Any], side: str, edge_id: str) -> str:
    """Where the page beyond an edge of this one is, with the same filters."""
    same = "".join(f"&{name}={value}" for name, value in _flat(filters))
    token = page_token(side, edge_id, _digest(filters))
    return f"{url}?limit={page.limit}&page={token}{same}"


def _flat(tree: Any, path: str = "") -> list[tuple[str, str]]:
    """A parameter tree as query pairs."""
    if isinstance(tree, dict):
        steps = [(f"{path}[{key}]" if path else str(key), value) for key, value in tree.items()]
        return [pair for name, value in steps for pair in _flat(value, name)]
    if isinstance(tree, list):
        return [
            pair for index, value in enumerate(tree) for pair in _flat(value, f"{path}[{index}]")
        ]
    text = str(tree).lower() if isinstance(tree, bool) else str(tree)
    return [(quote(path, safe="[]"), quote(text, safe=""))]
