"""The guard before every request and websocket: nobody passes who is not signed in, and all answers get headers.

Deny by default: what stands in ``OPEN`` is for everybody, all else, Streamlit's own files and downloads included,
for a session that holds. It also turns away what comes from pages of other sites, before Streamlit sees it.
"""

from urllib.parse import quote, urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from dashboard.access import accounts, audit, cookie, files, outside, sessions
from etl.errors import UserError
from etl.paths import data_folder

OPEN = frozenset({"/login", outside.OUTSIDE, "/session", "/health", "/_stcore/health"})
UNFINISHED = frozenset({"/password", "/logout"})  # for who must still change a first password
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Streamlit draws with inline styles and scripts; nothing may come from, go to or be framed by another site.
CONTENT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob: data:; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self' data: blob:;"
    " frame-ancestors 'none'; form-action 'self'; base-uri 'self'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = "max-age=31536000"


class Guard:
    """ASGI middleware; keeps nothing between requests."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        send = _with_headers(scope, send)
        try:
            answer = await self._judged(scope)
        except UserError as error:
            answer = PlainTextResponse(str(error), 503)
        if answer is None:
            entering = scope["path"] == outside.OIDC_END and not scope["session_found"]
            await self.app(scope, receive, _entering(scope, send) if entering else send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await answer(scope, receive, send)

    async def _judged(self, scope: Scope) -> Response | None:
        """The answer to who may not pass; None for who may."""
        headers, path = Headers(scope=scope), scope["path"]
        if not is_host_allowed(headers.get("host")):
            return PlainTextResponse("访问地址不在允许之列，请用系统管理员告知的地址。", 400)
        changing = scope["type"] == "websocket" or scope["method"] not in SAFE
        if changing and not _from_here(headers):
            return PlainTextResponse("请求不是从本网站的页面发出的，已拒绝。", 403)
        key = sessions.key_of(cookie.token(scope["headers"]))
        found = await anyio.to_thread.run_sync(sessions.session, data_folder(), key)
        scope["session_found"] = found
        vouched = outside.named_by_proxy(scope["headers"], str(config.get_option("server.address")))
        if vouched and not (found and found.account.name == vouched):
            return await anyio.to_thread.run_sync(_entered_by, scope, vouched)
        if found and found.account.must_change and path not in UNFINISHED:
            return RedirectResponse("/password", 303) if _is_page(scope) else _unknown()
        if found and path.startswith(files.ADDRESS) and not files.belongs(path, found.key):
            return PlainTextResponse("没有这个文件，或它不是为这次登录制作的，请回到页面重新下载。", 404)
        if found or path in OPEN or _may_begin(path):
            return None
        if not _is_page(scope):
            return _unknown()
        query = scope["query_string"].decode("latin-1")
        wanted = quote(f"{path}?{query}" if query else path)
        return RedirectResponse(f"/login?next={wanted}" if wanted != "/" else "/login", 303)


def _may_begin(path: str) -> bool:
    return path in (outside.OIDC_BEGIN, outside.OIDC_END) and bool(outside.outside_address())


def _unknown() -> Response:
    return PlainTextResponse("请先登录。", 401)


def _is_page(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] in SAFE
        and "text/html" in Headers(scope=scope).get("accept", "")
    )


def _from_here(headers: Headers) -> bool:
    """Whether a browser says that a page of this very site asks. Browsers say so with every such request."""
    return bool(headers.get("host")) and urlsplit(headers.get("origin", "")).netloc == headers["host"]


def _entered_by(scope: Scope, name: str) -> Response:
    """A session for whom others vouch, and the same address again; who has no account made for that stays out."""
    peer = {"来源": "代理"}
    account = accounts.find(data_folder(), name)
    if scope["type"] != "http" or account is None or account.disabled or account.local:
        audit.record(data_folder(), audit.Entry("登录失败", name[:32], "", peer))
        return PlainTextResponse("这个账号还没有开通，请联系本单位的系统管理员。", 403)
    audit.record(data_folder(), audit.Entry("登录", name, account.role, peer))
    token = sessions.opened(data_folder(), name)
    by_tls = Request(scope).url.scheme == "https"
    address = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    # Two slashes would lead to another site.
    return RedirectResponse("/" + address.lstrip("/\\"), 307, {"Set-Cookie": cookie.given(token, by_tls)})


def _entering(scope: Scope, send: Send) -> Send:
    """The answer to a provider's callback with a session of ours instead of Streamlit's cookies."""

    async def begin(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer = message["headers"]
            name = outside.named_by_provider(answer)
            kept = [item for item in answer if not item[1].startswith(b"_streamlit_user")]
            message = {**message, "headers": kept}
            if len(kept) < len(answer):  # one that names nobody is a failure to sign in too
                entered = await anyio.to_thread.run_sync(_entered_by, scope, name)
                given = entered.headers.get("set-cookie")
                if given is None:
                    message["headers"] = [(b"location", b"/login")]
                else:
                    message["headers"] = [*kept, (b"set-cookie", given.encode("latin-1"))]
        await send(message)

    return begin


def _with_headers(scope: Scope, send: Send) -> Send:
    private = scope["path"].startswith(files.ADDRESS)

    async def begin(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for key, value in HEADERS.items():
                headers.setdefault(key, value)
            if private:  # a file made for one person is kept by no cache
                headers["Cache-Control"] = "no-store"
            if scope.get("scheme") == "https":
                headers.setdefault("Strict-Transport-Security", ONE_YEAR)
        await send(message)

    return begin
