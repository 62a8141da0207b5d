"""The addresses beside Streamlit: sign in, sign out, change one's password. Forms in, a page or a redirect out.

Every form must come from a page of this very site: the guard has checked its origin before it gets here.
"""

import secrets
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.access import accounts, audit, cookie, page, passwords, sessions
from dashboard.access.outside import OUTSIDE, outside_address
from dashboard.access.sessions import Session
from dashboard.address import parse
from dashboard.upkeep.pulse import pulse
from etl.errors import UserError
from etl.paths import data_folder
from etl.policy import load_policy

MOST_BYTES = 4096  # of a form
# Each hashing takes 64 MiB: strangers must not be able to ask for many at once.
_hashing = anyio.CapacityLimiter(2)


def routes() -> list[Route]:
    """What Streamlit is given beside its own."""
    return [
        Route("/login", _login_page, methods=["GET"]),
        Route("/login", _sign_in, methods=["POST"]),
        Route(OUTSIDE, _go_outside, methods=["GET"]),
        Route("/logout", _sign_out, methods=["POST"]),
        Route("/session", _state, methods=["GET"]),
        Route("/health", _health, methods=["GET"]),
        Route("/password", _password_page, methods=["GET"]),
        Route("/password", _change_password, methods=["POST"]),
    ]


def onward(address: str) -> str:
    """An address of this dashboard as it may be gone to after signing in; anything else is the first page."""
    found = parse(address) if address.startswith("/") and "\\" not in address else None
    if not found:
        return "/"
    path, state = found
    return f"/{path}?{urlencode(state)}" if state else f"/{path}"


def secure(request: Request) -> bool:
    """Whether the browser came by TLS, here or as far as a proxy on this machine."""
    return request.url.scheme == "https"


async def _login_page(request: Request) -> Response:
    return _shown(page.login, onward(request.query_params.get("next", "/")), outside=_outside())


async def _go_outside(request: Request) -> Response:
    """On to the provider. Streamlit takes such an address for two minutes, less than a login page may lie open."""
    return RedirectResponse(outside_address() or "/login", 303)


async def _state(request: Request) -> Response:
    """204 for who is signed in, 200 for who is not; says nothing else."""
    return Response(status_code=204 if request.scope["session_found"] else 200)


async def _health(request: Request) -> Response:
    """For a supervisor: 200 where there is a whole snapshot to show, else 503; no figure and no name."""
    found = await anyio.to_thread.run_sync(pulse, data_folder())
    return JSONResponse(asdict(found), 200 if found.ok else 503, {"Cache-Control": "no-store"})


async def _sign_in(request: Request) -> Response:
    form = await _form(request)
    name, then = form.get("name", "").strip()[:32], onward(form.get("next", "/"))
    try:
        token = await _apart(lambda: _opened(data_folder(), name, form.get("password", ""), _peer(request)))
    except UserError as error:
        said = {"name": name, "message": str(error), "outside": _outside()}
        return _shown(page.login, then, status=403, **said)
    return signed_in(then, token, secure(request))


def signed_in(then: str, token: str, by_tls: bool) -> Response:
    """On to the page that was wanted, with the cookie."""
    return RedirectResponse(then, 303, {"Set-Cookie": cookie.given(token, by_tls)})


async def _sign_out(request: Request) -> Response:
    found: Session | None = request.scope["session_found"]
    if found:
        await anyio.to_thread.run_sync(sessions.closed, data_folder(), found.key)
        _note(found, "退出登录", request)
    return RedirectResponse("/login", 303, {"Set-Cookie": cookie.taken(secure(request))})


async def _password_page(request: Request) -> Response:
    account = request.scope["session_found"].account
    if not account.local:
        return _shown(page.refusal, "这个账号由统一身份认证登录，密码不在这里修改。")
    return _shown(page.password, account.name, account.must_change)


async def _change_password(request: Request) -> Response:
    found: Session = request.scope["session_found"]
    form, account = await _form(request), found.account
    try:
        token = await _apart(lambda: _changed(data_folder(), account.name, form, _peer(request)))
    except UserError as error:
        return _shown(page.password, account.name, account.must_change, message=str(error), status=403)
    return signed_in("/", token, secure(request))


def _outside() -> str:
    """Where the login page leads to a provider; empty where there is none."""
    return OUTSIDE if outside_address() else ""


def _opened(data: Path, name: str, password: str, peer: str) -> str:
    """The token of a new session; either outcome is in the audit log before anybody hears of it."""
    try:
        account = accounts.authenticate(data, name, password)
    except UserError:
        audit.record(data, audit.Entry("登录失败", name, "", {"来源": peer}))
        raise
    audit.record(data, audit.Entry("登录", name, account.role, {"来源": peer}))
    return sessions.opened(data, name)


def _changed(data: Path, name: str, form: dict[str, str], peer: str) -> str:
    account = accounts.authenticate(data, name, form.get("old", ""))
    new = form.get("new", "")
    if new != form.get("again", ""):
        raise UserError("两遍新密码不一样，请重新填写。")
    if new == form.get("old", ""):
        raise UserError("新密码与原密码相同，请换一个。")
    if why := passwords.weakness(new, name):
        raise UserError(why)
    accounts.set_password(data, name, new, first=False)
    audit.record(data, audit.Entry("修改密码", name, account.role, {"来源": peer}))
    return sessions.opened(data, name)


async def _apart(work: Callable[[], str]) -> str:
    return await anyio.to_thread.run_sync(work, limiter=_hashing)


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return {}
    return {key: values[-1] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _note(found: Session, action: str, request: Request) -> None:
    account = found.account
    audit.record(data_folder(), audit.Entry(action, account.name, account.role, {"来源": _peer(request)}))


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""


def _shown(draw: Callable[..., str], *values: object, status: int = 200, **said: object) -> Response:
    """A page with a nonce of its own: it may run what it says itself and nothing else."""
    nonce = secrets.token_urlsafe(12)
    html = draw(load_policy().document.product, nonce, *values, **said)
    policy = f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; img-src data:"
    headers = {
        "Content-Security-Policy": f"{policy}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(html, status, headers)
