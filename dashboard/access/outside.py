"""Other ways to sign in: OpenID Connect by Streamlit's own routes, and a header that a trusted proxy sets.

Either says a name and nothing more; which role it has stands in the accounts, and a name without an account made for
it (``--outside``) does not come in: an account with a password here is opened by that password alone. What the
provider says is read once, from the answer to its callback, and opens a session of our own: the browser never gets
Streamlit's month-long cookie, so time-outs and sign-out hold here too.
"""

import hmac
import json
import os
from collections.abc import Mapping, Sequence
from http.cookies import SimpleCookie
from pathlib import Path

from streamlit.auth_util import encode_provider_token, get_cookie_with_chunks, is_authlib_installed
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from dashboard.access.listening import LOOPBACK

OUTSIDE = "/login/outside"  # of ours, which leads there
OIDC_BEGIN, OIDC_END = "/auth/login", "/oauth2callback"
CLAIMS = ("preferred_username", "email")  # the first that is there is the account's name
CLAIM = "TRADE_KPI_OIDC_CLAIM"  # the one claim that is, where another should be
SECRET_HEADER, NAME_HEADER = b"x-trade-kpi-proxy", b"x-trade-kpi-user"
SECRET_FILE = "TRADE_KPI_PROXY_SECRET_FILE"
SHORTEST_SECRET = 32
Headers = Sequence[tuple[bytes, bytes]]


def outside_address() -> str:
    """Where OpenID Connect begins; empty where ``[auth]`` of secrets.toml or Authlib is not there."""
    if not (
        secrets_singleton.load_if_toml_exists() and secrets_singleton.get("auth") and is_authlib_installed()
    ):
        return ""
    return f"{OIDC_BEGIN}?provider={encode_provider_token('default')}"


def proxy_secret() -> bytes:
    """What the trusted proxy must say with each request; empty where none is trusted."""
    path = os.environ.get(SECRET_FILE)
    secret = Path(path).read_bytes().strip() if path else b""
    return secret if len(secret) >= SHORTEST_SECRET else b""


def named_by_proxy(headers: Headers, address: str) -> str:
    """Whom a trusted proxy vouches for; empty for nobody. address: what this server listens on, loopback only."""
    secret, said = proxy_secret(), dict(headers)
    if not secret or address not in LOOPBACK:
        return ""
    if not hmac.compare_digest(secret, said.get(SECRET_HEADER, b"")):
        return ""
    return said.get(NAME_HEADER, b"").decode("utf-8", "replace")


def named_by_provider(answer: Headers) -> str:
    """Whom the provider vouches for, out of the answer to its callback; empty for nobody."""
    jar: SimpleCookie = SimpleCookie()
    for key, value in answer:
        if key.lower() == b"set-cookie":
            jar.load(value.decode("latin-1"))

    def one(name: str) -> bytes | None:
        return decode_signed_value(get_cookie_secret(), name, jar[name].value) if name in jar else None

    decoded = get_cookie_with_chunks(one, USER_COOKIE_NAME)
    claims = json.loads(decoded) if decoded else {}
    wanted = os.environ.get(CLAIM)
    return next((name for claim in ([wanted] if wanted else CLAIMS) if (name := _claimed(claims, claim))), "")


def _claimed(claims: Mapping[str, object], claim: str) -> str:
    """What a claim says; an address that the provider has not verified says nothing, as anybody may have typed it."""
    if claim == "email" and claims.get("email_verified") is not True:
        return ""
    return str(claims.get(claim) or "")
