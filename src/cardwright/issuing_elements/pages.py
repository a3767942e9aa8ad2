"""The browser script with the surface of Issuing Elements, and the frame it opens.

The script stands where the official loader looks for it (``/v3/``, ``/<release>/stripe.js``), so
that a proxy in front of the server, or a page's own script tag, is all that is needed. The frame
may load nothing but its own script and style, and speaks to this server alone.
"""

from functools import cache
from importlib import resources

from litestar import MediaType, Response, get
from litestar.handlers import HTTPRouteHandler

from cardwright.wire.content import security
from cardwright.wire.versions import NAMED

FRAME = "/issuing_elements/frame"
SCRIPTS = ["/v3", "/issuing_elements/stripe.js", *(f"/{name}/stripe.js" for name in NAMED)]
FRAME_POLICY = security.policy(
    script_src="'self'",
    style_src="'self'",
    connect_src="'self'",
    base_uri="'none'",
    form_action="'none'",
)
# They hold no secret, and stand on pages of other origins.
HEADERS = {
    **security.GUARDED,
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
JAVASCRIPT = "text/javascript"


@cache
def _static(name: str) -> str:
    return resources.files(__package__).joinpath("static", name).read_text()


def _answer(name: str, media_type: str, **headers: str) -> Response[str]:
    return Response(_static(name), media_type=media_type, headers={**HEADERS, **headers})


def handlers() -> list[HTTPRouteHandler]:
    """The routes of the script and of the frame."""

    @get(SCRIPTS, sync_to_thread=False)
    def script() -> Response[str]:
        """The script of the page."""
        return _answer("stripe.js", JAVASCRIPT)

    @get(FRAME, sync_to_thread=False)
    def frame() -> Response[str]:
        """A frame, the same for every part."""
        return _answer("frame.html", MediaType.HTML, **FRAME_POLICY)

    @get(f"{FRAME}.js", sync_to_thread=False)
    def frame_script() -> Response[str]:
        """The script of a frame."""
        return _answer("frame.js", JAVASCRIPT)

    @get(f"{FRAME}.css", sync_to_thread=False)
    def frame_style() -> Response[str]:
        """The style of a frame."""
        return _answer("frame.css", MediaType.CSS)

    return [script, frame, frame_script, frame_style]
