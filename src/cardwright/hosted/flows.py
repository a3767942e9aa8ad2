"""What happens to account links: create, open once, leave."""

import hashlib
import hmac
import re
from typing import NamedTuple

import msgspec

from cardwright.accounts.record.acting import acting
from cardwright.accounts.record.model import Account
from cardwright.accounts.rules import requirements_collector
from cardwright.hosted import refusals
from cardwright.hosted.model import PATH, NewLink, StoredLink
from cardwright.kernel import clock, ids
from cardwright.kernel.database import Tx
from cardwright.kernel.queries import load
from cardwright.kernel.refusal import fail
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.wire import rows

QUERIES = load(__file__)
LIFETIME_MS = {"v1": 5 * clock.MINUTE_MS, "v2": 10 * clock.MINUTE_MS}
SESSION_MS = clock.HOUR_MS
TOKEN_LENGTH = 40
URL_LONGEST = 2048
PORTS = 65536
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_\-]*[A-Za-z0-9_])?"
_URL = re.compile(
    rf"(?P<scheme>[A-Za-z]+)://({_LABEL}(\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{{1,5}}))?"
    r"([/?#][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)?"
)

_INSERT = QUERIES.run("insert_link")
_OPEN = QUERIES.run("open_link")
_GET = QUERIES.one("get_link", StoredLink)
_MARK_RETURNED = QUERIES.run("mark_returned")


class CreatedLink(NamedTuple):
    """A new link: its path on this server, and its lifetime in machine time."""

    path: str
    created_ms: int
    expires_ms: int


class Visit(NamedTuple):
    """A link that is open in this browser; ``session`` is set by the first opening alone."""

    link: StoredLink
    session: str | None


def hashed(token: str) -> str:
    """The form a token or session is kept in; both are long random text."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_url(url: str, param: str, *, livemode: bool) -> None:
    """Refuse what a browser should not be sent to: http is for test mode.

    What passes stands in headers and in a content security policy, so nothing may end its host
    early: browsers read some addresses in other ways than libraries do.
    """
    schemes = ("https",) if livemode else ("https", "http")
    form = _URL.fullmatch(url) if len(url) <= URL_LONGEST else None
    sound = form is not None and form["scheme"].lower() in schemes
    if form is None or not sound or not 0 < int(form["port"] or 443) < PORTS:
        fail(refusals.LINK_URL_INVALID, param=param, url=url[:100], schemes=" or ".join(schemes))


async def create_link(tx: Tx, new: NewLink, params: dict[str, str]) -> CreatedLink:
    """A single-use link for one of the acting platform's accounts.

    ``params`` names for refusals the parameters type, configurations, refresh_url, return_url.
    """
    check_url(new.refresh_url, params["refresh_url"], livemode=tx.livemode)
    if new.return_url is not None:
        check_url(new.return_url, params["return_url"], livemode=tx.livemode)
    account = await _linked_account(tx, new)
    if new.use_case.endswith("_update") and requirements_collector(account) != "application":
        fail(refusals.LINK_UPDATE_COLLECTOR, param=params["type"], type=new.use_case)
    applied = account.applied_configurations
    if new.configurations is not None and set(new.configurations) != set(applied):
        shown = ", ".join(applied) or "none"
        fail(refusals.LINK_CONFIGURATIONS, param=params["configurations"], configurations=shown)
    token = ids.secret_token("", TOKEN_LENGTH)
    created_ms = clock.machine_ms() // 1000 * 1000
    expires_ms = created_ms + LIFETIME_MS[new.api]
    await _INSERT(
        tx.connection,
        account_id=new.account,
        token_hash=hashed(token),
        api=new.api,
        use_case=new.use_case,
        fields=new.fields,
        future_requirements=new.future_requirements,
        configurations=applied,
        refresh_url=new.refresh_url,
        return_url=new.return_url,
        created_ms=created_ms,
        expires_ms=expires_ms,
        body=msgspec.json.encode(new.body).decode(),
    )
    return CreatedLink(f"{PATH}{new.account}/{token}", created_ms, expires_ms)


async def _linked_account(tx: Tx, new: NewLink) -> Account:
    """One of the acting platform's own open accounts; a platform has no page for itself."""
    own = new.account == tx.platform_id
    account_tx = None if own else await acting(tx, new.account)
    if account_tx is None:
        fail(
            tenancy_refusals.RESOURCE_MISSING,
            param="account",
            object="account",
            id=new.account[:200],
        )
    return await rows.get(account_tx, Account, new.account)


async def find_link(tx: Tx, account_id: str, token: str) -> StoredLink:
    """A link that was made before, for the caller that made it."""
    link = await _GET(tx.connection, account_id=account_id, token_hash=hashed(token))
    assert link is not None, f"a link of {account_id} is gone"
    return link


async def open_link(tx: Tx, token: str, session: str | None) -> Visit | StoredLink | None:
    """Open the link, or go on with the session that opened it.

    The answer is the visit; the link alone when it is used or expired; None when there is none.
    """
    fresh = ids.secret_token("", TOKEN_LENGTH)
    now_ms = clock.machine_ms()
    key = {"account_id": tx.account_id, "token_hash": hashed(token)}
    opened = await _OPEN(
        tx.connection,
        **key,
        session_hash=hashed(fresh),
        session_expires_ms=now_ms + SESSION_MS,
        now_ms=now_ms,
    )
    link = await _GET(tx.connection, **key)
    if link is None:
        return None
    if opened:
        return Visit(link, fresh)
    return Visit(link, None) if is_session(link, session, now_ms) else link


def is_session(link: StoredLink, session: str | None, now_ms: int) -> bool:
    """Whether the browser holds the session that the first opening made."""
    if session is None or link.session_hash is None or link.session_expires_ms is None:
        return False
    mine = hmac.compare_digest(link.session_hash, hashed(session))
    return mine and now_ms < link.session_expires_ms


async def leave(tx: Tx, token: str, session: str | None) -> Visit | StoredLink | None:
    """The account holder goes back to the platform; v2 announces it, once.

    The answer is as of ``open_link``: only a visit leads to the return address.
    """
    key = {"account_id": tx.account_id, "token_hash": hashed(token)}
    link = await _GET(tx.connection, **key)
    if link is None:
        return None
    now_ms = clock.machine_ms()
    if not is_session(link, session, now_ms):
        return link
    first = await _MARK_RETURNED(tx.connection, **key, returned_ms=now_ms)
    if first and link.api == "v2":
        tx.emit(
            "v2.core.account_link.returned",
            None,
            data={
                "account_id": tx.account_id,
                "configurations": link.configurations,
                "use_case": link.use_case,
            },
        )
    return Visit(link, None)
