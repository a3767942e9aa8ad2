"""The pages behind account links: plain HTML that works without script.

The first opening of a link trades its token for a cookie, so that the same browser may reload
the page; anybody else is sent to the platform's refresh address, which makes a new link.
"""

import secrets
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler

from cardwright.hosted import flows, summary
from cardwright.hosted.model import PATH, StoredLink
from cardwright.kernel.database import Database
from cardwright.kernel.refusal import Failure
from cardwright.tenancy import refusals as tenancy_refusals
from cardwright.tenancy import registry
from cardwright.wire.content import security

if TYPE_CHECKING:
    import jinja2

COOKIE = "setup_session"
ROUTE = f"{PATH}{{account_id:str}}/{{token:str}}"
Page = Response[Any]
HostedRequest = Request[Any, Any, Any]


@cache
def templates() -> "jinja2.Environment":
    """The templates of the pages; the first page loads the library."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("cardwright.hosted"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )


def page(template: str, status: int = 200, *, form_to: str = "", **words: Any) -> Page:
    """A page that may load nothing but itself; ``form_to`` is where its form may end up."""
    nonce = secrets.token_urlsafe(16)
    policy = security.policy(
        style_src=f"'nonce-{nonce}'",
        form_action=f"'self' {form_to}",
        base_uri="'none'",
        frame_ancestors="'none'",
    )
    return Response(
        templates().get_template(template).render(nonce=nonce, **words),
        status_code=status,
        media_type=MediaType.HTML,
        headers={**policy, **security.GUARDED, **security.NOT_KEPT},
    )


def unknown() -> Page:
    """There is no such link."""
    text = "Check that the whole address was copied, or ask for a new link where you got this one."
    return page("message.html", 404, heading="This link does not exist", text=text)


def unavailable() -> Page:
    """The account cannot be worked on right now."""
    text = "The account cannot be changed at the moment. Please try again later."
    return page("message.html", 503, heading="Please try again later", text=text)


def refused(failure: Failure) -> Page:
    """The account cannot be worked on, now or ever again."""
    if failure.refusal != tenancy_refusals.ACCOUNT_CLOSED:
        return unavailable()
    text = "Nothing more is needed for it. You can close this page."
    return page("message.html", 410, heading="This account is closed", text=text)


def redirect(url: str, status: int = 302) -> Page:
    """Send the browser to an address of the platform's."""
    headers = {"Location": url, **security.NOT_TOLD, **security.NOT_KEPT}
    return Response(b"", status_code=status, media_type=MediaType.TEXT, headers=headers)


def origin(url: str) -> str:
    """The scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def handlers(database: Database) -> list[HTTPRouteHandler]:
    """The routes of the pages."""

    @get(ROUTE)
    async def show(request: HostedRequest) -> Page:
        """Open the link and list what is due."""
        account_id, token = _link_of(request)
        if not await _exists(database, account_id):
            return unknown()
        try:
            async with registry.transaction(database, account_id) as tx:
                visit = await flows.open_link(tx, token, request.cookies.get(COOKIE))
                if visit is None:
                    return unknown()
                if isinstance(visit, StoredLink):
                    return redirect(visit.refresh_url)
                shown = await summary.summary(tx, visit.link)
        except Failure as failure:
            return refused(failure)
        return _setup(request, visit, shown)

    @post(f"{ROUTE}/return")
    async def leave(request: HostedRequest) -> Page:
        """Go back to the platform."""
        account_id, token = _link_of(request)
        if not await _exists(database, account_id):
            return unknown()
        try:
            async with registry.transaction(database, account_id) as tx:
                left = await flows.leave(tx, token, request.cookies.get(COOKIE))
        except Failure as failure:
            return refused(failure)
        if left is None:
            return unknown()
        if isinstance(left, StoredLink) or left.link.return_url is None:
            link = left if isinstance(left, StoredLink) else left.link
            return redirect(link.refresh_url, 303)
        return redirect(left.link.return_url, 303)

    return [show, leave]


def _setup(request: HostedRequest, visit: flows.Visit, shown: summary.Summary) -> Page:
    """The page of an open link, with its cookie when this was the first opening."""
    back = visit.link.return_url
    path = request.scope["path"]
    answer = page(
        "setup.html",
        form_to=origin(back) if back is not None else "",
        name=shown.name,
        groups=shown.groups,
        checking=shown.checking,
        rejected=shown.rejected,
        leads_back=back is not None,
        destination=urlsplit(back).hostname if back is not None else "",
        action=f"{path}/return",
    )
    if visit.session is not None:
        cookie = Cookie(
            key=COOKIE,
            value=visit.session,
            path=path,
            max_age=flows.SESSION_MS // 1000,
            httponly=True,
            secure="https" in (request.url.scheme, request.headers.get("x-forwarded-proto")),
            samesite="lax",
        )
        answer.set_cookie(cookie)
    return answer


def _link_of(request: HostedRequest) -> tuple[str, str]:
    """The account and the token that the address names; both are plain words."""
    named = request.path_params
    account_id, token = str(named["account_id"]), str(named["token"])
    return (account_id, token) if account_id.isprintable() and token.isprintable() else ("", "")


async def _exists(database: Database, account_id: str) -> bool:
    async with database.connection() as connection:
        return await registry.find_tenant(connection, account_id) is not None
